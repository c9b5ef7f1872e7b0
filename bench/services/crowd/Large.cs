using WatchReload.Actors;

namespace WatchReload.Bench.Crowd;

/// <summary>One with a state that is too large to be carried over while all wait, and that never rests for long.</summary>
public sealed class Large : Behavior<LargeState, LargeMessage>
{
    private const int BytesOfItem = 96;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    /// <summary>A state of about that size.</summary>
    public static LargeState Of(int megabytes) => new([.. Enumerable.Range(0, megabytes * (1_000_000 / BytesOfItem)).Select(i => new LargeItem(i, i, $"item {i:D6}"))], 0);

    public override ValueTask<LargeState> Started(LargeState s, StartReason why, Context self)
    {
        self.Every("tick", Period, new LargeMessage.Tick());
        return new(s);
    }

    public override ValueTask<LargeState> Receive(LargeState s, LargeMessage m, Context self) => new(s with { Ticks = s.Ticks + 1 });
}

/// <param name="Items">Most of it.</param>
/// <param name="Ticks">How many there were.</param>
public sealed record LargeState(List<LargeItem> Items, long Ticks);

/// <summary>With its text and its place in the list 96 bytes.</summary>
public sealed record LargeItem(long Number, double Value, string Text);

/// <summary>What <see cref="Large"/> is sent.</summary>
public abstract record LargeMessage
{
    private LargeMessage()
    {
    }

    /// <summary>Twenty times a second.</summary>
    public sealed record Tick : LargeMessage;
}
