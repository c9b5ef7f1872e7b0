using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace WatchReload.Tests;

/// <summary>An HTTP server on this machine that tells a rate, and remembers which builds have asked.</summary>
internal sealed class RatesServer : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentDictionary<string, byte> _builds = new();

    private RatesServer(WebApplication server) => _server = server;

    public Uri Address => new(_server.Urls.Single());

    public static async Task<RatesServer> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var rates = new RatesServer(builder.Build());
        rates._server.MapGet("/{currency}", rates.Answer);
        await rates._server.StartAsync();
        return rates;
    }

    public bool WasAskedBy(int build) => _builds.ContainsKey($"{build}");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task Answer(HttpContext asked)
    {
        _builds.TryAdd(asked.Request.Headers["Build"].ToString(), 0);
        asked.Response.ContentType = "application/json";
        return asked.Response.WriteAsync($$"""{ "currency": "{{asked.Request.RouteValues["currency"]}}", "value": 1.5 }""", asked.RequestAborted);
    }
}
