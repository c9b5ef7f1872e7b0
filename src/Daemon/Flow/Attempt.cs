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

    /// <summary>It is known already to come to nothing.</summary>
    public bool IsVain { get; init; }

    /// <summary>Whether an older one that still waits need not be done when this one is, whatever becomes of this one.</summary>
    public bool Overtakes(Attempt older) => !IsVain && Reaches(older.Order.Nodes) && (Kind, older.Kind) switch
    {
        (AttemptKind.Deploy, AttemptKind.Deploy) => IsAsWilling(older) && BringsWhat(older.Order),
        (AttemptKind.Rollback, AttemptKind.Rollback) => IsAsWilling(older),
        (AttemptKind.Rollback, AttemptKind.Deploy) => true,
        _ => false, // a deploy may still be refused, by git, the build or the node: then nobody would have gone back
    };

    /// <summary>Whether the result of this one answers what the older one asked for.</summary>
    public bool Answers(Attempt older) => Kind == older.Kind;

    private bool Reaches(IReadOnlyList<string> nodes) => Order.Nodes.Count == 0 || (nodes.Count > 0 && nodes.All(Order.Nodes.Contains));

    private bool IsAsWilling(Attempt older) => Order.Force || !older.Order.Force;

    /// <summary>Only a pull pulls, and only what is no push brings the tree whatever is known of its commit. A poll that finds nothing new brings nothing.</summary>
    private bool BringsWhat(Order older) =>
        Order is not PullOrder { OnlyNew: true } && Order.GetType() == older.GetType() && (older.IsPushed || !Order.IsPushed);
}
