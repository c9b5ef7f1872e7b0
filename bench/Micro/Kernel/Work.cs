using WatchReload.Actors;

namespace WatchReload.Bench.Micro.Kernel;

/// <summary>The messages are made once: what is measured is the node's.</summary>
internal abstract class Work
{
    /// <summary>Handled, and counted down.</summary>
    public sealed class Item(Countdown countdown) : Work
    {
        public Countdown Countdown { get; } = countdown;
    }

    /// <summary>Counted down, and played on to the other while there is some left.</summary>
    public sealed class Ball(Countdown countdown) : Work
    {
        public Countdown Countdown { get; } = countdown;

        public ActorRef<Work> To { get; set; }

        public Ball? Back { get; set; }
    }

    public sealed class Question : Work, IRequest<Work, int>;
}
