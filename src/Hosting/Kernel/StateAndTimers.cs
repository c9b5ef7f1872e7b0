using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace WatchReload.Hosting.Kernel;

/// <summary>An actor's next state, and what its timers bring in the version of that state.</summary>
internal sealed class StateAndTimers
{
    private readonly (TimerEntry Timer, object? Payload)[] _timers; // null: it is stopped

    private StateAndTimers(object state, (TimerEntry, object?)[] timers) => (State, _timers) = (state, timers);

    public object State { get; }

    /// <summary>The next state; with what the timers bring, when that is to be carried over too. Throws what the mapping throws.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static object Map(Passage passage, object state, ActorTimers? timers, BehaviorBinding next)
    {
        var mapped = passage.Map(state);
        if (timers is null || !timers.NeedMapping(next)) return mapped;
        var began = Stopwatch.GetTimestamp();
        var all = new StateAndTimers(mapped, Payloads(timers, next));
        passage.Took = (passage.Took ?? TimeSpan.Zero) + Stopwatch.GetElapsedTime(began);
        return all;
    }

    /// <summary>The same for a state that has been mapped.</summary>
    public static object Of(object mapped, ActorTimers? timers, BehaviorBinding next) => timers?.NeedMapping(next) is true ? new StateAndTimers(mapped, Payloads(timers, next)) : mapped;

    /// <summary>The timers bring this from now on.</summary>
    /// <param name="behavior">The actor's in the version.</param>
    /// <param name="timers">The actor's.</param>
    public void Arrive(BehaviorBinding behavior, ActorTimers timers)
    {
        foreach (var (timer, payload) in _timers)
        {
            if (payload is null) timers.Abandon(timer, $"{behavior.Name} of version {behavior.Version.Number} receives no {SourceNames.Full(timer.Payload.GetType())}, so the timer '{timer.Key}' is stopped");
            else timer.Payload = payload;
        }
    }

    private static (TimerEntry, object?)[] Payloads(ActorTimers timers, BehaviorBinding next) => Array.ConvertAll(timers.All, timer =>
    {
        try
        {
            return (timer, Mapped(timer.Payload, next));
        }
        catch (Exception cause)
        {
            throw new InvalidOperationException($"what the timer '{timer.Key}' brings: {cause.Message}", cause);
        }
    });

    private static object? Mapped(object payload, BehaviorBinding next)
    {
        var (target, type) = (next.Version, payload.GetType());
        if (target.MayDiffer(type))
        {
            if (target.StopsUnknown && !target.Knows(type)) return null;
            payload = target.Map(payload);
        }

        if (next.Accepts(payload)) return payload;
        return target.StopsUnknown ? null : throw new InvalidOperationException($"{next.Name} receives no {SourceNames.Full(payload.GetType())} any more");
    }
}
