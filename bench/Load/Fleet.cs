using System.Net;

namespace WatchReload.Bench.Load;

/// <summary>The connections, driven by one thread that calls <see cref="Step"/> again and again.</summary>
/// <remarks>
/// Theory of operation. A step sends what is due, waits for replies until the next thing is due, and takes in those that came. Nothing
/// else runs on this thread, and no other touches the connections: commands are carried out between two steps. A connection is
/// down, greeting (its name is sent), or ready. One that is lost goes down, its open questions count as dropped, and it is connected again:
/// one scout tries every few milliseconds, and when it gets through all others follow at once.
/// </remarks>
internal sealed class Fleet(IPEndPoint endpoint) : IDisposable
{
    private const long LongestWait = 2 * Clock.Millisecond;
    private const long ScoutEvery = 5 * Clock.Millisecond;
    private readonly Epoll _epoll = new();
    private readonly int[] _tags = new int[512];
    private readonly byte[] _line = new byte[64];
    private readonly List<Connection> _connections = [];
    private int _down;
    private long _nextScout;
    private Schedule? _schedule;
    private int _depth;

    public IReadOnlyList<Connection> Connections => _connections;

    public Counts Counts { get; } = new();

    public Samples Samples { get; } = new();

    /// <summary>How late this client itself was to send: part of every latency, and not the service's.</summary>
    public Histogram SendLag { get; private set; } = new();

    public VersionSeek? Seek { get; set; }

    public int Ready => _connections.Count(c => c.IsReady);

    public long Open => _connections.Sum(c => (long)c.Ledger.Open);

    /// <summary>One more connection; greeted some steps later. False: nobody listens.</summary>
    public bool TryAdd(string name)
    {
        var connection = new Connection(_connections.Count, name);
        if (!connection.TryConnect(endpoint, _epoll)) return false;
        _connections.Add(connection);
        return true;
    }

    /// <summary>Open loop: pings at that rate over all connections; 0 ends it.</summary>
    public void Load(double perSecond)
    {
        (_depth, SendLag) = (0, new());
        _schedule = perSecond > 0 ? new Schedule(Clock.Now, perSecond, _connections.Count) : null;
    }

    /// <summary>Closed loop, for throughput alone: every connection keeps that many pings open.</summary>
    public void Pump(int depth)
    {
        (_schedule, _depth) = (null, depth);
        foreach (var connection in _connections.Where(c => c.IsReady)) Refill(connection);
    }

    public void Step()
    {
        var now = Clock.Now;
        while (_schedule is { } schedule && schedule.TryTake(now, out var next, out var due)) Send(_connections[next], due, now);
        Seek?.Ask(_connections, now);
        if (_down > 0 && now >= _nextScout) Reconnect(now);

        now = Clock.Now;
        var until = Math.Min(now + LongestWait, Math.Min(_schedule?.Due ?? long.MaxValue, Seek?.Due ?? long.MaxValue));
        var count = _epoll.Wait(Math.Max(0, until - now), _tags);
        for (var i = 0; i < count; i++)
        {
            var connection = _connections[_tags[i]];
            if (!connection.TryRead(Take)) Lose(connection);
            else if (_depth > 0 && connection.IsReady) Refill(connection);
        }
    }

    public void Dispose()
    {
        foreach (var connection in _connections) connection.Dispose();
        _epoll.Dispose();
    }

    private void Send(Connection connection, long due, long now)
    {
        if (!connection.IsReady)
        {
            Counts.Unsent++;
            return;
        }

        var number = connection.Ledger.NextPing(due);
        Counts.Sent++;
        SendLag.Record(now - due);
        if (!connection.TrySend(_line.AsSpan(0, Line.WritePing(_line, number)))) Lose(connection);
    }

    private void Refill(Connection connection)
    {
        Span<byte> lines = stackalloc byte[2048];
        var length = 0;
        var now = Clock.Now;
        while (connection.Ledger.Open < _depth && length < lines.Length - 32)
        {
            length += Line.WritePing(lines[length..], connection.Ledger.NextPing(now));
            Counts.Sent++;
        }

        if (length > 0 && !connection.TrySend(lines[..length])) Lose(connection);
    }

    private void Take(Connection connection, ReadOnlySpan<byte> line)
    {
        var now = Clock.Now;
        if (!connection.IsReady)
        {
            if (line.StartsWith("hello "u8)) Greeted(connection, now);
            else Counts.Strange++;
        }
        else if (Line.TryReadPong(line, out var number, out var counted))
        {
            if (connection.Ledger.Pong(number, counted, Counts) is { } due) Samples.Add(due, now - due);
        }
        else if (line.StartsWith(Line.Version))
        {
            if (connection.Ledger.Version(Counts) is not null) Seek?.Answered(connection, line[Line.Version.Length..], now);
        }
        else
        {
            Counts.Strange++;
        }
    }

    private void Greeted(Connection connection, long now)
    {
        connection.Greeted();
        if (connection.LostAt > 0) Counts.LongestOutage = Math.Max(Counts.LongestOutage, now - connection.LostAt);
    }

    private void Lose(Connection connection)
    {
        if (!connection.IsConnected) return;
        if (connection.IsReady)
        {
            Counts.ConnectionsLost++;
            connection.LostAt = Clock.Now;
        }

        Counts.Dropped += connection.Ledger.Abandon();
        Seek?.Lost(connection);
        connection.Close();
        _down++;
    }

    private void Reconnect(long now)
    {
        _nextScout = now + ScoutEvery;
        foreach (var connection in _connections.Where(c => !c.IsConnected))
        {
            if (!connection.TryConnect(endpoint, _epoll)) return;
            _down--;
            Counts.Reconnected++;
        }
    }
}
