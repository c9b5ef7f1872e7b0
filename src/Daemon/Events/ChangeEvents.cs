namespace WatchReload.Daemon.Events;

/// <param name="Paths">Relative to the root, with <c>/</c>; at most 20.</param>
/// <param name="Count">How many there are in all.</param>
internal sealed record ChangeDetected(IReadOnlyList<string> Paths, int Count, string Reason) : DaemonEvent;

/// <param name="From">Full commit id; equals <paramref name="To"/> when there was nothing to pull.</param>
internal sealed record GitPulled(string From, string To, IReadOnlyList<PulledCommit> Commits, int Count) : DaemonEvent;

internal sealed record PulledCommit(string Id, string Author, string Subject);

internal sealed record GitRefused(string Cause, string Remedy) : DaemonEvent;
