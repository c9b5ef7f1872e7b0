using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Hosting.Endpoint;

/// <summary>
/// The metrics on a port of the loopback interface, for a scraper of the same machine: <c>GET /metrics</c>, nothing else. Whatever can
/// connect there can read them; none can command.
/// </summary>
internal sealed class MetricsPort : IAsyncDisposable
{
    private const int MostConnections = 16;
    private static readonly TimeSpan HeaderTimeout = TimeSpan.FromSeconds(10);
    private readonly WebApplication _server;

    private MetricsPort(WebApplication server) => _server = server;

    /// <summary>Null when the port cannot be had, which is logged: a node serves without it.</summary>
    public static async Task<MetricsPort?> Start(int port, INode node, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Limits.RequestHeadersTimeout = HeaderTimeout;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        var server = builder.Build();
        server.Run(context => Answer(context, node));
        try
        {
            await server.StartAsync(cancellation);
            return new MetricsPort(server);
        }
        catch (IOException cause)
        {
            EndpointLog.NoMetricsPort(loggers.CreateLogger("WatchReload.Endpoint"), port, cause.Message);
            await server.DisposeAsync();
            return null;
        }
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private static async Task Answer(HttpContext context, INode node)
    {
        if (context.Request.Path != "/metrics" || !(HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await context.WriteText(node.Metrics(), "text/plain; version=0.0.4; charset=utf-8");
    }

    /// <summary>Signals are the node's.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
