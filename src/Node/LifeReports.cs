using System.Globalization;
using WatchReload.Control;
using WatchReload.Hosting;

namespace WatchReload.Node;

/// <summary>
/// Tells the service manager that the node serves, what it serves, and that it lives. The sign of life is given after a look at the node,
/// from the thread pool that the actors run on: when that starves, there is none, and the watchdog ends the process.
/// </summary>
internal sealed class LifeReports : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _reporting;

    private LifeReports(WatchReloadNode node, ServiceManager manager, TimeProvider time) => _reporting = Report(node, manager, time, _ending.Token);

    public static LifeReports Begin(WatchReloadNode node, ServiceManager manager, TimeProvider time) => new(node, manager, time);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _reporting;
        _ending.Dispose();
    }

    private static async Task Report(WatchReloadNode node, ServiceManager manager, TimeProvider time, CancellationToken cancellation)
    {
        if (!manager.Listens) return;
        var told = Words(node.Status());
        manager.Ready(told);
        // Twice in its time, as sd_watchdog_enabled(3) advises.
        var every = manager.Watchdog is { } watchdog && watchdog / 2 < Longest ? watchdog / 2 : Longest;
        using var timer = new PeriodicTimer(every, time);
        try
        {
            do
            {
                var words = Words(node.Status());
                if (words != told) manager.Status(told = words);
                if (manager.Watchdog is not null) manager.Alive();
            }
            while (await timer.WaitForNextTickAsync(cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private static string Words(NodeStatus status) => string.Create(
        CultureInfo.InvariantCulture,
        $"Version {status.Version} ({status.Release}{(status.Commit is { Length: >= 10 } commit ? $", commit {commit[..10]}" : "")}), connections: {status.Connections}, actors: {status.Actors.Total}{(status.Trial is null ? "" : ", on trial")}");
}
