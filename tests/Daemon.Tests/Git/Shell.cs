using System.Diagnostics;

namespace WatchReload.Daemon.Tests.Git;

/// <summary>Runs real programs. Git sees the configuration of its repository alone.</summary>
internal static class Shell
{
    internal sealed record Result(int ExitCode, string Output, string Error)
    {
        public string All => Output + Error;
    }

    public static async Task<string> Git(string directory, params string[] arguments)
    {
        var result = await Run(directory, "git", arguments);
        Assert.True(result.ExitCode == 0, $"git {string.Join(' ', arguments)}: {result.All}");
        return result.Output.Trim();
    }

    public static Task<Result> Run(string directory, string program, params string[] arguments) => Run(directory, "", new Dictionary<string, string?>(), program, arguments);

    public static async Task<Result> Run(string directory, string input, IReadOnlyDictionary<string, string?> environment, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["LC_ALL"] = "C";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return new Result(process.ExitCode, await output, await error);
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
