namespace WatchReload.Hosting.Upgrading;

/// <summary>The reloads that wait for their turn: of several only the newest is done, of those whose askers have not gone.</summary>
internal sealed class ReloadQueue
{
    private readonly HashSet<long> _waiting = [];
    private long _last;
    private long _begun;

    /// <summary>The caller's place.</summary>
    public long Enter()
    {
        lock (_waiting)
        {
            _waiting.Add(++_last);
            return _last;
        }
    }

    /// <summary>Its turn has come. False: a newer one waits, or was first.</summary>
    public bool Begin(long place)
    {
        lock (_waiting)
        {
            _waiting.Remove(place);
            if (place < _begun || _waiting.Any(other => other > place)) return false;
            _begun = place;
            return true;
        }
    }

    /// <summary>It is wanted no more, and in nobody's way.</summary>
    public void Leave(long place)
    {
        lock (_waiting) _waiting.Remove(place);
    }
}
