using Microsoft.Extensions.Logging;
using WatchReload.Control;
using WatchReload.Daemon.Delivery;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Git;
using WatchReload.Daemon.Releases;
using WatchReload.Daemon.Supervision;

namespace WatchReload.Daemon.Flow;

/// <summary>From the tree as it is to nodes that run it: build and delivery, and what is left for when edits pause.</summary>
internal sealed class TreeDeploy(
    PipelineSettings settings,
    BuildStage builds,
    DeliverStage delivery,
    ReleaseStore releases,
    IReadOnlyList<NodeSeat> seats,
    Record record,
    Aftermath aftermath,
    RolledBack rolledBack,
    AcceptedReleases accepted,
    IEventSink everybody,
    TimeProvider time,
    ILogger<TreeDeploy> log) : IAsyncDisposable
{
    private readonly WhenEditsPause _later = new(aftermath.Run, time);

    /// <summary>Apart from that: neither takes the other's place. A build that the one makes stops the other, which is tried again.</summary>
    private readonly WhenEditsPause _renewal = new(aftermath.Run, time);

    /// <summary>Has what each build names as its inputs.</summary>
    public Action<BuildInputs> Learned { get; set; } = _ => { };

    /// <summary>Builds the tree as it is, and delivers what comes of it: a delta where that is right, else a release.</summary>
    public Task<DaemonEvent> Run(Order order, DateTimeOffset begun, IEventSink events, CancellationToken cancellation) => BeforeLater(async () =>
    {
        if (!order.Rehearse)
            ForgetLater();
        if (await Accepted(order, cancellation) is { } passed)
        {
            if (!order.Rehearse)
                rolledBack.Forget();
            return await Deliver(passed, null, order, begun, events, cancellation);
        }

        var build = await builds.Run(order, DeltaBase.Find(settings, seats, releases, order, cancellation), Learned, events, cancellation);
        if (build.Delta is var (from, delta))
        {
            if (await Deliver(from, delta, build, order, begun, events, cancellation) is { } told)
                return told;
            build = await builds.Run(order, Task.FromResult<(DeltaBase?, string?)>((null, "the node did not take the delta")), Learned, events, cancellation);
        }

        if (build.Release is { } release)
        {
            if (!order.Rehearse)
                rolledBack.Forget();
            var verdict = await Deliver(release, build, order, begun, events, cancellation);
            if (build.Outcome.AnalyzersPending && verdict is (ReloadCommitted or NodeStarted))
                _later.Do(MayRenew(later => Analyze(release, later)));
            return verdict;
        }

        await record.Append(order, begun, null, build, build.Verdict);
        return build.Verdict;
    });

    /// <summary>Delivers a release, tells of it and remembers it.</summary>
    public async Task<DaemonEvent> Deliver(Release release, BuildResult? build, Order order, DateTimeOffset begun, IEventSink events, CancellationToken cancellation)
    {
        using var lease = releases.Lease(release); // pruning leaves it alone while it is under way
        PausePoint.Reach("delivering");
        var verdicts = await delivery.Run(release, order, Times(build, begun), cancellation);
        PausePoint.Reach("delivered");
        verdicts = [.. verdicts.Select(verdict => WithWayBack(verdict, release, order))];
        foreach (var verdict in verdicts)
        {
            events.Emit(verdict);
            await record.Append(order, begun, Started(verdict, release), build, verdict);
            if (verdict is ReloadRefused)
                releases.Doubt();
            if (verdict is ReloadCommitted or NodeStarted)
                builds.Anticipated.NodeHas(null);
            if (verdict is ReloadCommitted committed)
                Fallback.Forget(settings.State, committed.Node, log);
        }

        aftermath.Follow(verdicts);
        aftermath.Prune();
        return verdicts[^1];
    }

    /// <summary>What is refused may be what served before, as after an edit was undone: then mappings that do not lead forward may lead back.</summary>
    private DaemonEvent WithWayBack(DaemonEvent verdict, Release release, Order order)
    {
        if (order is RollbackOrder || verdict is not ReloadRefused { Version: > 0, Transient: false, TakenBack: false, Unknown: false } refused || releases.Bad().Contains(release.Manifest.ContentHash))
            return verdict;
        return record.Served(refused.Node, release.Manifest.ContentHash) is { } before && releases.Find(before).Found
            ? refused with { Problems = [.. refused.Problems, $"This is what {before} has, which served before. To go back to it, with [FormerName] read backwards and Downgrade: watchreload rollback {before}"] }
            : verdict;
    }

    /// <summary>A node may have been started on another release, as this one is not to be started on.</summary>
    private Release? Started(DaemonEvent verdict, Release release) => verdict is NodeStarted { Release: { } id } && id != release.Id ? releases.Find(id).Release : release;

    /// <summary>When edits pause, the tree that deltas have brought becomes a release, unless something is to be done then anyway. May be called at any time.</summary>
    /// <param name="order">Whose deltas they were.</param>
    /// <param name="tree">Its hash.</param>
    public void ReleaseOwed(Order order, string tree) => _later.DoIfIdle(MayRenew(OwedRelease(order, tree)));

    private void ReleaseLater(Order order, string tree) => _later.Do(MayRenew(OwedRelease(order, tree)));

    private Func<CancellationToken, Task<bool>> OwedRelease(Order order, string tree)
    {
        var events = new UnaskedBuilds(everybody);
        var owed = new OwedRelease(tree, () => settings.Checkout?.BusyWith(), builds.TreeHash, Make);
        return async cancellation =>
        {
            try
            {
                return await owed.Try(cancellation);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                DeliveryLog.ReleaseStillOwed(log, e.Message, ""); // what cannot be looked at just now
                return false;
            }
        };

        async Task<Owed> Make(CancellationToken cancellation)
        {
            try
            {
                return await MakeRelease(order, tree, events, cancellation);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ControlException or GitException)
            {
                DeliveryLog.ReleaseStillOwed(log, e.Message, (e as ControlException)?.Remedy ?? "");
                return Owed.CutShort;
            }
        }
    }

    private async Task<bool> Analyze(Release release, CancellationToken cancellation)
    {
        await builds.Analyze(release, everybody, cancellation);
        return true;
    }

    /// <summary>
    /// The tree that deltas have brought becomes a release, which a restart loads. The node that runs the tree only takes its name. A tree that was saved
    /// meanwhile is not brought from here: whoever noticed the save brings it, or may not. Until then the release is owed still, as the save may be undone
    /// before anybody has noticed it. While deploys are frozen a node that does not run the tree is left alone.
    /// </summary>
    /// <param name="order">Whose deltas they were.</param>
    /// <param name="tree">Its hash.</param>
    /// <param name="events">Has what comes of the build.</param>
    /// <param name="cancellation">Breaks it off.</param>
    private async Task<Owed> MakeRelease(Order order, string tree, IEventSink events, CancellationToken cancellation)
    {
        var begun = record.Now;
        var build = await builds.RunUnhurried(order, Learned, events, cancellation);
        if (build.Verdict is BuildFailed { Transient: true })
            return Owed.CutShort;
        if (build.Release is not { } release)
            return Owed.Failed;
        using var lease = releases.Lease(release);
        aftermath.Prune();
        if (release.Manifest.SourceHash != tree)
            return Owed.OfAnotherTree;
        var statuses = await Task.WhenAll(seats.Select(s => s.Link.Status(cancellation)));
        if (statuses.Any(status => status is null))
            return Owed.Done; // to be started by whoever looks after it
        if (Freeze.Read(settings.State) is not null && statuses.Any(status => status!.SourceHash != tree))
            return Owed.Done;
        foreach (var verdict in await delivery.Run(release, order, Times(build, begun), CancellationToken.None))
        {
            if (IsOfTheEnd(verdict))
                continue; // nobody asked for it, and the next start brings the tree
            if (verdict is not ReloadUnchanged)
            {
                builds.Anticipated.NodeHas(null);
                everybody.Emit(verdict); // the node had been started again meanwhile, on an older release
            }

            await record.Append(order, begun, release, build, verdict); // also its name alone: it is what a rollback goes back to
        }

        return Owed.Done;
    }

    /// <summary>Whether a node did not take it because it is stopped from here. It says nothing of what was saved, and would read as if it did.</summary>
    private bool IsOfTheEnd(DaemonEvent verdict) => verdict is ReloadRefused { Node: var node } and ({ Transient: true } or { Unknown: true }) && seats.Any(seat => seat.Name == node && seat.Supervisor?.IsStopping == true);

    /// <inheritdoc cref="WhenEditsPause.Before"/>
    public Task<DaemonEvent> BeforeLater(Func<Task<DaemonEvent>> first) => _later.Before(() => _renewal.Before(async () =>
    {
        try
        {
            return await first();
        }
        finally
        {
            RenewIfTooLarge();
        }
    }));

    /// <summary>The builder may have grown too large by it.</summary>
    private Func<CancellationToken, Task<bool>> MayRenew(Func<CancellationToken, Task<bool>> work) => async cancellation =>
    {
        var isDone = await work(cancellation);
        RenewIfTooLarge();
        return isDone;
    };

    private void RenewIfTooLarge()
    {
        if (builds.IsBuilderTooLarge)
            _renewal.DoIfIdle(builds.RenewBuilder);
    }

    /// <inheritdoc cref="WhenEditsPause.GiveWay"/>
    public async Task GiveWay()
    {
        await _later.GiveWay();
        await _renewal.GiveWay();
    }

    /// <inheritdoc cref="WhenEditsPause.Forget"/>
    public void ForgetLater() => _later.Forget();

    public async ValueTask DisposeAsync()
    {
        await _later.DisposeAsync();
        await _renewal.DisposeAsync();
    }

    /// <summary>What was built of the pushed commit at the gate, when that is what the checkout has now.</summary>
    private async Task<Release?> Accepted(Order order, CancellationToken cancellation)
    {
        if (order is not PullOrder and not { Cause: "hook" } || order.Commit is not { } commit || settings.Checkout is not { } checkout || accepted.Of(commit) is not { } id)
            return null;
        return releases.Find(id).Release is { } release && releases.IsWhole(release, cancellation) && release.Manifest.Configuration == settings.Configuration && (await checkout.Head(cancellation)).Commit == commit && await checkout.IsClean(cancellation)
            ? release
            : null;
    }

    /// <summary>Null when the node refused, and the tree is not to blame: then a release goes the usual way. It is loaded anew, and so mends code as well that was changed and could not be changed back.</summary>
    private async Task<DaemonEvent?> Deliver(DeltaBase to, TreeDelta delta, BuildResult build, Order order, DateTimeOffset begun, IEventSink events, CancellationToken cancellation)
    {
        using var lease = releases.Lease(to.Release);
        var verdict = await delivery.Run(to, delta, order, Times(build, begun), cancellation);
        if (verdict is ReloadRefused { TakenBack: false, Unknown: false } refused && !delivery.IsBad(delta, out _))
        {
            DeliveryLog.DeltaRefused(log, to.Seat.Name, string.Join(" ", refused.Problems));
            return null;
        }

        events.Emit(verdict);
        if (verdict is ReloadCommitted)
        {
            builds.Anticipated.NodeTook(to.Loaded, delta.Assemblies);
            rolledBack.Forget();
            ReleaseLater(order, delta.SourceHash);
        }

        _ = aftermath.Run(() => record.Append(order, begun, to.Release, build, verdict)); // synced, and nobody waits for it
        aftermath.Follow(verdict);
        return verdict;
    }

    private DeliveryTimes Times(BuildResult? build, DateTimeOffset begun) =>
        new(build?.Outcome.Milliseconds, build?.Outcome.Lane.ToString().ToLowerInvariant(), build?.Outcome.LaneReason, () => (record.Now - begun).TotalMilliseconds);
}
