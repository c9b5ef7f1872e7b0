using WatchReload.Daemon.Cli;

namespace WatchReload.Daemon;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        using var stop = StopSignal.OfThisProcess();
        return await CommandLine.Run(args, CommandContext.OfThisProcess(), stop);
    }
}
