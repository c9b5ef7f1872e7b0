using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace WatchReload.Control;

/// <summary>
/// The pipe of a process: HTTP on a Unix domain socket (Windows: a named pipe) that only its own user can reach. Reads are free to
/// that user; what changes anything needs a proof by the cookie. Whoever starts a server maps the routes.
/// </summary>
/// <remarks>
/// Theory of operation. A name in a state directory belongs to the process that holds <c>run/NAME.lock</c>. With that lock held, in
/// this order: remove the socket that a killed process left, bind, set the mode, listen, write the rendezvous file. Clients go by the
/// rendezvous file, so they never see a server that does not listen yet. The way down is the way up in reverse; a kill at any point leaves
/// at most files that the next start removes.
/// </remarks>
public sealed class PipeServer : IAsyncDisposable
{
    private readonly PipeServerOptions _options;
    private readonly FileLock _name;
    private readonly WebApplication _host;
    private readonly ILogger _log;
    private int _disposed;

    private PipeServer(PipeServerOptions options, FileLock name, WebApplication host, ILogger log, string address)
    {
        (_options, _name, _host, _log, Address) = (options, name, host, log, address);
    }

    /// <summary>Absolute path of the socket; on Windows the pipe's name.</summary>
    public string Address { get; }

    /// <summary>Listens, once this returns. Routes are mapped with their version: <c>/v1/status</c>.</summary>
    /// <exception cref="StateException">The state directory, cookie or socket directory cannot be trusted.</exception>
    /// <exception cref="PipeException">Another process listens under that name (<see cref="PipeFailure.NameInUse"/>).</exception>
    public static async Task<PipeServer> Start(PipeServerOptions options, Action<IEndpointRouteBuilder> map, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(map);
        var address = PipeAddress.For(options.State, options.Name);
        var cookie = Cookie.LoadOrCreate(options.State);
        if (!OperatingSystem.IsWindows())
            OwnedPath.EnsureDirectory(Path.GetDirectoryName(address)!);
        var name = TakeName(options);
        WebApplication? host = null;
        try
        {
            var log = options.Logging.CreateLogger<PipeServer>();
            host = PipeHost.Build(new PipeLimits(options.HeaderTimeout, options.IdleTimeout, options.MaxBodyBytes, options.MaxConnections), options.Logging, web => Listen(web, address, log));
            PipePipeline.Use(host, options, cookie, log);
            map(host);
            await host.StartAsync(cancellation);
            RendezvousFile.Write(options.State, options.Name, new Rendezvous(address, ProcessIdentity.Current.Pid, ProcessIdentity.Current.StartTime, options.Instance));
            ControlLog.Listening(log, options.Name, address);
            return new PipeServer(options, name, host, log, address);
        }
        catch
        {
            if (host is not null)
                await host.DisposeAsync();
            name.Dispose();
            throw;
        }
    }

    /// <summary>Takes no more requests, waits for those under way as long as the options say, and takes away what leads here.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        try
        {
            DurableFile.Delete(_options.State.Rendezvous(_options.Name));
            using var deadline = new CancellationTokenSource(_options.StopTimeout, _options.Time);
            await _host.StopAsync(deadline.Token);
            if (deadline.IsCancellationRequested)
                ControlLog.CutOff(_log, _options.Name);
            await _host.DisposeAsync();
            if (!OperatingSystem.IsWindows())
                File.Delete(Address);
        }
        finally
        {
            _name.DisposeAndDelete();
        }
    }

    private static FileLock TakeName(PipeServerOptions options)
    {
        var path = options.State.PipeLock(options.Name);
        if (FileLock.TryAcquire(path) is { } taken)
            return taken;
        var holder = FileLock.Holder(path) is { } process ? $" (pid {process.Pid})" : "";
        throw new PipeException(
            PipeFailure.NameInUse,
            $"Another process{holder} already listens as \"{options.Name}\" in the state directory {options.State.Root}.",
            "Stop it first (watchreload stop), or choose another name or state directory.");
    }

    private static void Listen(IWebHostBuilder web, string address, ILogger log)
    {
        if (OperatingSystem.IsWindows())
            web.UseNamedPipes(pipes => pipes.CurrentUserOnly = true)
                .ConfigureKestrel(kestrel => kestrel.ListenNamedPipe(address, listen => listen.Protocols = HttpProtocols.Http1));
        else
            PipeSocket.Use(web, address, PipeSocket.OwnerAlone, PeerCheck.Before(log), log);
    }
}
