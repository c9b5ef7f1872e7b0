using WatchReload.Daemon.Cli;

namespace WatchReload.Daemon.Tests.Cli;

/// <summary>The whole command, run in this process.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    public static Task<CommandRun> In(string directory, params string[] args) => In(directory, new StopSignal(TimeProvider.System), args);

    public static async Task<CommandRun> In(string directory, StopSignal stop, params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var context = Context(directory, TextWriter.Synchronized(output), TextWriter.Synchronized(error));
        using (stop)
        {
            var code = await CommandLine.Run(args, context, stop);
            return new CommandRun(code, output.ToString(), error.ToString());
        }
    }

    public static CommandContext Context(string directory, TextWriter output, TextWriter error) => new()
    {
        Directory = directory,
        Output = output,
        Error = error,
        Environment = new Dictionary<string, string>(),
        Time = TimeProvider.System,
        NodeAssembly = typeof(Fixtures.StubNode.StubMarker).Assembly.Location,
    };

    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
