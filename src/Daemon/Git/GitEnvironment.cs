namespace WatchReload.Daemon.Git;

internal static class GitEnvironment
{
    // What git sets for its hooks: it would turn a command about another checkout to the hook's repository.
    private static readonly string[] OfHooks =
    [
        "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_CONFIG", "GIT_DIR", "GIT_GRAFT_FILE", "GIT_IMPLICIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_INTERNAL_SUPER_PREFIX", "GIT_NAMESPACE",
        "GIT_NO_REPLACE_OBJECTS", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_QUARANTINE_PATH", "GIT_REFLOG_ACTION", "GIT_REPLACE_REF_BASE", "GIT_SHALLOW_FILE", "GIT_WORK_TREE",
    ];

    public static void Clean(IDictionary<string, string?> environment)
    {
        foreach (var name in OfHooks)
            environment.Remove(name);
        foreach (var name in environment.Keys.Where(name => name.StartsWith("GIT_TRACE", StringComparison.Ordinal)).ToList())
            environment.Remove(name);
        environment["GIT_OPTIONAL_LOCKS"] = "0";
        environment["GIT_TERMINAL_PROMPT"] = "0";
        environment["GIT_ASKPASS"] = "";
        environment["SSH_ASKPASS"] = "";
        environment["SSH_ASKPASS_REQUIRE"] = "never";
        environment["GCM_INTERACTIVE"] = "never";
        environment["GIT_EDITOR"] = "false";
        environment["GIT_PAGER"] = "cat";
        environment["LC_ALL"] = "C";
        environment["LANGUAGE"] = "C";
    }
}
