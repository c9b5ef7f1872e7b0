using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WatchReload.Actors;
using WatchReload.Control;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Tcp;

/// <summary>
/// One listening socket over Kestrel's socket transport. Bound first, so that a port in use is known before the point of no return;
/// listening after the commit.
/// </summary>
internal sealed class TcpListener : IAsyncDisposable
{
    private readonly ActorKernel _kernel;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly ActorRole _role;
    private readonly int _pauseThreshold;
    private readonly ConcurrentDictionary<TcpConnection, byte> _connections = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ByteCount _ofClosed = new();
    private volatile bool _stopped;
    private Socket? _bound;
    private IConnectionListener? _listening;
    private Task _accepting = Task.CompletedTask;

    private TcpListener(ListenerDeclaration declared, Socket bound, ActorKernel kernel, ILoggerFactory loggers)
    {
        Name = declared.Name;
        Declared = declared.Endpoint;
        // A flush that does not complete says that half the limit waits.
        _pauseThreshold = Math.Max(1, declared.OutboundLimit / 2);
        _bound = bound;
        _kernel = kernel;
        _loggers = loggers;
        _logger = loggers.CreateLogger("WatchReload.Hosting.Tcp");
        _role = new ActorRole(ActorKind.Connection, declared.Name);
        Endpoint = bound.LocalEndPoint!;
    }

    public string Name { get; }

    /// <summary>As the service wrote it.</summary>
    public string Declared { get; }

    /// <summary>As bound.</summary>
    public EndPoint Endpoint { get; }

    public int Connections => _connections.Count;

    /// <summary>Since it began to listen, of connections that are closed too.</summary>
    public (long Received, long Sent) Bytes
    {
        get
        {
            lock (_ofClosed)
            {
                var sum = (_ofClosed.Received, _ofClosed.Sent);
                foreach (var (connection, _) in _connections) sum = (sum.Received + connection.BytesReceived, sum.Sent + connection.BytesSent);
                return sum;
            }
        }
    }

    public static TcpListener Bind(ListenerDeclaration declared, ActorKernel kernel, ILoggerFactory loggers, InheritedSockets? inherited = null)
    {
        if (!ListenEndpoint.TryParse(declared.Endpoint, out var endpoint, out var error)) throw new FormatException($"The listener '{declared.Name}': {error}");
        if (inherited?.Take(declared.Name, endpoint) is { } taken) return new TcpListener(declared, taken, kernel, loggers);
        if (endpoint is UnixDomainSocketEndPoint unix) StaleSocket.Remove(unix);
        return new TcpListener(declared, SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint), kernel, loggers);
    }

    /// <exception cref="SocketException">Somebody else listens there by now.</exception>
    public async Task Listen()
    {
        var options = new SocketTransportOptions
        {
            MaxWriteBufferSize = _pauseThreshold,
            CreateBoundListenSocket = _ => Interlocked.Exchange(ref _bound, null) ?? throw new InvalidOperationException("The socket listens already."),
        };
        IConnectionListener listening;
        try
        {
            listening = await new SocketTransportFactory(Options.Create(options), _loggers).BindAsync(Endpoint);
        }
        catch (AddressInUseException cause)
        {
            throw new SocketException((int)SocketError.AddressAlreadyInUse, cause.Message);
        }

        TcpLog.Listening(_logger, Name, Endpoint.ToString()!);
        using (ExecutionContext.SuppressFlow()) _accepting = Task.Run(() => Accept(listening));
        _listening = listening;
    }

    /// <summary>No new connections; those that are there stay.</summary>
    public async ValueTask StopAccepting()
    {
        Interlocked.Exchange(ref _bound, null)?.Dispose();
        if (_listening is { } listening)
        {
            _listening = null;
            await listening.UnbindAsync();
            await _accepting;
            await listening.DisposeAsync();
            TcpLog.Unbound(_logger, Name, Endpoint.ToString()!);
        }

        _stopped = true;
        // One of the two sees what the other has written, this or the last connection's end: that takes a full fence on both sides.
        Interlocked.MemoryBarrier();
        if (_connections.IsEmpty) _drained.TrySetResult();
    }

    /// <summary>Completes when it no longer accepts and its last connection is closed.</summary>
    public Task Drained => _drained.Task;

    /// <summary>Ends the connections that are left without waiting for their peers.</summary>
    public void Abort()
    {
        foreach (var (connection, _) in _connections) connection.Abort();
    }

    /// <summary>Asks the actors of all connections to stop.</summary>
    public void StopConnections(StopReason reason)
    {
        foreach (var (connection, _) in _connections) connection.Actor.RequestStop(reason);
    }

    public ValueTask DisposeAsync() => StopAccepting();

    private async Task Accept(IConnectionListener listening)
    {
        while (true)
        {
            ConnectionContext? transport;
            try
            {
                transport = await listening.AcceptAsync();
            }
            catch (Exception cause) when (cause is SocketException or IOException)
            {
                TcpLog.AcceptFailed(_logger, cause, Name);
                continue;
            }

            if (transport is null) return;
            try
            {
                Accepted(transport);
            }
            catch (Exception cause)
            {
                TcpLog.AcceptFailed(_logger, cause, Name);
                transport.Abort();
                await transport.DisposeAsync();
            }
        }
    }

    private void Accepted(ConnectionContext transport)
    {
        var version = _kernel.Current;
        if (version.AcceptBehavior(Name) is not { } behavior || version is not IListenerSource source || source.Listener(Name) is not var (framing, limit))
            throw new InvalidOperationException($"Version {version.Number} does not declare the listener '{Name}'.");
        var accepted = new AcceptedConnection(Name, transport.RemoteEndPoint ?? Endpoint, transport.LocalEndPoint ?? Endpoint);
        var connection = new TcpConnection(transport, accepted, framing, version, limit, _pauseThreshold, Closed);
        _connections.TryAdd(connection, 0);
        var actor = _kernel.Spawn(behavior, _role, first: null, connection);
        actor.Wake();
    }

    private void Closed(TcpConnection connection)
    {
        lock (_ofClosed)
        {
            if (_connections.TryRemove(connection, out _))
            {
                _ofClosed.Received += connection.BytesReceived;
                _ofClosed.Sent += connection.BytesSent;
            }
        }

        Interlocked.MemoryBarrier();
        if (_stopped && _connections.IsEmpty) _drained.TrySetResult();
    }

    private sealed class ByteCount
    {
        public long Received { get; set; }

        public long Sent { get; set; }
    }
}
