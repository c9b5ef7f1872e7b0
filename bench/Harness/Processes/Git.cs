namespace WatchReload.Bench.Processes;

/// <summary>The command-line git, knowing nothing of this machine's user and settings.</summary>
internal static class Git
{
    /// <summary>What it printed, on both outputs.</summary>
    public static Task<string> Run(Workplace workplace, string directory, params string[] arguments) => Run(workplace, directory, null, arguments);

    /// <param name="environment">More of it, for hooks.</param>
    public static async Task<string> Run(Workplace workplace, string directory, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        var start = workplace.Prepare("git", directory, arguments);
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        foreach (var role in (string[])["AUTHOR", "COMMITTER"])
        {
            start.Environment[$"GIT_{role}_NAME"] = "Bench";
            start.Environment[$"GIT_{role}_EMAIL"] = "bench@example.org";
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        await using var git = ChildProcess.Start(start);
        if (await git.Exit() != 0) throw git.Failed("failed");
        return string.Join('\n', git.Lines.Select(l => l.Text));
    }
}
