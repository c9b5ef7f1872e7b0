using WatchReload.Control;
using WatchReload.Daemon.Cli;

namespace WatchReload.Daemon.Resident;

/// <summary>Tells the service manager that started this daemon that it is ready, that it lives, that it ends. The node tells of itself.</summary>
internal sealed class ServiceReports : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly ServiceManager _manager;
    private readonly Task _living;

    private ServiceReports(ServiceManager manager, TimeProvider time)
    {
        _manager = manager;
        _living = Live(time, _ending.Token);
    }

    /// <summary>It is ready.</summary>
    public static ServiceReports Begin(Invocation call, string status)
    {
        var environment = call.Context.Environment;
        var manager = new ServiceManager(environment.GetValueOrDefault("NOTIFY_SOCKET"), environment.GetValueOrDefault("WATCHDOG_USEC"), environment.GetValueOrDefault("WATCHDOG_PID"));
        manager.Ready(status);
        return new ServiceReports(manager, call.Time);
    }

    public async ValueTask DisposeAsync()
    {
        _manager.Stopping("Stopping");
        await _ending.CancelAsync();
        await _living;
        _ending.Dispose();
        _manager.Dispose();
    }

    private async Task Live(TimeProvider time, CancellationToken cancellation)
    {
        if (_manager.Watchdog is not { } watchdog)
            return;
        using var timer = new PeriodicTimer(watchdog / 2, time);
        try
        {
            do
                _manager.Alive();
            while (await timer.WaitForNextTickAsync(cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The daemon ends.
        }
    }
}
