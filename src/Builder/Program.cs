using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using WatchReload.Builder.Endpoint;
using WatchReload.Control;

namespace WatchReload.Builder;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        // Ctrl-C in a terminal goes to the daemon's whole process group; when the builder ends is for the daemon to say.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        if (BuilderArguments.Parse(args, Console.Error) is not { } arguments)
            return 2;
        using var logging = LoggerFactory.Create(builder => builder
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            .AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss.fff "))
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        var log = logging.CreateLogger("WatchReload.Builder");
        try
        {
            var queue = new BuildQueue(new BuildWork(TimeProvider.System, log), TimeProvider.System, log);
            var pipe = await arguments.Listen(new BuilderEndpoint(queue).Map, logging);
            BuilderLog.Started(log, arguments.Place);
            await Console.Out.WriteLineAsync("ready"); // the parent waits for this line
            await Parent.Gone(queue.CancelSoon);
            BuilderLog.Stopping(log);
            Parent.EndIn(TimeSpan.FromSeconds(5));
            await queue.DisposeAsync();
            await pipe.DisposeAsync();
            return 0;
        }
        catch (ControlException e)
        {
            await Console.Error.WriteLineAsync($"{e.Message} {e.Remedy}");
            return 2;
        }
    }
}
