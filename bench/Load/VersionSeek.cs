using System.Text;

namespace WatchReload.Bench.Load;

/// <summary>When the first and when the last connection answers <c>/version</c> with a given text.</summary>
/// <remarks>
/// Theory of operation. Until one connection has answered with the new text they are asked in turn, at a fixed rate: its interval
/// (1 ms as used) is the error of the first time. From then on every connection that has not yet answered with the new text has one
/// question open, or is asked again a millisecond after an old answer; one that was lost is asked when it is connected again. Whoever has
/// answered with the new text is not asked any more.
/// </remarks>
internal sealed class VersionSeek(string version, double perSecond, int connections, long started, long deadline)
{
    private readonly byte[] _wanted = Encoding.UTF8.GetBytes(version);
    private readonly Schedule _schedule = new(started, perSecond, connections);
    private readonly bool[] _confirmed = new bool[connections];
    private readonly bool[] _asked = new bool[connections];
    private long _askAgain;
    private int _missing = connections;

    public long Started => started;

    /// <summary>0 until it has been seen.</summary>
    public long First { get; private set; }

    public long Last { get; private set; }

    /// <summary>When an old text was last answered.</summary>
    public long LastOld { get; private set; }

    public bool IsOver(long now) => _missing == 0 || now > deadline;

    public bool Found => _missing == 0;

    /// <summary>When there is something to ask.</summary>
    public long Due => First == 0 ? _schedule.Due : _askAgain;

    public void Ask(IReadOnlyList<Connection> fleet, long now)
    {
        if (First == 0)
        {
            while (_schedule.TryTake(now, out var next, out var due)) Ask(fleet[next], due);
        }
        else if (now >= _askAgain)
        {
            foreach (var connection in fleet) Ask(connection, now);
            _askAgain = now + Clock.Millisecond;
        }
    }

    public void Answered(Connection connection, ReadOnlySpan<byte> version, long now)
    {
        _asked[connection.Index] = false;
        if (!version.SequenceEqual(_wanted))
        {
            LastOld = now;
            return;
        }

        if (First == 0) First = now;
        if (_confirmed[connection.Index]) return;
        _confirmed[connection.Index] = true;
        _missing--;
        Last = now;
    }

    /// <summary>Its question died with it.</summary>
    public void Lost(Connection connection) => _asked[connection.Index] = false;

    private void Ask(Connection connection, long due)
    {
        if (!connection.IsReady || _asked[connection.Index] || _confirmed[connection.Index]) return;
        _asked[connection.Index] = true;
        connection.Ledger.VersionAsked(due);
        connection.TrySend(Line.VersionQuestion);
    }
}
