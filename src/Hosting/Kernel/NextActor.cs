using System.Collections.Concurrent;

namespace WatchReload.Hosting.Kernel;

/// <summary>The actor that a turn has woken, kept by the thread of that turn, which runs it next.</summary>
/// <remarks>
/// Theory of operation. To hand an actor to the pool wakes another thread, which takes it away: for a message and its answer that costs more than both turns, and two processors do
/// the work of one. So each thread of the pool keeps one actor while it runs another, and goes on with it when that one has no more to do; after some turns more of it the
/// pool has the other, and so it has what is woken beside it: then other threads have something to do. The thread alone puts an actor in its place, anybody may take it out.
/// A turn may go on for long, or block its thread until the very actor that it has woken has done something. So while there are such actors a thread of its own (<see cref="Lookout"/>)
/// looks at all places, and hands over to the pool what it finds twice. It also sees to it that others have their turn when actors that follow each other take long: <see cref="ReadyActors.Look"/>.
/// What can never happen: an actor that stays in a place for longer than two looks.
/// </remarks>
internal sealed class NextActor
{
    /// <summary>So many actors follow each other on a thread before the pool has it back.</summary>
    public const int InARow = 32;

    private static readonly ConcurrentDictionary<int, NextActor> s_places = new();
    private static readonly Lookout s_lookout = new(LookAtAll, Any, static look => new Thread(look) { IsBackground = true, Name = "actors that wait for a turn" }.UnsafeStart());

    [ThreadStatic]
    private static NextActor? t_mine;

    private readonly bool _isOfPool = Thread.CurrentThread.IsThreadPoolThread;
    private ActorCell? _actor;
    private bool _isOpen;
    private int _kept;

    /// <summary>Of the actors that follow each other here at the moment.</summary>
    private ReadyActors? _ready;

    /// <summary>At the last look. Not which actor it was: nothing here may hold one.</summary>
    private (bool IsTaken, int Kept) _seen;

    // Threads come and go; their numbers are used again.
    private static NextActor Mine => t_mine ??= s_places[Environment.CurrentManagedThreadId] = new NextActor();

    /// <summary>Whether this thread is the pool's, and runs actors: not somebody's who has other things to do.</summary>
    public static bool IsLent => t_mine is { _isOpen: true };

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
        mine._ready = actor.Kernel.Ready;
        try
        {
            actor.RunOnce();
            for (var left = InARow; mine.Take() is { } next; left--)
            {
                if (left > 0 && !next.Kernel.Ready.IsCommon)
                {
                    CleanContext.Restore(); // as the pool does between its items
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
            mine._ready = null;
        }
    }

    /// <summary>Whether this thread runs it when its turn is over; else it is for the pool.</summary>
    public static bool TryKeep(ActorCell actor)
    {
        if (t_mine is not { _isOpen: true, _actor: null } mine) return false;
        mine._kept++;
        Interlocked.Exchange(ref mine._actor, actor);
        if (!s_lookout.IsLooking && !s_lookout.TryWant()) HandOverAll();
        return true;
    }

    /// <summary>What this thread keeps goes to the pool: the actor that woke it has more to do.</summary>
    public static void HandOver()
    {
        if (t_mine?.Take() is { } actor) ThreadPool.UnsafeQueueUserWorkItem(actor, preferLocal: true);
    }

    private ActorCell? Take() => _actor is null ? null : Interlocked.Exchange(ref _actor, null);

    /// <summary>Nobody looks: what is kept, and by others too who have taken it that somebody does, goes to the pool.</summary>
    private static void HandOverAll()
    {
        foreach (var (_, place) in s_places)
        {
            if (place.Take() is { } actor) ThreadPool.UnsafeQueueUserWorkItem(actor, preferLocal: false);
        }
    }

    /// <summary>False: nothing was kept since the last look.</summary>
    private static bool LookAtAll()
    {
        var any = false;
        foreach (var (_, place) in s_places) any |= place.LookAtIt();
        return any;
    }

    private static bool Any()
    {
        foreach (var (_, place) in s_places)
        {
            if (Volatile.Read(ref place._actor) is not null) return true;
        }

        return false;
    }

    private bool LookAtIt()
    {
        Volatile.Read(ref _ready)?.Look();
        var (actor, kept) = (Volatile.Read(ref _actor), Volatile.Read(ref _kept));
        var isSame = _seen.Kept == kept;
        if (actor is not null && isSame && _seen.IsTaken && Interlocked.CompareExchange(ref _actor, null, actor) == actor)
            ThreadPool.UnsafeQueueUserWorkItem(actor, preferLocal: false);
        _seen = (actor is not null, kept);
        return actor is not null || !isSame;
    }
}
