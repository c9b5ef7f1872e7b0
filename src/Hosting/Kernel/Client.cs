namespace WatchReload.Hosting.Kernel;

/// <summary>On whose behalf something happens: a connection, and what tells its client from others. Holds nothing of a version, nor an actor.</summary>
/// <remarks>
/// Theory of operation. Who has caused a failure matters only while a version is on trial, and only then it is followed, and while one is prepared, as what is under way at the commit goes on in the trial
/// (<see cref="ActorKernel.FollowsClients"/>): a turn that a client has caused runs <see cref="Enter"/>ed, so that what it sends, asks,
/// pipes and sets timers for carries the client on (<see cref="Envelope.For"/>), over awaits as well, and so do the turns that come of it. At other times a message costs a look at that flag.
/// What was caused for an earlier trial is nobody's in the next (<see cref="ActorKernel.Known"/>): a timer that goes on for ever, or whatever holds an ExecutionContext, would be the doing of one client in each trial to come.
/// </remarks>
/// <param name="connection">The id of the connection's actor.</param>
/// <param name="address">As <see cref="ClientAddress"/> gives it.</param>
/// <param name="session">The number of the latest reload when this was made.</param>
internal sealed class Client(long connection, string address, int session)
{
    private static readonly AsyncLocal<Client?> s_current = new();
    private ExecutionContext? _context;
    private ActorRole? _spawned;
    private Client? _later;

    /// <summary>On whose behalf the calling code runs; null when that is nobody's, or is not known.</summary>
    public static Client? Current => s_current.Value;

    public long Connection => connection;

    public string Address => address;

    public int Session => session;

    /// <summary>Both, for what remembers them for long.</summary>
    public ClientConnection Origin => new(address, connection);

    /// <summary>Of actors that the connection's actor spawns.</summary>
    public ActorRole Spawned => _spawned ??= ActorRole.Spawned with { Client = this };

    /// <summary>The same client, for what it causes from that reload on.</summary>
    public Client In(int later)
    {
        if (later == session) return this;
        return _later is { } made && made.Session == later ? made : _later = new Client(connection, address, later);
    }

    /// <summary>In the otherwise empty context, to which <see cref="CleanContext.Restore"/> leads back.</summary>
    public void Enter()
    {
        // The service's code may have run on this thread outside of a turn: what it has left there is not the turn's, and would be held as long as this.
        CleanContext.Restore();
        if (_context is { } entered)
        {
            ExecutionContext.Restore(entered);
            return;
        }

        s_current.Value = this;
        _context = ExecutionContext.Capture();
    }
}

/// <summary>A client's connection, as it is remembered.</summary>
internal readonly record struct ClientConnection(string Address, long Connection);
