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
        await using var logging = NodeLogging.Create(arguments);
        StrayExceptions.Survive(logging.Factory);
        return await NodeProcess.Run(arguments.Options, logging.Factory);
    }
}
