using System.Runtime.Versioning;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace WatchReload.Control;

/// <summary>
/// A socket of a process for the members of a group: HTTP as on the pipe, but who may ask is decided by the system's word on who the peer is,
/// and nothing is there but what is mapped here. There is no cookie in it: its holder is the process's own user, and has the pipe.
/// </summary>
/// <remarks>
/// Theory of operation. The path belongs to the process that holds <c>PATH.lock</c>. With that lock held: remove the socket that a killed process left, bind, set
/// the mode (0660), listen. The directory keeps out all but the group, the socket's mode keeps it from all else, and on accept the peer is asked for once more.
/// </remarks>
public sealed class GroupServer : IAsyncDisposable
{
    private readonly GroupServerOptions _options;
    private readonly FileLock _path;
    private readonly WebApplication _host;
    private readonly ILogger _log;
    private int _disposed;

    private GroupServer(GroupServerOptions options, FileLock path, WebApplication host, ILogger log) => (_options, _path, _host, _log) = (options, path, host, log);

    /// <summary>Listens, once this returns. Routes find the <see cref="Peer"/> among the features.</summary>
    /// <exception cref="StateException">There is no such group, or the socket's directory is not as it must be.</exception>
    /// <exception cref="PipeException">Another process listens there (<see cref="PipeFailure.NameInUse"/>).</exception>
    public static async Task<GroupServer> Start(GroupServerOptions options, Action<IEndpointRouteBuilder> map, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(map);
        if (!OperatingSystem.IsLinux())
            throw NotHere();
        var group = GroupOf(options.Socket, options.Group);
        GroupDirectory.Ensure(Path.GetDirectoryName(options.Socket)!, group, options.Group);
        var path = Take(options.Socket);
        WebApplication? host = null;
        try
        {
            var log = options.Logging.CreateLogger<GroupServer>();
            host = Host(options, new GroupCheck(group, options.Group, log), log);
            PipePipeline.Use(host, log);
            map(host);
            await host.StartAsync(cancellation);
            ControlLog.ListeningForGroup(log, options.Group, options.Socket);
            return new GroupServer(options, path, host, log);
        }
        catch
        {
            if (host is not null)
                await host.DisposeAsync();
            path.DisposeAndDelete();
            throw;
        }
    }

    /// <summary>Looks whether a process of this user could listen there; makes nothing.</summary>
    /// <exception cref="StateException">Why it could not, and the remedy.</exception>
    public static void Check(string socket, string group)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentNullException.ThrowIfNull(group);
        if (!OperatingSystem.IsLinux())
            throw NotHere();
        GroupDirectory.Look(Path.GetDirectoryName(socket)!, GroupOf(socket, group), group);
    }

    /// <summary>Takes no more requests, waits for those under way as long as the options say, and takes the socket away.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        try
        {
            using var deadline = new CancellationTokenSource(_options.StopTimeout, _options.Time);
            await _host.StopAsync(deadline.Token);
            if (deadline.IsCancellationRequested)
                ControlLog.CutOff(_log, _options.Socket);
            await _host.DisposeAsync();
            if (File.Exists(_options.Socket)) // its directory may have been taken away, to stop hooks at once
                File.Delete(_options.Socket);
        }
        finally
        {
            _path.DisposeAndDelete();
        }
    }

    [SupportedOSPlatform("linux")]
    private static WebApplication Host(GroupServerOptions options, GroupCheck check, ILogger log) => PipeHost.Build(
        new PipeLimits(options.HeaderTimeout, options.IdleTimeout, options.MaxBodyBytes, options.MaxConnections),
        options.Logging,
        web => PipeSocket.Use(web, options.Socket, PipeSocket.OwnerAndGroup, check.Before, log));

    private static StateException NotHere() =>
        new("A socket for another user's hook is there on Linux only: elsewhere the system does not tell a peer's groups.", "Leave hook.group out, and let git run as the service's user.");

    [SupportedOSPlatform("linux")]
    private static uint GroupOf(string socket, string group)
    {
        if (!PipeAddress.IsAddress(socket))
            throw new StateException($"{socket} cannot be the path of a socket ({Encoding.UTF8.GetByteCount(socket)} bytes; the system takes some 100).", "Name an absolute path that is shorter in hook.socket, such as /run/NAME/hook.sock.");
        return Accounts.GroupId(group) ?? throw new StateException($"There is no group {group} on this machine.", $"Make it, and add the git user to it: groupadd {group}; or name another one in hook.group.");
    }

    private static FileLock Take(string socket)
    {
        var file = socket + ".lock";
        if (FileLock.TryAcquire(file) is { } taken)
            return taken;
        var holder = FileLock.Holder(file) is { } process ? $" (pid {process.Pid})" : "";
        throw new PipeException(PipeFailure.NameInUse, $"Another process{holder} already listens at {socket}.", "Each checkout needs a hook.socket of its own, in a directory of its own.");
    }
}
