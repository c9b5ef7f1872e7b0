namespace WatchReload.Hosting.Kernel;

/// <summary>
/// Hands actors that have work to the thread pool, so that they find their data in the caches, and keep nothing else waiting.
/// </summary>
/// <remarks>
/// Theory of operation. A thread of the pool serves its own queue first, newest first, and the common one when its own is empty. Actors that write to each
/// other fill the own queues for ever; then what is in the common one (a request on the pipe, a timer, the end of somebody's I/O) waits for threads that the pool adds only
/// because nothing moves, once or twice a second. So there are two phases. <b>Own</b>: actors go to the queue of the thread that woke them. After
/// <see cref="OwnPhase"/> of it the phase is <b>common</b>: all go to the common queue, and so does this object, behind what waits there.
/// The own queues empty, and when this object is executed all that waited has begun: the phase is own again.
/// The clock is looked at when many actors were added, and, as there may be few that take long, by a thread of its own (<see cref="NextActor"/>) while actors wake each other.
/// What can never happen: work in the common queue that waits for longer than an own phase and a look, and what was in the queues at its end.
/// </remarks>
/// <param name="queue">To the queue of the calling thread (true), or to the common one.</param>
internal sealed class ReadyActors(TimeProvider time, Action<IThreadPoolWorkItem, bool> queue) : IThreadPoolWorkItem
{
    /// <summary>The clock is asked this seldom by those who add: that costs as much as a tenth of a turn.</summary>
    public const int Between = 64;

    public static readonly TimeSpan OwnPhase = TimeSpan.FromMilliseconds(2);

    [ThreadStatic]
    private static int t_added;

    private long _ownSince = time.GetTimestamp();
    private int _common;

    public ReadyActors(TimeProvider time)
        : this(time, static (work, own) => ThreadPool.UnsafeQueueUserWorkItem(work, own))
    {
    }

    /// <summary>Whether it is the turn of what is no actor.</summary>
    public bool IsCommon => _common != 0;

    public void Add(IThreadPoolWorkItem actor)
    {
        if (Counted() && actor is ActorCell cell && NextActor.TryKeep(cell)) return;
        queue(actor, _common == 0);
    }

    /// <summary>Ends an own phase that has lasted long enough, however few actors were added in it.</summary>
    public void Look()
    {
        if (_common == 0 && time.GetElapsedTime(Volatile.Read(ref _ownSince)) >= OwnPhase) BeginCommon();
    }

    void IThreadPoolWorkItem.Execute()
    {
        Volatile.Write(ref _ownSince, time.GetTimestamp());
        Volatile.Write(ref _common, 0);
    }

    /// <summary>False: the phase is common.</summary>
    private bool Counted()
    {
        if (++t_added % Between == 0) Look();
        return _common == 0;
    }

    private void BeginCommon()
    {
        if (Interlocked.Exchange(ref _common, 1) != 0) return;
        try
        {
            queue(this, false);
        }
        catch
        {
            Volatile.Write(ref _common, 0); // nobody is there to end it
            throw;
        }
    }
}
