namespace WatchReload.Hosting.Kernel;

/// <summary>A thread that looks every so often at what others do, from when one of them wants it until nothing has happened for a while.</summary>
/// <remarks>
/// Theory of operation. The thread sleeps until it is wanted. Whoever has something to be looked at makes that visible and then asks whether it looks; the thread says that it no longer
/// does and then asks whether something is left. One of the two sees the other.
/// What can never happen: something left while nobody looks, unless <see cref="TryWant"/> has said so.
/// </remarks>
/// <param name="look">On the thread. False: nothing has happened since the last look.</param>
/// <param name="isLeft">Whether there is something to look at.</param>
/// <param name="start">Has a new thread run it, which does not end.</param>
internal sealed class Lookout(Func<bool> look, Func<bool> isLeft, Action<ThreadStart> start)
{
    /// <summary>The looking goes on for so long after nothing has happened any more: to wake the thread costs something too.</summary>
    private const int EmptyLooks = 16;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(1);
    private readonly object _sleep = new();
    private readonly object _pause = new();
    private int _looking;
    private bool _isWanted;
    private bool _hasThread;

    /// <summary>Asked all the time by those that have something to be looked at; if not, they want it.</summary>
    public bool IsLooking => _looking != 0;

    /// <summary>False: there is no thread and none is to be had, as memory is short. Whoever wants it next tries again.</summary>
    public bool TryWant()
    {
        if (Interlocked.Exchange(ref _looking, 1) != 0) return true;
        try
        {
            if (!_hasThread) start(LookAfter);
            _hasThread = true;
            WakeUp();
            return true;
        }
        catch (Exception)
        {
            Interlocked.Exchange(ref _looking, 0);
            return false;
        }
    }

    private void LookAfter()
    {
        while (true)
        {
            Sleep();
            for (var empty = 0; empty < EmptyLooks; empty = Looks() ? 0 : empty + 1) Pause();

            Interlocked.Exchange(ref _looking, 0);
            if (isLeft() && Interlocked.Exchange(ref _looking, 1) == 0) WakeUp();
        }
    }

    /// <summary>A look that fails, as when memory is short, is made again: the thread is the process's.</summary>
    private bool Looks()
    {
        try
        {
            return look();
        }
        catch (Exception)
        {
            return true;
        }
    }

    private void WakeUp()
    {
        lock (_sleep)
        {
            _isWanted = true;
            Monitor.Pulse(_sleep);
        }
    }

    private void Sleep()
    {
        lock (_sleep)
        {
            while (!_isWanted) Monitor.Wait(_sleep);
            _isWanted = false;
        }
    }

    private void Pause()
    {
        lock (_pause) Monitor.Wait(_pause, Interval);
    }
}
