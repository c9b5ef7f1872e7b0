using System.Globalization;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Flow;

/// <summary>
/// Whether an order may bring new code now: not while deploys are frozen, not a commit that is known not to work, not one that was rolled
/// back from. <c>--force</c> passes all; a rehearsal changes nothing and passes as well. Each objection names cause and remedy.
/// </summary>
internal sealed class Admission(PipelineSettings settings, IReadOnlyList<NodeSeat> seats, History history, RolledBack rolledBack)
{
    private readonly TriedCommits _tried = new(history);

    /// <summary>Why nothing is deployed; null when it may be. What starts a node brings nothing new to anybody, and may.</summary>
    public async Task<DaemonEvent?> Frozen(Order order, CancellationToken cancellation)
    {
        if (order.Force || order.Rehearse || Freeze.Read(settings.State) is not { } freeze)
            return null;
        var (node, serves) = await Serving(order, cancellation);
        return serves == 0 && order.Cause is "run" or "watch" ? null
            : new ReloadRefused(node, serves, null, [$"{freeze.Sentence} Lift it: watchreload unfreeze. Or deploy this once: --force"]) { NotTried = true, Transient = true };
    }

    /// <summary>Why the tree as it is is not delivered (again), when it is a commit; null when it may be.</summary>
    public async Task<DaemonEvent?> Unwanted(ReloadOrder order, CancellationToken cancellation)
    {
        if (order.Force || order.Rehearse || order.Cause is not ("reload" or "hook"))
            return null;
        var commit = order.Commit ?? (settings.Checkout is { } checkout && await checkout.IsClean(cancellation) ? (await checkout.Head(cancellation)).Commit : null);
        return commit is null ? null : await Unwanted(order, commit, cancellation);
    }

    /// <summary>Why this commit is not deployed (again); null when it may be.</summary>
    public async Task<DaemonEvent?> Unwanted(Order order, string commit, CancellationToken cancellation)
    {
        if (order.Force || order.Rehearse)
            return null;
        if (order.IsPushed && rolledBack.Latest is { } back && back.Commit == commit)
            return await Refused(order, null, [$"Commit {Short(commit)} was rolled back from{(back.By is null ? "" : $" by {back.By}")}, {Told(back.Time)}. Push a newer commit, or bring it back: --force"], cancellation);
        if (_tried.Failure(commit) is not { } failure)
            return null;
        var cause = $"Commit {Short(commit)} failed before ({Words(failure)}, {Told(failure.Time)}) and is not tried again. Push another commit, or try it all the same: --force";
        if (failure.Verdict != "buildFailed")
            return await Refused(order, failure.Release, [cause, .. failure.Problems], cancellation);
        // Who asks for a build of the tree as it is gets one: it harms nobody.
        return order.IsPushed ? new BuildFailed(failure.Lane ?? "build", "not built again", 0, [EventDiagnostic.Error(cause), .. failure.Problems.Select(EventDiagnostic.Error)]) { NotTried = true } : null;
    }

    /// <summary>Whether a poll has nothing to do about what it found, or nothing yet.</summary>
    public bool IsOld(string commit, DateTimeOffset now) => _tried.IsDecided(commit, now) || rolledBack.Latest?.Commit == commit;

    private async Task<ReloadRefused> Refused(Order order, string? release, IReadOnlyList<string> problems, CancellationToken cancellation)
    {
        var (node, serves) = await Serving(order, cancellation);
        return new ReloadRefused(node, serves, release, problems) { NotTried = true };
    }

    private async Task<(string Node, int Version)> Serving(Order order, CancellationToken cancellation)
    {
        var wanted = seats.Where(s => order.Nodes.Count == 0 || order.Nodes.Contains(s.Name)).ToArray();
        foreach (var seat in wanted)
        {
            if (await seat.Link.Status(cancellation) is { Version: >= 1 } status)
                return (seat.Name, status.Version);
        }

        return (wanted[0].Name, 0);
    }

    private static string Words(HistoryEntry failure) => failure.Verdict switch
    {
        "buildFailed" => "it did not build",
        "takenBack" => "it was taken back",
        _ => "the node refused it",
    };

    private static string Short(string commit) => commit[..Math.Min(10, commit.Length)];

    private static string Told(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
