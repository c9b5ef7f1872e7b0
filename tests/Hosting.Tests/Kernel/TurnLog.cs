namespace WatchReload.Hosting.Tests.Kernel;

/// <summary>Which version the code of each turn is of, against the newest of which the commit had returned when the turn started.</summary>
internal sealed class TurnLog
{
    private int _committed;
    private long _turns;
    private int _newest;
    private int _old;

    /// <summary>How many turns have started.</summary>
    public long Turns => Interlocked.Read(ref _turns);

    /// <summary>The newest version that a turn was of.</summary>
    public int Newest => Volatile.Read(ref _newest);

    /// <summary>How many turns have started in code of a version that had been replaced. There must be none: also a late actor goes on in the new code.</summary>
    public int OfOldCode => Volatile.Read(ref _old);

    /// <summary>The commit of that version has returned.</summary>
    public void Committed(int version) => Volatile.Write(ref _committed, version);

    /// <summary>Called first of all in a turn, by code of that version.</summary>
    public void Starts(int version)
    {
        if (version < Volatile.Read(ref _committed)) Interlocked.Increment(ref _old);
        Interlocked.Increment(ref _turns);
        for (var newest = Newest; newest < version; newest = Newest) Interlocked.CompareExchange(ref _newest, version, newest);
    }
}
