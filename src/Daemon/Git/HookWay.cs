namespace WatchReload.Daemon.Git;

/// <summary>How the scripts of the hooks reach the daemon: as its own user, by the checkout that serves; or as another user, by the socket that it has for a group.</summary>
/// <param name="Setting">What was chosen at the installation.</param>
/// <param name="Deploy">Calls watchreload for a commit that is stored; its exit code is the verdict.</param>
/// <param name="Gate">The same for one that is not accepted yet.</param>
/// <param name="NotAsked">What exit code 2 means.</param>
/// <param name="NotThere">What exit code 6 means.</param>
internal sealed record HookWay(string Setting, string Deploy, string Gate, string NotAsked, string NotThere)
{
    public static HookWay Of(HookDeployment deployment, HookRequest request) => request.Socket is { } socket ? OfAnotherUser(socket) : OfTheOwner(deployment, request);

    private static HookWay OfTheOwner(HookDeployment deployment, HookRequest request)
    {
        // What the daemon's own command line says of places, so that the hook finds the same.
        var options = string.Concat(request.Options.Select(word => " " + HookScript.Quote(word)));
        return new HookWay(
            $"config={HookScript.Quote(Path.GetFullPath(request.Config!))}",
            $"""
            {Enter}
            # Whoever pushes may go away; the deployment goes on.
            trap '' HUP INT
            watchreload {deployment.Verb} --config "$config"{options} --ref "$branch" --commit "$commit" --by "$by" </dev/null 2>&1
            """,
            $$"""
            # Where the objects of this push are until it is accepted.
            repository=$(cd "${GIT_DIR:-.}" && pwd -P)
            objects=${GIT_OBJECT_DIRECTORY:-$repository/objects}
            alternates=${GIT_ALTERNATE_OBJECT_DIRECTORIES:-}
            {{Enter}}
            watchreload hook gate --config "$config"{{options}} --ref "$branch" --commit "$commit" --by "$by" \
                --repository "$repository" --objects "$objects" ${alternates:+--alternates "$alternates"} </dev/null 2>&1
            """,
            "its configuration has errors.",
            "no node runs.");
    }

    private static HookWay OfAnotherUser(string socket) => new(
        $"socket={HookScript.Quote(socket)}",
        """
        # Whoever pushes may go away; the deployment goes on.
        trap '' HUP INT
        watchreload hook push --socket "$socket" --ref "$branch" --commit "$commit" </dev/null 2>&1
        """,
        """
        # Git lets this user alone read what is pushed, so it is handed over: what the branch did not have yet.
        case $since in
            *[!0]*) since=^$since ;;
            *) since= ;;
        esac
        printf '%s\n' "$commit" $since | git pack-objects --revs --stdout --quiet |
            watchreload hook push --rehearse --socket "$socket" --ref "$branch" --commit "$commit" 2>&1
        """,
        "the daemon could not be asked.",
        "no daemon or no node runs.");

    /// <summary>Goes over from the repository that is pushed to to the checkout that serves.</summary>
    private const string Enter = """
        # These point to this repository, and would mislead git in the other one.
        unset GIT_DIR GIT_COMMON_DIR GIT_WORK_TREE GIT_IMPLICIT_WORK_TREE GIT_INDEX_FILE GIT_PREFIX GIT_NAMESPACE GIT_OBJECT_DIRECTORY \
            GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_QUARANTINE_PATH GIT_SHALLOW_FILE GIT_GRAFT_FILE GIT_CONFIG GIT_CONFIG_PARAMETERS \
            GIT_CONFIG_COUNT GIT_PUSH_OPTION_COUNT GIT_REFLOG_ACTION GIT_INTERNAL_SUPER_PREFIX GIT_REPLACE_REF_BASE GIT_NO_REPLACE_OBJECTS
        # From there the names of files are those that whoever pushed knows. Where it cannot be entered, watchreload says why.
        cd "${config%/*}" 2>/dev/null || :
        by=${REMOTE_USER:-$(id -un)}
        by=${GL_USERNAME:-$by}
        by=${GL_USER:-$by}
        """;
}
