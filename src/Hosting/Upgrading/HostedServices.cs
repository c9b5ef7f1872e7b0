using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace WatchReload.Hosting.Upgrading;

/// <summary>Starts and stops a version's hosted services. One that fails is told and left out: the version serves all the same.</summary>
internal static class HostedServices
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>How long one may take past its deadline to see that it was cancelled.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    public static async Task Start(ServiceVersion version, TimeProvider time, ILogger logger)
    {
        version.HostsServices = true;
        foreach (var service in version.Services.GetServices<IHostedService>())
            await Guarded(version, $"start {service.GetType().Name}", service.StartAsync, Deadline, time, logger);
    }

    public static Task Stop(ServiceVersion version, TimeProvider time, ILogger logger) => Stop(version, Deadline, time, logger);

    /// <param name="deadline">What each has at most.</param>
    public static async Task Stop(ServiceVersion version, TimeSpan deadline, TimeProvider time, ILogger logger)
    {
        version.HostsServices = false;
        foreach (var service in version.Services.GetServices<IHostedService>().Reverse())
            await Guarded(version, $"stop {service.GetType().Name}", service.StopAsync, deadline, time, logger);
    }

    private static async Task Guarded(ServiceVersion version, string what, Func<CancellationToken, Task> call, TimeSpan patience, TimeProvider time, ILogger logger)
    {
        using var deadline = new CancellationTokenSource(patience, time);
        try
        {
            // With the flow suppressed: what a service starts must not hold the reload's context.
            Task running;
            using (ExecutionContext.SuppressFlow()) running = Task.Run(() => call(deadline.Token), CancellationToken.None);
            await running.WaitAsync(patience + Grace, time, CancellationToken.None);
        }
        catch (Exception cause)
        {
            UpgradingLog.HostedServiceFailed(logger, cause, version.Number, what);
        }
    }
}
