namespace WatchReload.Daemon.Git;

/// <summary>The text of the pre-receive hook: POSIX sh, nothing that dash lacks.</summary>
internal static class GateScript
{
    public const string Name = "pre-receive";

    public static string Text(HookDeployment deployment, HookWay way, HookRequest request) => $$"""
        #!/bin/sh
        {{HookFile.Mark(Name)}} Written by "watchreload hook install"; "watchreload hook uninstall" takes it out again.
        # Git accepts the push only if this ends with 0.

        {{HookScript.Begin(deployment, way, request)}}
        # The hook that was here before decides first, with the same input.
        pushed=$(cat)
        before=${0%/*}/{{HookFile.BeforeName(Name)}}
        if [ -x "$before" ]; then
            printf '%s\n' "$pushed" | "$before" "$@" || exit
        fi

        commit= since=
        while read -r old new ref; do
            [ "$ref" = "$branch" ] || continue
            case $new in
                *[!0]*) commit=$new since=$old ;;
            esac
        done <<PUSHED
        $pushed
        PUSHED
        [ -n "$commit" ] || exit 0

        {{way.Gate}}
        code=$?
        case $code in
            0) exit 0 ;;
            2) why='{{way.NotAsked}}' ;;
            3) why='it does not build.' ;;
            4) why='it is refused, as told above.' ;;
            5) why='it must not be deployed.' ;;
            6) why='{{way.NotThere}} It could not be rehearsed. Start it, then push again.' ;;
            126 | 127) why='watchreload is not where it was. Run "watchreload hook install" again.' ;;
            *) why="watchreload ended with exit code $code. See its log, and \"watchreload status\"." ;;
        esac
        say "the push is REJECTED: $why What runs goes on."
        exit 1

        """.ReplaceLineEndings("\n");
}
