using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace WatchReload.Hosting.Tests;

public sealed class WatchReloadHostingTests
{
    [Fact(Timeout = 60_000)]
    public async Task A_host_runs_several_nodes_and_stops_them_when_it_ends()
    {
        await using NodeHarness one = new(), two = new();
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        foreach (var (name, place) in new[] { ("one", one), ("two", two) })
        {
            var release = place.Releases.Write(new CountingService { Version = name }.Compile());
            builder.Services.AddWatchReload(new NodeOptions { State = place.State, Name = name, Release = release.Manifest.Id, DrainDeadline = NodeHarness.DrainDeadline });
        }

        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);

        foreach (var name in new[] { "one", "two" })
        {
            var status = host.Services.GetRequiredKeyedService<WatchReloadNode>(name).Status();
            await using var client = await LineClient.Connect(IPEndPoint.Parse(Assert.Single(status.Listeners).Endpoint));
            Assert.Equal((name, $"{name} 0"), (status.Node, await client.Ask("count")));
        }

        await host.StopAsync(TestContext.Current.CancellationToken);
        await ((IAsyncDisposable)host).DisposeAsync();
    }
}
