using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace WatchReload.Hosting;

/// <summary>A node inside a host of one's own.</summary>
public static class WatchReloadHosting
{
    /// <summary>
    /// Runs a node for the life of the host. The host ends when the node is asked to stop. A node runs one service; a host may have several, each with a name
    /// of its own, which is the key of its <see cref="WatchReloadNode"/> too.
    /// </summary>
    public static IServiceCollection AddWatchReload(this IServiceCollection services, NodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        services.AddKeyedSingleton(options.Name, (provider, _) => new WatchReloadNode(options, provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(provider => provider.GetRequiredKeyedService<WatchReloadNode>(options.Name));
        return services.AddSingleton<IHostedService>(provider =>
            new NodeService(provider.GetRequiredKeyedService<WatchReloadNode>(options.Name), provider.GetRequiredService<IHostApplicationLifetime>()));
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
