using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace WatchReload.Hosting;

/// <summary>A node inside a host of one's own.</summary>
public static class WatchReloadHosting
{
    /// <summary>Runs a node for the life of the host. The host ends when the node is asked to stop.</summary>
    public static IServiceCollection AddWatchReload(this IServiceCollection services, NodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        services.AddSingleton(provider => new WatchReloadNode(options, provider.GetRequiredService<ILoggerFactory>()));
        return services.AddHostedService<NodeService>();
    }

    private sealed class NodeService(WatchReloadNode node, IHostApplicationLifetime lifetime) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            if (await node.Start(cancellationToken) is { } failed) throw new InvalidOperationException(string.Join(Environment.NewLine, failed.Problems));
            _ = node.StopRequested.ContinueWith(
                _ =>
                {
                    if (node.EndedByPolicy) Environment.ExitCode = 1;
                    lifetime.StopApplication();
                },
                TaskScheduler.Default);
        }

        public Task StopAsync(CancellationToken cancellationToken) => node.StopInOrder();
    }
}
