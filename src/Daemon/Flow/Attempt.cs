using WatchReload.Daemon.Events;

namespace WatchReload.Daemon.Flow;

internal enum AttemptKind
{
    /// <summary>Brings what the tree says: a change, reload, pull.</summary>
    Deploy,

    /// <summary>Brings an older release.</summary>
    Rollback,

    /// <summary>Changes nothing: neither overtakes another nor is overtaken.</summary>
    Rehearsal,

    /// <summary>A new process: what waits before and after it is done before and after it.</summary>
    Restart,
}

/// <summary>One piece of work for the queue.</summary>
/// <param name="Kind">Decides what it overtakes.</param>
/// <param name="Order">What is wanted.</param>
/// <param name="Work">Does it, telling events on the way; the verdict is its result, and the last event.</param>
internal sealed record Attempt(AttemptKind Kind, Order Order, Func<IEventSink, CancellationToken, Task<DaemonEvent>> Work)
{
    /// <summary>Has that it will not be done, before the one that is done instead begins.</summary>
    public Func<ReloadSuperseded, Task> WhenSuperseded { get; init; } = static _ => Task.CompletedTask;

    /// <summary>Whether an older one that still waits need not be done when this one is.</summary>
    public bool Overtakes(Attempt older) =>
        Kind is AttemptKind.Deploy or AttemptKind.Rollback && older.Kind is AttemptKind.Deploy or AttemptKind.Rollback
        && (Order.Nodes.Count == 0 || (older.Order.Nodes.Count > 0 && older.Order.Nodes.All(Order.Nodes.Contains)));

    /// <summary>Whether the result of this one answers what the older one asked for.</summary>
    public bool Answers(Attempt older) => Kind == older.Kind;
}
