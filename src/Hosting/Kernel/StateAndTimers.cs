using System.Diagnostics;

namespace WatchReload.Hosting.Kernel;

/// <summary>An actor's next state, and what its timers bring in the version of that state.</summary>
internal sealed class StateAndTimers
{
    private readonly (TimerEntry Timer, object? Payload)[] _timers; // null: it is stopped

    private StateAndTimers(object? state, (TimerEntry, object?)[] timers) => (State, _timers) = (state, timers);

    /// <summary>Null: it has none yet.</summary>
    public object? State { get; }

    /// <summary>Throws what the mapping throws.</summary>
    public static StateAndTimers Map(Passage passage, object state, ActorTimers timers)
    {
        var next = passage.Map(state);
        var began = Stopwatch.GetTimestamp();
        var payloads = Map(passage.Target, timers);
        passage.Took = (passage.Took ?? TimeSpan.Zero) + Stopwatch.GetElapsedTime(began);
        return new StateAndTimers(next, payloads);
    }

    /// <summary>For a state that there is already. Throws what the mapping throws.</summary>
    public static StateAndTimers Map(CodeVersion target, object? state, ActorTimers timers) => new(state, Map(target, timers));

    /// <summary>The timers bring this from now on.</summary>
    /// <param name="behavior">The actor's in the version.</param>
    /// <param name="timers">The actor's.</param>
    public void Arrive(BehaviorBinding behavior, ActorTimers timers)
    {
        foreach (var (timer, payload) in _timers)
        {
            if (payload is null)
            {
                timers.Abandon(timer, $"version {behavior.Version.Number} is older than {SourceNames.Full(timer.Payload.GetType())}, so the timer '{timer.Key}' is stopped");
                continue;
            }

            timer.Payload = payload;
            behavior.RecordSent(payload); // the plan of the next reload must know of it too
        }
    }

    private static (TimerEntry, object?)[] Map(CodeVersion target, ActorTimers timers) => Array.ConvertAll(timers.All, timer =>
    {
        try
        {
            var type = timer.Payload.GetType();
            if (!target.IsForeign(type)) return (timer, timer.Payload);
            return (timer, target.StopsUnknown && !target.Knows(type) ? null : target.Map(timer.Payload));
        }
        catch (Exception cause)
        {
            throw new InvalidOperationException($"what the timer '{timer.Key}' brings: {cause.Message}", cause);
        }
    });
}
