using WatchReload.Control;

namespace WatchReload.Node;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (!NodeArguments.TryParse(args, out var arguments, out var error))
        {
            await Console.Error.WriteLineAsync(error);
            return ExitCodes.Usage;
        }

        ProcessSession.Begin(arguments.StandardOutputToError, arguments.Foreground);
        using var manager = ServiceManager.OfThisProcess();
        var options = arguments.Options with { Sockets = InheritedSockets.OfThisProcess() };
        int code;
        await using (var logging = NodeLogging.Create(arguments))
        {
            StrayExceptions.Survive(logging.Factory);
            code = await NodeProcess.Run(options, logging.Factory, manager);
        }

        // A foreground thread of the service must not keep a process that has stopped.
        Environment.Exit(code);
        return code;
    }
}
