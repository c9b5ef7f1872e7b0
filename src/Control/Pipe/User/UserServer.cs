using System.Runtime.Versioning;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace WatchReload.Control;

/// <summary>
/// A socket of a process for one other user: HTTP as on the pipe, but there is no cookie that both could read. Each side asks the system who the other is: this
/// one on accept, <see cref="UserClient"/> when it has connected.
/// </summary>
/// <remarks>The socket's directory belongs to this process's user; any user can enter it and connect, and whoever is not the one is closed at once. Nothing is known of who was there before, so a socket that is there is removed.</remarks>
public sealed class UserServer : IAsyncDisposable
{
    private const UnixFileMode ForAllToEnter = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly UserServerOptions _options;
    private readonly WebApplication _host;
    private readonly ILogger _log;
    private int _disposed;

    private UserServer(UserServerOptions options, WebApplication host, ILogger log) => (_options, _host, _log) = (options, host, log);

    /// <summary>Listens, once this returns.</summary>
    /// <exception cref="StateException">No socket can be made there.</exception>
    public static async Task<UserServer> Start(UserServerOptions options, Action<IEndpointRouteBuilder> map, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(map);
        if (!OperatingSystem.IsLinux())
            throw new StateException("A socket for another user is there on Linux only.", "Leave build.user out.");
        if (!PipeAddress.IsAddress(options.Socket))
            throw new StateException($"{options.Socket} cannot be the path of a socket; the system takes some 100 bytes.", "Name a directory whose path is shorter.");
        MakeDirectory(Path.GetDirectoryName(options.Socket)!);
        var log = options.Logging.CreateLogger<UserServer>();
        var host = Host(options, UserCheck.Before(options.Peer, log), log);
        try
        {
            PipePipeline.Use(host, log);
            map(host);
            await host.StartAsync(cancellation);
            ControlLog.ListeningForUser(log, Accounts.UserName((uint)options.Peer), options.Socket);
            return new UserServer(options, host, log);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes no more requests, waits for those under way as long as the options say, and takes the socket away.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        using var deadline = new CancellationTokenSource(_options.StopTimeout, _options.Time);
        await _host.StopAsync(deadline.Token);
        if (deadline.IsCancellationRequested)
            ControlLog.CutOff(_log, _options.Socket);
        await _host.DisposeAsync();
        File.Delete(_options.Socket);
    }

    [SupportedOSPlatform("linux")]
    private static WebApplication Host(UserServerOptions options, Func<ConnectionDelegate, ConnectionDelegate> check, ILogger log) => PipeHost.Build(
        new PipeLimits(options.HeaderTimeout, options.IdleTimeout, options.MaxBodyBytes, options.MaxConnections),
        options.Logging,
        web => PipeSocket.Use(web, options.Socket, PipeSocket.Anybody, check, log));

    [SupportedOSPlatform("linux")]
    private static void MakeDirectory(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            File.SetUnixFileMode(path, ForAllToEnter); // whatever the umask is
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StateException($"The directory {path} cannot be made: {e.Message}", $"Give the directory above to {Accounts.UserName(Posix.UserId)}.", e);
        }
    }
}
