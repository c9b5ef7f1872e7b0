using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using WatchReload.Actors;
using WatchReload.Control;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Tcp;

/// <summary>The listeners of a node. They belong to no version; a reload adds at its end and removes when its probation has passed.</summary>
internal sealed class ListenerTable(ActorKernel kernel, ILoggerFactory loggers, InheritedSockets inherited) : IAsyncDisposable
{
    private readonly List<TcpListener> _listeners = [];

    /// <summary>Those of endpoints that have moved, or that were given up: they no longer accept, and some of their connections are still there.</summary>
    private readonly List<TcpListener> _moved = [];

    public int Connections
    {
        get
        {
            lock (_listeners) return _listeners.Concat(_moved).Sum(l => l.Connections);
        }
    }

    public IReadOnlyList<ListenerStatus> Status
    {
        get
        {
            lock (_listeners) return [.. _listeners.Select(l => new ListenerStatus(l.Name, l.Endpoint.ToString()!, l.Connections + _moved.Where(m => m.Name == l.Name).Sum(m => m.Connections)))];
        }
    }

    /// <summary>Bytes by listener, of connections that are closed too.</summary>
    public IReadOnlyList<(string Name, long Received, long Sent)> Bytes
    {
        get
        {
            lock (_listeners) return [.. _listeners.Concat(_moved).GroupBy(l => l.Name).Select(g => (g.Key, g.Sum(l => l.Bytes.Received), g.Sum(l => l.Bytes.Sent)))];
        }
    }

    /// <summary>Binds what is declared and not there yet. Nothing listens; all problems together.</summary>
    /// <param name="declared">By the version that is prepared.</param>
    /// <param name="serving">What the version that serves declares: the others that are there go when probation has passed.</param>
    public ListenerChange Prepare(IReadOnlyCollection<ListenerDeclaration> declared, IReadOnlyCollection<ListenerDeclaration> serving)
    {
        var added = new List<TcpListener>();
        var problems = new List<string>();
        var others = 0;
        TcpListener[] there;
        lock (_listeners) there = [.. _listeners];
        foreach (var listener in declared)
        {
            if (there.Any(l => l.Name == listener.Name && l.Declared == listener.Endpoint)) continue;
            try
            {
                added.Add(TcpListener.Bind(listener, kernel, loggers, inherited));
            }
            catch (SocketException cause) when (cause.SocketErrorCode == SocketError.AddressAlreadyInUse && there.FirstOrDefault(l => l.Declared == listener.Endpoint) is { } ours)
            {
                var stays = serving.Any(l => l.Name == ours.Name && l.Endpoint == ours.Declared);
                if (stays) others++;
                problems.Add(stays
                    ? $"The listener '{listener.Name}' cannot have {listener.Endpoint}: the listener '{ours.Name}' of this node has it until a release without it has passed its probation. Keep that name, or configure another endpoint for one release."
                    : $"The listener '{listener.Name}' cannot have {listener.Endpoint}: the listener '{ours.Name}' of this node, which is declared no more, has it until probation has passed. Try again after that, or configure another endpoint.");
            }
            catch (SocketException cause) when (cause.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                problems.Add($"The listener '{listener.Name}' cannot have {listener.Endpoint}: the port is in use. Stop what listens there (ss -ltnp shows it), or configure another endpoint.");
            }
            catch (SocketException cause) when (cause.SocketErrorCode == SocketError.AddressNotAvailable)
            {
                problems.Add($"The listener '{listener.Name}' cannot have {listener.Endpoint}: this machine has no such address. Configure one that it has (ip addr shows them), or 0.0.0.0 for all.");
                others++;
            }
            catch (FormatException cause)
            {
                problems.Add(cause.Message);
                others++;
            }
            catch (Exception cause) when (cause is SocketException or IOException or UnauthorizedAccessException)
            {
                problems.Add($"The listener '{listener.Name}' cannot have {listener.Endpoint}: {cause.Message}.");
                others++;
            }
        }

        return new ListenerChange(this, added, problems, problems.Count > 0 && others == 0);
    }

    /// <summary>Stops listeners that are not declared (any more), and their connections.</summary>
    public async Task StopUndeclared(IReadOnlyCollection<ListenerDeclaration> declared)
    {
        TcpListener[] gone;
        lock (_listeners)
        {
            gone = [.. _listeners.Where(l => !declared.Any(d => d.Name == l.Name && d.Endpoint == l.Declared))];
            foreach (var listener in gone) _listeners.Remove(listener);
            _moved.RemoveAll(l => l.Drained.IsCompleted);
            _moved.AddRange(gone);
        }

        foreach (var listener in gone) await listener.StopAccepting();
        TcpListener[] moved;
        lock (_listeners) moved = [.. _moved];
        // Connections of an endpoint that has moved stay: their listener is declared, elsewhere.
        foreach (var listener in moved)
            if (!declared.Any(d => d.Name == listener.Name)) listener.StopConnections(StopReason.Undeclared);
    }

    public async Task StopAccepting()
    {
        TcpListener[] all;
        lock (_listeners) all = [.. _listeners];
        foreach (var listener in all) await listener.StopAccepting();
    }

    /// <summary>Waits until every connection has been closed. False: some were not by the deadline, and are cut off.</summary>
    public async Task<bool> Drained(TimeSpan deadline)
    {
        TcpListener[] all;
        lock (_listeners) all = [.. _listeners, .. _moved];
        try
        {
            await Task.WhenAll(all.Select(l => l.Drained)).WaitAsync(deadline, kernel.Time);
            return true;
        }
        catch (TimeoutException)
        {
            foreach (var listener in all) listener.Abort();
            return false;
        }
    }

    public async ValueTask DisposeAsync() => await StopAccepting();

    public void Add(TcpListener listener)
    {
        lock (_listeners) _listeners.Add(listener);
    }

    /// <summary>One that no longer accepts. What it has accepted is stopped with what is not declared, and waited for at the end.</summary>
    public void GiveUp(TcpListener listener)
    {
        lock (_listeners)
        {
            _listeners.Remove(listener);
            if (!listener.Drained.IsCompleted) _moved.Add(listener);
        }
    }
}

/// <summary>Listeners that a reload adds: bound, not listening.</summary>
internal sealed class ListenerChange(ListenerTable table, IReadOnlyList<TcpListener> added, IReadOnlyList<string> problems, bool inUse)
{
    public IReadOnlyList<string> Problems => problems;

    /// <summary>All problems are ports in use, by others or by listeners that go.</summary>
    public bool InUse => inUse;

    /// <summary>After the commit. Throws when a bound port was lost all the same; then none of the added ones listens.</summary>
    public async Task Listen()
    {
        foreach (var listener in added)
        {
            await listener.Listen();
            table.Add(listener);
        }
    }

    public async Task Abandon()
    {
        foreach (var listener in added)
        {
            await listener.DisposeAsync();
            table.GiveUp(listener);
        }
    }
}
