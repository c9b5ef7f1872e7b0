namespace WatchReload.Daemon.Resident.Hook;

/// <summary>So many at a time, and no more.</summary>
internal sealed class Places(int most)
{
    private int _taken;

    public int Most => most;

    public bool TryTake()
    {
        if (Interlocked.Increment(ref _taken) <= most)
            return true;
        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _taken);
}
