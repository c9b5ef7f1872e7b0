using System.Text;

namespace WatchReload.Daemon.Git;

/// <summary>The text of the post-receive hook: POSIX sh, nothing that dash lacks.</summary>
internal static class HookScript
{
    public const string Name = "post-receive";

    public static string Text(HookDeployment deployment, HookRequest request) => $$"""
        #!/bin/sh
        {{HookFile.Mark(Name)}} Written by "watchreload hook install"; "watchreload hook uninstall" takes it out again.
        # Git has stored the push before it runs this, and nothing here can undo that.

        {{Begin(deployment, request)}}
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

        {{Enter()}}
        # Whoever pushes may go away; the deployment goes on.
        trap '' HUP INT
        watchreload {{deployment.Verb}} --config "$config"{{Options(request)}} --ref "$branch" --commit "$commit" --by "$by" </dev/null 2>&1
        code=$?

        short=$(printf '%.10s' "$commit")
        goes_on='The service goes on with the code it had.'
        case $code in
            0) why= ;;
            2) why="its configuration has errors. $goes_on" ;;
            3) why="the build failed. $goes_on" ;;
            4) why="the node refused it, or took it back. $goes_on" ;;
            5) why="git refused. $goes_on" ;;
            6) why='no node runs. Start it; the next push or "watchreload pull" deploys.' ;;
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
    public static string Begin(HookDeployment deployment, HookRequest request) => $$"""
        config={{Quote(Path.GetFullPath(request.Config))}}
        branch={{Quote("refs/heads/" + deployment.Branch)}}

        say() { printf 'watchreload: %s\n' "$1"; }
        watchreload() { {{string.Join(' ', request.Command.Select(Quote))}} "$@"; }

        """;

    /// <summary>Goes over from the repository that is pushed to to the checkout that serves.</summary>
    public static string Enter() => $$"""
        # These point to this repository, and would mislead git in the other one.
        unset GIT_DIR GIT_COMMON_DIR GIT_WORK_TREE GIT_IMPLICIT_WORK_TREE GIT_INDEX_FILE GIT_PREFIX GIT_NAMESPACE GIT_OBJECT_DIRECTORY \
            GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_QUARANTINE_PATH GIT_SHALLOW_FILE GIT_GRAFT_FILE GIT_CONFIG GIT_CONFIG_PARAMETERS \
            GIT_CONFIG_COUNT GIT_PUSH_OPTION_COUNT GIT_REFLOG_ACTION GIT_INTERNAL_SUPER_PREFIX GIT_REPLACE_REF_BASE GIT_NO_REPLACE_OBJECTS
        {{Runtime()}}
        # From there the names of files are those that whoever pushed knows. Where it cannot be entered, watchreload says why.
        cd "${config%/*}" 2>/dev/null || :
        by=${REMOTE_USER:-$(id -un)}
        by=${GL_USERNAME:-$by}
        by=${GL_USER:-$by}
        """;

    /// <summary>What the daemon's own command line says of places, so that the hook finds the same.</summary>
    public static string Options(HookRequest request) => string.Concat(request.Options.Select(word => " " + Quote(word)));

    /// <summary>One word for sh, whatever is in it.</summary>
    public static string Quote(string word) => $"'{word.Replace("'", @"'\''")}'";

    private static string Runtime()
    {
        var text = new StringBuilder();
        if (HookCommand.DotnetRoot() is { } root)
            text.Append("DOTNET_ROOT=${DOTNET_ROOT:-").Append(Quote(root)).Append("}\nexport DOTNET_ROOT\n");
        return text.ToString();
    }
}
