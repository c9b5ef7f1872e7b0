namespace WatchReload.Daemon.Events;

/// <param name="Paths">Relative to the root, with <c>/</c>; at most 20.</param>
/// <param name="Count">How many there are in all.</param>
internal sealed record ChangeDetected(IReadOnlyList<string> Paths, int Count, string Reason) : DaemonEvent;

/// <param name="From">Full commit id; equals <paramref name="To"/> when there was nothing to pull.</param>
internal sealed record GitPulled(string From, string To, IReadOnlyList<PulledCommit> Commits, int Count) : DaemonEvent;

internal sealed record PulledCommit(string Id, string Author, string Subject);

/// <param name="By">Who froze deploys.</param>
/// <param name="Since">When.</param>
/// <param name="Reason">Why.</param>
internal sealed record DeployFrozen(string By, DateTimeOffset Since, string? Reason) : DaemonEvent;

/// <param name="By">Who lifted it.</param>
/// <param name="WasFrozen">False: there was nothing to lift.</param>
internal sealed record DeployUnfrozen(string By, bool WasFrozen) : DaemonEvent;

internal sealed record GitRefused(string Cause, string Remedy) : DaemonEvent;
