using WatchReload.Actors;

namespace WatchReload.Bench.Crowd;

/// <summary>Sets timers of a minute and takes them back, as whoever waits for an answer does.</summary>
public sealed class Timeouts : Behavior<TimeoutState, TimeoutMessage>
{
    private const int AtATime = 100;
    private static readonly TimeSpan Never = TimeSpan.FromMinutes(1);

    /// <summary>Starts one; it goes quiet when the rate is no longer measured.</summary>
    public static void Start(ConnectionBehavior<ControlState, ControlMessage>.Context self) =>
        self.Spawn<Timeouts, TimeoutState, TimeoutMessage>(new TimeoutState()).Send(new TimeoutMessage());

    public override ValueTask<TimeoutState> Receive(TimeoutState s, TimeoutMessage m, Context self)
    {
        for (var i = 0; i < AtATime; i++)
        {
            self.After("answer", Never, m);
            self.Cancel("answer");
        }

        Rate.Count(AtATime);
        if (Rate.IsRunning) self.Self.Send(m);
        return new(s);
    }
}

/// <summary>Nothing is remembered.</summary>
public sealed record TimeoutState;

/// <summary>Once more.</summary>
public sealed record TimeoutMessage;
