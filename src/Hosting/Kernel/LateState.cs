using System.Runtime.ExceptionServices;

namespace WatchReload.Hosting.Kernel;

/// <summary>
/// The next state of an actor that did not change over with the others, with what its timers bring, while it is being made and until the actor takes it. The service's code that makes it may never
/// return; so whoever ends it first, <see cref="Make"/> or <see cref="GiveUp"/>, says what comes of it, and the other nothing.
/// </summary>
internal sealed class LateState
{
    private readonly ActorCell _actor;
    private readonly ActorTimers? _timers; // as long as it is made no turn of the actor runs, which alone changes them
    private BehaviorBinding? _next;
    private object? _state;
    private StateMapper? _mapper;
    private int _ended;
    private object? _made;
    private ExceptionDispatchInfo? _failure;

    /// <param name="actor">Whose state it is.</param>
    /// <param name="state">The one that serves.</param>
    /// <param name="mapper">Of it.</param>
    /// <param name="timers">The actor's.</param>
    /// <param name="next">Its behavior in the version that the state is made for.</param>
    public LateState(ActorCell actor, object state, StateMapper mapper, ActorTimers? timers, BehaviorBinding next)
    {
        (_actor, _state, _mapper, _timers, _next, Target, Since) = (actor, state, mapper, timers, next, next.Version, actor.Kernel.Time.GetUtcNow());
        // While code of the version runs for it the version must not be let go of, whatever takes its place meanwhile.
        Target.ActorJoined();
    }

    public CodeVersion Target { get; }

    public DateTimeOffset Since { get; }

    /// <summary>Runs the service's code. The actor is not touched: its state is only read.</summary>
    public void Make()
    {
        try
        {
            if (Volatile.Read(ref _mapper) is { } mapper && Volatile.Read(ref _state) is { } state && Volatile.Read(ref _next) is { } next) End(StateAndTimers.Of(mapper.Map(state), _timers, next), null);
        }
        catch (Exception cause)
        {
            End(null, cause);
        }
    }

    public void GiveUp(TimeSpan after) => End(null, new GivenUpException(
        $"an Upgrade of its state or of what its timers bring, or a constructor or initializer there, did not end within {after.TotalSeconds:0} s. Let it do no more than compute; it must not wait, lock or do I/O"));

    /// <summary>Nobody can make it.</summary>
    public void Fail(Exception cause) => End(null, cause);

    /// <summary>What was made; throws why nothing was.</summary>
    public object Take()
    {
        _failure?.Throw();
        return _made!;
    }

    private void End(object? made, Exception? failure)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0) return;
        _made = made;
        if (failure is not null) _failure = ExceptionDispatchInfo.Capture(failure);
        // It may stay with a parked actor for long.
        Volatile.Write(ref _mapper, null);
        Volatile.Write(ref _state, null);
        Volatile.Write(ref _next, null);
        Target.ActorLeft();
        _actor.GoOn();
    }

    /// <summary>Its message says it all, unlike that of a time-out that the service's code has met itself.</summary>
    public sealed class GivenUpException(string message) : Exception(message);
}
