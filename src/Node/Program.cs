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

        ProcessSession.Begin(arguments.StandardOutputToError);
        int code;
        await using (var logging = NodeLogging.Create(arguments))
        {
            StrayExceptions.Survive(logging.Factory);
            code = await NodeProcess.Run(arguments.Options, logging.Factory);
        }

        // A foreground thread of the service must not keep a process that has stopped.
        Environment.Exit(code);
        return code;
    }
}
