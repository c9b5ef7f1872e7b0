using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace WatchReload.Control;

/// <summary>What a peer may keep of a server.</summary>
internal sealed record PipeLimits(TimeSpan HeaderTimeout, TimeSpan IdleTimeout, int MaxBodyBytes, int MaxConnections);

/// <summary>The HTTP server behind a socket of ours, with nothing of its own around it.</summary>
internal static class PipeHost
{
    /// <param name="limits">For each connection, and for all.</param>
    /// <param name="logging">Of the process.</param>
    /// <param name="listen">Where it listens, and to whom.</param>
    public static WebApplication Build(PipeLimits limits, ILoggerFactory logging, Action<IWebHostBuilder> listen)
    {
        // Empty: no configuration from the environment, no content root of the session, nothing that listens to signals.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>().AddRoutingCore();
        builder.Logging.AddProvider(new ForwardingLoggers(logging)).AddFilter("Microsoft", LogLevel.Warning); // not a line a request
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.RequestHeadersTimeout = limits.HeaderTimeout;
            kestrel.Limits.KeepAliveTimeout = limits.IdleTimeout;
            kestrel.Limits.MaxRequestBodySize = limits.MaxBodyBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = 8 * 1024;
            kestrel.Limits.MaxRequestHeaderCount = 32;
            kestrel.Limits.MaxConcurrentConnections = limits.MaxConnections;
        });
        listen(builder.WebHost);
        return builder.Build();
    }

    /// <summary>The loggers of the process, which are not this host's to dispose.</summary>
    private sealed class ForwardingLoggers(ILoggerFactory factory) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => factory.CreateLogger(categoryName);

        public void Dispose()
        {
        }
    }

    /// <summary>The process has its own lifetime; this host neither listens to signals nor prints.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
