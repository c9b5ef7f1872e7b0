using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace WatchReload.Hosting.Kernel;

/// <summary>A thread that does not end: when it is done with one work it waits for other.</summary>
/// <remarks>What hangs in code of a service comes back when another version serves, statics of which a thread that ended would take with it (docs/adr/0029).</remarks>
internal sealed class KeptThread
{
    private static readonly ConcurrentStack<KeptThread> s_idle = new();

    private readonly object _given = new();
    private readonly Thread _thread;
    private Action? _work;

    private KeptThread()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "reload" };
        // In the empty ExecutionContext, as all turns are.
        _thread.UnsafeStart();
    }

    /// <summary>Begins the work on one that waits, or on another. It must throw nothing.</summary>
    public static void Start(Action work)
    {
        if (!s_idle.TryPop(out var thread)) thread = new KeptThread();
        thread.Take(work);
    }

    private void Take(Action work)
    {
        lock (_given)
        {
            _work = work;
            Monitor.Pulse(_given);
        }
    }

    private void Run()
    {
        while (true)
        {
            Wait();
            Work();
            // As it was: what has run may be anybody's code. The interrupt first, before anything may wait.
            TakeInterrupt();
            CleanContext.Restore();
            (_thread.Priority, _thread.IsBackground) = (ThreadPriority.Normal, true);
            GiveBack();
        }
    }

    private void Wait()
    {
        while (true)
        {
            try
            {
                lock (_given)
                {
                    while (_work is null) Monitor.Wait(_given);
                    return;
                }
            }
            catch (ThreadInterruptedException)
            {
                // By somebody for whom it has worked, and who does not know that this is over.
            }
        }
    }

    /// <summary>Else the next work would have it.</summary>
    private void TakeInterrupt()
    {
        try
        {
            lock (_given) Monitor.Wait(_given, 0);
        }
        catch (ThreadInterruptedException)
        {
            // It is over.
        }
    }

    private void GiveBack()
    {
        while (true)
        {
            try
            {
                s_idle.Push(this);
                return;
            }
            catch (ThreadInterruptedException)
            {
                // Late as well: it waits for another that pushes at this moment.
            }
        }
    }

    // In a frame of its own, with which goes what it refers to: a thread that waits keeps no version in memory.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Work() => Interlocked.Exchange(ref _work, null)!();
}
