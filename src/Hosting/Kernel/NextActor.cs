using System.Collections.Concurrent;

namespace WatchReload.Hosting.Kernel;

/// <summary>The actor that a turn has woken, kept by the thread of that turn, which runs it next.</summary>
/// <remarks>
/// Theory of operation. To hand an actor to the pool wakes another thread, which takes it away: for a message and its answer that costs more than both turns, and two processors do
/// the work of one. So each thread of the pool keeps one actor while it runs another, and goes on with it when that turn is over; what is woken beside it goes to the pool, and other
/// threads have something to do. The thread alone puts an actor in its place, anybody may take it out.
/// A turn may go on for long, or block its thread until the very actor that it has woken has done something. So while there are such actors a thread looks at all places every
/// <see cref="Look"/>, and hands over to the pool what it finds twice.
/// What can never happen: an actor that stays in a place for longer than two looks.
/// </remarks>
internal sealed class NextActor
{
    /// <summary>So many actors follow each other on a thread before the pool has it back.</summary>
    private const int InARow = 32;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(1);
    private static readonly ConcurrentDictionary<int, NextActor> s_places = new();
    private static readonly AutoResetEvent s_wanted = new(false);
    private static readonly ManualResetEvent s_never = new(false);
    private static int s_looking;

    [ThreadStatic]
    private static NextActor? t_mine;

    private readonly bool _isOfPool = Thread.CurrentThread.IsThreadPoolThread;
    private ActorCell? _actor;
    private bool _isOpen;
    private int _kept;
    private (ActorCell? Actor, int Kept) _seen;

    static NextActor() => new Thread(LookAfter) { IsBackground = true, Name = "actors that wait for a turn" }.UnsafeStart();

    // Threads come and go; their numbers are used again.
    private static NextActor Mine => t_mine ??= s_places[Environment.CurrentManagedThreadId] = new NextActor();

    /// <summary>Runs an actor on this thread, and then what its turns wake, and so on for a while.</summary>
    public static void RunOn(ActorCell actor)
    {
        var mine = Mine;
        // Other threads are somebody's: of the service, of a timer.
        if (!mine._isOfPool || mine._isOpen)
        {
            actor.RunOnce();
            return;
        }

        mine._isOpen = true;
        try
        {
            actor.RunOnce();
            for (var left = InARow; mine.Take() is { } next; left--)
            {
                if (left > 0 && !next.Kernel.Ready.IsCommon)
                {
                    next.RunOnce();
                    continue;
                }

                ThreadPool.UnsafeQueueUserWorkItem(next, preferLocal: false);
                return;
            }
        }
        finally
        {
            mine._isOpen = false;
        }
    }

    /// <summary>Whether this thread runs it when its turn is over; else it is for the pool.</summary>
    public static bool TryKeep(ActorCell actor)
    {
        if (t_mine is not { _isOpen: true, _actor: null } mine) return false;
        mine._kept++;
        Interlocked.Exchange(ref mine._actor, actor);
        if (s_looking == 0 && Interlocked.Exchange(ref s_looking, 1) == 0) s_wanted.Set();
        return true;
    }

    private ActorCell? Take() => _actor is null ? null : Interlocked.Exchange(ref _actor, null);

    private static void LookAfter()
    {
        while (true)
        {
            s_wanted.WaitOne();
            while (Any())
            {
                s_never.WaitOne(Look);
                foreach (var place in s_places.Values) place.LookAtIt();
            }

            // Whoever has kept one and not asked for this thread, as it was looking still, did so before that is read.
            Interlocked.Exchange(ref s_looking, 0);
            if (Any() && Interlocked.Exchange(ref s_looking, 1) == 0) s_wanted.Set();
        }
    }

    private static bool Any()
    {
        foreach (var place in s_places.Values)
        {
            if (Volatile.Read(ref place._actor) is not null || place._kept != place._seen.Kept) return true;
        }

        return false;
    }

    private void LookAtIt()
    {
        var (actor, kept) = (Volatile.Read(ref _actor), Volatile.Read(ref _kept));
        if (actor is not null && ReferenceEquals(actor, _seen.Actor) && kept == _seen.Kept && Interlocked.CompareExchange(ref _actor, null, actor) == actor)
            ThreadPool.UnsafeQueueUserWorkItem(actor, preferLocal: false);
        _seen = (actor, kept);
    }
}
