using WatchReload.Control;

namespace WatchReload.Daemon.Watching;

/// <summary>What the watcher's one loop is told. Everything that moves it comes through one queue, so that nothing in it needs a lock.</summary>
internal abstract record WatchSignal
{
    internal sealed record Happened(TreeEvent Event) : WatchSignal;

    /// <param name="Generation">Which opening of the watchers it comes from.</param>
    /// <param name="Error">What went wrong.</param>
    internal sealed record Failed(int Generation, Exception Error) : WatchSignal;

    internal sealed record BeatHeard(int Generation) : WatchSignal;

    internal sealed record BeatMissed(int Generation) : WatchSignal;

    internal sealed record BeatDue : WatchSignal;

    /// <summary>Time to compare the stamps of the tree.</summary>
    internal sealed record LookDue : WatchSignal;

    /// <summary>The settle time may have passed.</summary>
    internal sealed record Woke : WatchSignal;

    /// <summary>The consumer wants the next change set.</summary>
    internal sealed record Demanded : WatchSignal;

    /// <summary>All signals before it have been taken.</summary>
    internal sealed record Passing(TaskCompletionSource Reached) : WatchSignal;

    internal sealed record Adopted(BuildInputs Inputs) : WatchSignal;
}
