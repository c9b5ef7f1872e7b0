using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace WatchReload.Hosting.Upgrading;

/// <summary>Starts and stops a version's hosted services. One that fails is told and left out: the version serves all the same.</summary>
internal static class HostedServices
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static async Task Start(ServiceVersion version, TimeProvider time, ILogger logger)
    {
        version.HostsServices = true;
        foreach (var service in version.Services.GetServices<IHostedService>())
            await Guarded(version, $"start {service.GetType().Name}", service.StartAsync, time, logger);
    }

    public static async Task Stop(ServiceVersion version, TimeProvider time, ILogger logger)
    {
        version.HostsServices = false;
        foreach (var service in version.Services.GetServices<IHostedService>().Reverse())
            await Guarded(version, $"stop {service.GetType().Name}", service.StopAsync, time, logger);
    }

    private static async Task Guarded(ServiceVersion version, string what, Func<CancellationToken, Task> call, TimeProvider time, ILogger logger)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        try
        {
            // With the flow suppressed: what a service starts must not hold the reload's context.
            Task running;
            using (ExecutionContext.SuppressFlow()) running = Task.Run(() => call(deadline.Token), CancellationToken.None);
            await running.WaitAsync(Deadline + Deadline, time, CancellationToken.None);
        }
        catch (Exception cause)
        {
            UpgradingLog.HostedServiceFailed(logger, cause, version.Number, what);
        }
    }
}
