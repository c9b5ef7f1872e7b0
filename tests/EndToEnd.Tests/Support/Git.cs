using System.Diagnostics;

namespace WatchReload.EndToEnd.Tests.Support;

/// <summary>The command-line git, knowing nothing of this machine's user and settings.</summary>
internal static class Git
{
    public static IReadOnlyDictionary<string, string?> Environment { get; } = new Dictionary<string, string?>
    {
        ["GIT_CONFIG_GLOBAL"] = OperatingSystem.IsWindows() ? "NUL" : "/dev/null",
        ["GIT_CONFIG_NOSYSTEM"] = "1",
        ["GIT_AUTHOR_NAME"] = "Ada",
        ["GIT_AUTHOR_EMAIL"] = "ada@example.org",
        ["GIT_COMMITTER_NAME"] = "Ada",
        ["GIT_COMMITTER_EMAIL"] = "ada@example.org",
        ["DOTNET_TC_CallCounting"] = "0", // of the commands, hooks' too: they live for seconds, in which to compile methods once more, for speed, only takes processors from the tests
    };

    /// <summary>What it prints. A failure fails the test, with what it says.</summary>
    public static async Task<string> Run(string directory, params string[] arguments)
    {
        var (exitCode, output) = await Try(directory, arguments);
        return exitCode == 0 ? output.Trim() : throw new InvalidOperationException($"git {string.Join(' ', arguments)} gave {exitCode}: {output}");
    }

    /// <summary>Both its outputs, together.</summary>
    public static Task<(int ExitCode, string Output)> Try(string directory, params string[] arguments) => Try(directory, "git", arguments);

    /// <summary>The same of a program that calls git, or is something else.</summary>
    public static async Task<(int ExitCode, string Output)> Try(string directory, string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        using var git = Process.Start(start)!;
        try
        {
            var texts = Task.WhenAll(git.StandardOutput.ReadToEndAsync(), git.StandardError.ReadToEndAsync());
            await Deadline.Within(git.WaitForExitAsync, () => $"{program} {string.Join(' ', arguments)}");
            return (git.ExitCode, string.Concat(await texts));
        }
        catch
        {
            git.Kill(entireProcessTree: true);
            throw;
        }
    }
}
