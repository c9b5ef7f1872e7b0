using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using WatchReload.Bench.Kestrel;

// The chat's lines on Kestrel and nothing else. LISTEN_FD is a listening socket that was opened by whoever started this process.
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.ConfigureKestrel(kestrel =>
{
    if (Environment.GetEnvironmentVariable("LISTEN_FD") is { } descriptor)
        kestrel.ListenHandle(ulong.Parse(descriptor, CultureInfo.InvariantCulture), listen => listen.UseConnectionHandler<ChatHandler>());
    else
        kestrel.Listen(IPEndPoint.Parse(Environment.GetEnvironmentVariable("Chat__Endpoint") ?? "127.0.0.1:7000"), listen => listen.UseConnectionHandler<ChatHandler>());
});
await builder.Build().RunAsync();
