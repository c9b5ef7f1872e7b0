namespace WatchReload.Daemon.Git;

/// <summary>The text of the post-receive hook: POSIX sh, nothing that dash lacks.</summary>
internal static class HookScript
{
    public const string Name = "post-receive";

    public static string Text(HookDeployment deployment, HookWay way, HookRequest request) => $$"""
        #!/bin/sh
        {{HookFile.Mark(Name)}} Written by "watchreload hook install"; "watchreload hook uninstall" takes it out again.
        # Git has stored the push before it runs this, and nothing here can undo that.

        {{Begin(deployment, way, request)}}
        # The hook that was here before goes first, with the same input.
        status=0
        pushed=$(cat)
        before=${0%/*}/{{HookFile.BeforeName(Name)}}
        if [ -x "$before" ]; then
            printf '%s\n' "$pushed" | "$before" "$@" || status=$?
        fi

        commit=
        while read -r old new ref; do
            [ "$ref" = "$branch" ] || continue
            case $new in
                *[!0]*) commit=$new ;;
                *) say "$branch was deleted: nothing is deployed, what runs goes on" ;;
            esac
        done <<PUSHED
        $pushed
        PUSHED
        [ -n "$commit" ] || exit "$status"

        {{way.Deploy}}
        code=$?

        short=$(printf '%.10s' "$commit")
        goes_on='The service goes on with the code it had.'
        case $code in
            0) why= ;;
            2) why="{{way.NotAsked}} $goes_on" ;;
            3) why="the build failed. $goes_on" ;;
            4) why="the node refused it, or took it back. $goes_on" ;;
            5) why="git refused. $goes_on" ;;
            6) why='{{way.NotThere}} Start it; the next push or "watchreload pull" deploys.' ;;
            126 | 127) why='watchreload is not where it was. Run "watchreload hook install" again.' ;;
            *) why="watchreload ended with exit code $code. See its log, and \"watchreload status\"." ;;
        esac
        if [ "$code" -ne 0 ]; then
            say "the push is stored, but the deployment of $short FAILED: $why"
            [ "$status" -ne 0 ] || status=$code
        fi
        exit "$status"

        """.ReplaceLineEndings("\n");

    /// <summary>What both hooks begin with: what was chosen at the installation, and how to speak and to call.</summary>
    public static string Begin(HookDeployment deployment, HookWay way, HookRequest request) => $$"""
        {{way.Setting}}
        branch={{Quote("refs/heads/" + deployment.Branch)}}

        say() { printf 'watchreload: %s\n' "$1"; }
        watchreload() { {{string.Join(' ', request.Command.Select(Quote))}} "$@"; }
        {{Runtime()}}
        """;

    /// <summary>One word for sh, whatever is in it.</summary>
    public static string Quote(string word) => $"'{word.Replace("'", @"'\''")}'";

    private static string Runtime() => HookCommand.DotnetRoot() is { } root ? $"DOTNET_ROOT=${{DOTNET_ROOT:-{Quote(root)}}}\nexport DOTNET_ROOT\n" : "";
}
