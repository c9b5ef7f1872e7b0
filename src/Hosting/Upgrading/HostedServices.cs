using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace WatchReload.Hosting.Upgrading;

/// <summary>Starts and stops a version's hosted services. One that fails is told and left out: the version serves all the same.</summary>
internal static class HostedServices
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>How much longer than the deadline is waited, so that those who are cancelled can end.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    public static async Task Start(ServiceVersion version, TimeProvider time, ILogger logger)
    {
        version.HostsServices = true;
        foreach (var service in version.Services.GetServices<IHostedService>())
        {
            using var deadline = new CancellationTokenSource(Deadline, time);
            await Guarded(version, $"start {service.GetType().Name}", service.StartAsync, Deadline + Grace, time, logger, deadline.Token);
        }
    }

    public static Task Stop(ServiceVersion version, TimeProvider time, ILogger logger) => Stop(version, Deadline, time, logger);

    /// <param name="within">What all have together. One that ignores its end leaves nothing to those that come after it; they are told so.</param>
    public static async Task Stop(ServiceVersion version, TimeSpan within, TimeProvider time, ILogger logger)
    {
        version.HostsServices = false;
        var began = time.GetTimestamp();
        using var deadline = new CancellationTokenSource(within, time);
        foreach (var service in version.Services.GetServices<IHostedService>().Reverse())
        {
            var left = within + Grace - time.GetElapsedTime(began);
            await Guarded(version, $"stop {service.GetType().Name}", service.StopAsync, left > TimeSpan.Zero ? left : TimeSpan.Zero, time, logger, deadline.Token);
            version.Hosted.AddLoopOf(service, time.GetUtcNow());
        }
    }

    private static async Task Guarded(
        ServiceVersion version, string what, Func<CancellationToken, Task> call, TimeSpan patience, TimeProvider time, ILogger logger, CancellationToken deadline)
    {
        Task? running = null;
        var since = time.GetUtcNow();
        try
        {
            // With the flow suppressed: what a service starts must not hold the reload's context.
            using (ExecutionContext.SuppressFlow()) running = Task.Run(() => call(deadline), CancellationToken.None);
            await running.WaitAsync(patience, time, CancellationToken.None);
        }
        catch (Exception cause)
        {
            UpgradingLog.HostedServiceFailed(logger, cause, version.Number, what);
            if (running is { IsCompleted: false }) version.Hosted.Add(running, what, since);
        }
    }
}
