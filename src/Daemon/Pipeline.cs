using Microsoft.Extensions.Logging;
using WatchReload.Control;
using WatchReload.Daemon.Building;
using WatchReload.Daemon.Delivery;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Flow;
using WatchReload.Daemon.Git;
using WatchReload.Daemon.Releases;
using WatchReload.Daemon.Supervision;

namespace WatchReload.Daemon;

/// <summary>
/// Wires the stages: change -> build -> release -> deliver. A change of the tree and <c>reload</c> enter at the build, <c>pull</c> at the
/// change, <c>rollback</c> at the release; from there all go the same way. Each stage returns its result; none calls back.
/// </summary>
internal sealed class Pipeline(PipelineSettings settings, BuilderHost builder, ReleaseStore releases, History history, IReadOnlyList<NodeSeat> seats, IEventSink everybody, TimeProvider time, ILoggerFactory logging) : IAsyncDisposable
{
    private readonly BuildStage _build = new(settings, builder, releases, time);
    private readonly DeliverStage _deliver = new(settings, releases, seats, time, logging.CreateLogger<DeliverStage>());
    private readonly RestartStage _restart = new(releases);
    private readonly Record _record = new(history, time);
    private readonly Aftermath _aftermath = new(settings, releases, seats, everybody, time, logging.CreateLogger<Aftermath>());
    private readonly TrialNews _trials = new(releases, new Record(history, time), everybody);
    private readonly LaterRelease _later = new(time);
    private readonly RolledBack _rolledBack = new(settings.State);
    private readonly Admission _admission = new(settings, seats, history, new RolledBack(settings.State));
    private readonly AsideStage _aside = new(settings, builder, releases, time);
    private readonly AcceptedReleases _accepted = new(settings.State);
    private GitRefused? _lastRefusal;

    /// <summary>Has what each build names as its inputs, so that the watcher watches those too.</summary>
    public Action<BuildInputs> Learned { get; set; } = _ => { };

    public DateTimeOffset Now => _record.Now;

    /// <summary>An attempt that ended on the way: told, and remembered.</summary>
    public async Task<DaemonEvent> Ended(Order order, DateTimeOffset begun, DaemonEvent verdict, IEventSink events)
    {
        events.Emit(verdict);
        await _record.Append(order, begun, null, null, verdict);
        return verdict;
    }

    /// <summary>A node that died serves again, by its own choice of a release: remembered, as what served is what a rollback goes back to.</summary>
    public Task Revived(NodeStarted started) =>
        _record.Append(new ReloadOrder { Cause = "crash" }, _record.Now, started.Release is { } id ? releases.Find(id).Release : null, null, started);

    /// <summary>Another attempt is done instead: remembered.</summary>
    public Task Superseded(Order order, ReloadSuperseded verdict) => _record.Append(order, _record.Now, null, null, verdict);

    /// <summary>Builds the tree as it is, and delivers it.</summary>
    public async Task<DaemonEvent> Reload(ReloadOrder order, IEventSink events, CancellationToken cancellation)
    {
        var begun = _record.Now;
        return await _admission.Frozen(order, cancellation) is { } frozen ? await NotTried(order, begun, frozen, events)
            : await _admission.Unwanted(order, cancellation) is { } unwanted ? await NotTried(order, begun, unwanted, events)
            : await Deploy(order, begun, events, cancellation);
    }

    /// <summary>Fast-forwards the checkout, then as <see cref="Reload"/>. A rehearsal leaves the checkout where it is.</summary>
    public async Task<DaemonEvent> Pull(PullOrder order, IEventSink events, CancellationToken cancellation)
    {
        var begun = _record.Now;
        if (await _admission.Frozen(order, cancellation) is { } frozen)
            return order.OnlyNew ? frozen : await NotTried(order, begun, frozen, events);
        await _later.BreakOff();
        var pulled = settings.Checkout is { } checkout
            ? await checkout.Pull(Request(order), cancellation)
            : new PullResult.Refused(settings.NoCheckout ?? new Refusal("There is no git checkout to pull into.", "Use watchreload reload."));
        DaemonEvent told = pulled switch
        {
            PullResult.Pulled p => new GitPulled(p.From, p.To, [.. p.Commits.Select(c => new PulledCommit(c.Id, c.Author, c.Subject))], p.Count),
            PullResult.UpToDate u => new GitPulled(u.Commit, u.Commit, [], 0),
            PullResult.Refused r => new GitRefused(r.Why.Cause, r.Why.Remedy),
            _ => throw new InvalidOperationException($"{pulled.GetType().Name} is not a result of a pull."),
        };
        if (order.OnlyNew && IsOld(told))
            return told;
        _lastRefusal = told as GitRefused;
        var aside = order.Rehearse && told is GitPulled { From: var from, To: var to } && from != to;
        if (!aside)
            events.Emit(told);
        if (told is GitPulled got)
        {
            return await _admission.Unwanted(order, got.To, cancellation) is { } unwanted
                ? await NotTried(order with { Commit = got.To }, begun, unwanted, events)
                : aside ? await RehearseAside(order with { Commit = got.To }, begun, directory => TreeExport.Write(GitObjects.Of(settings.Checkout!), got.To, directory, cancellation), events, cancellation)
                : await Deploy(order with { Commit = got.To }, begun, events, cancellation);
        }

        await _record.Append(order, begun, null, null, told);
        return told;
    }

    /// <summary>Builds and rehearses a commit whose push waits for the verdict. What would be refused after the push is refused before it.</summary>
    public async Task<DaemonEvent> Gate(GateOrder order, IEventSink events, CancellationToken cancellation)
    {
        var begun = _record.Now;
        var meant = order with { Rehearse = false };
        if (await _admission.Frozen(meant, cancellation) is { } frozen)
            return await NotTried(order, begun, frozen, events);
        return settings.Checkout is { } checkout
            ? await RehearseAside(order, begun, directory => new Gate(checkout, Request(order), order.Quarantine).Export(directory, cancellation), events, cancellation)
            : await RehearseAside(order, begun, _ => Task.FromResult(settings.NoCheckout), events, cancellation);
    }

    /// <summary>A commit that is not checked out: built beside the checkout, rehearsed, and remembered for when it comes.</summary>
    private async Task<DaemonEvent> RehearseAside(Order order, DateTimeOffset begun, Func<string, Task<Refusal?>> export, IEventSink events, CancellationToken cancellation)
    {
        var (build, why) = await _aside.Run(order, export, events, cancellation);
        if (build is null)
        {
            var refused = new GitRefused(why!.Cause, why.Remedy);
            events.Emit(refused);
            await _record.Append(order, begun, null, null, refused);
            return refused;
        }

        if (build.Release is not { } release)
        {
            await _record.Append(order, begun, null, build, build.Verdict!);
            return build.Verdict!;
        }

        var verdict = await Deliver(release, build, order, begun, events, cancellation);
        if (verdict is ReloadRehearsed or ReloadUnchanged)
            _accepted.Remember(order.Commit!, release.Id);
        return verdict;
    }

    /// <summary>Delivers an older release. The tree that it leaves does not come back by itself.</summary>
    public async Task<DaemonEvent> Rollback(RollbackOrder order, IEventSink events, CancellationToken cancellation)
    {
        var begun = _record.Now;
        await _later.BreakOff();
        var current = await CurrentRelease(order, cancellation);
        var target = order.Release is { } named ? releases.Find(named)
            : current is { IsAhead: true } ahead ? releases.Find(ahead.Release) // what deltas have made of it is gone back from
            : current is { } from ? RollbackTarget.Find(from.Release, from.Node, history.Read(), releases)
            : new ReleaseLookup(null, "No node runs, so there is nothing to go back from.", "Name the release: watchreload rollback RELEASE (watchreload releases lists them).");
        if (!target.Found)
            return await Ended(order, begun, NotFound(target, current?.Node ?? seats[0].Name, current?.Version ?? 0, order.Release), events);

        events.Emit(new RollbackStarted(current?.Release, target.Release.Id, order.By));
        var before = _rolledBack.Latest;
        if (!order.Rehearse)
            RememberRollback(current?.Release, target.Release, order);
        var verdict = await Deliver(target.Release, null, order, begun, events, cancellation);
        var finished = new RollbackFinished(target.Release.Id, verdict switch
        {
            ReloadCommitted or NodeStarted => "committed",
            ReloadUnchanged => "unchanged",
            ReloadRehearsed => "rehearsed",
            ReloadRefused { TakenBack: true } => "takenBack",
            _ => "refused",
        })
        {
            Version = (verdict as ReloadCommitted)?.Version ?? (verdict as NodeStarted)?.Version ?? (verdict as ReloadUnchanged)?.Version ?? (verdict as ReloadRefused)?.Version ?? 0,
        };
        if (!order.Rehearse && finished.Verdict is not ("committed" or "unchanged"))
            _rolledBack.Restore(before);
        events.Emit(finished);
        return finished;
    }

    /// <summary>Builds the tree as it is into a release, and delivers it to nobody.</summary>
    public async Task<DaemonEvent> Build(BuildOrder order, IEventSink events, CancellationToken cancellation) => (await _build.Run(order, Learned, events, cancellation)).Verdict;

    /// <summary>A new process for one node after the other; the first that does not serve ends it.</summary>
    public async Task<DaemonEvent> Restart(RestartOrder order, IEventSink events, CancellationToken cancellation)
    {
        var begun = _record.Now;
        var wanted = seats.Where(s => order.Nodes.Count == 0 || order.Nodes.Contains(s.Name)).ToArray();
        ReleaseLookup? target = order.Release is { } named ? releases.Find(named) : null;
        if (target is { Found: false })
            return await Ended(order, begun, NotFound(target, wanted[0].Name, (await wanted[0].Link.Status(cancellation))?.Version ?? 0, order.Release), events);
        DaemonEvent verdict = new NodeExited(wanted[0].Name, 0, null, null);
        using var lease = target?.Release is { } release ? releases.Lease(release) : null;
        foreach (var seat in wanted)
        {
            verdict = await _restart.Run(seat, target?.Release, order, events, cancellation);
            events.Emit(verdict);
            await _record.Append(order, begun, target?.Release, null, verdict);
            if (verdict is not NodeStarted)
                break;
        }

        return verdict;
    }

    /// <summary>At the start of <c>watch</c>: true when nothing needs to be built, and then the builder is warmed up for what comes.</summary>
    public async Task<bool> TakeUp(CancellationToken cancellation)
    {
        if (!await IsSettled(cancellation))
            return false;
        Learned(_build.KnownInputs!);
        if ((await Task.WhenAll(seats.Select(s => s.Link.Status(cancellation)))).Any(status => status is { Deltas: > 0 }))
            ReleaseLater(new ReloadOrder { Cause = "watch" });
        _ = _aftermath.Run(() => builder.WarmUp(settings.BuildRequest, _aftermath.Ending));
        return true;
    }

    /// <summary>Whether the tree needs no build: every node runs it, or it was rolled back from.</summary>
    public async Task<bool> IsSettled(CancellationToken cancellation)
    {
        if (_build.TreeHash() is not { } tree)
            return false;
        var statuses = await Task.WhenAll(seats.Select(s => s.Link.Status(cancellation)));
        return statuses.All(s => s is { Version: >= 1 } && (Runs(s, tree) || _rolledBack.IsFrom(tree)));

        // The other configuration of the same tree is other code.
        bool Runs(NodeStatus s, string tree) => s.SourceHash == tree && s.Release is { } id && releases.Find(id).Release?.Manifest.Configuration == settings.Configuration;
    }

    /// <summary>For as long as the node lives: tells when it goes back by itself.</summary>
    public Task FollowTrials(NodeSeat seat, CancellationToken cancellation) =>
        new TrialFollower(seat.Link, time, logging.CreateLogger<TrialFollower>()).Follow(end => _trials.Tell(seat.Name, end), cancellation);

    public async ValueTask DisposeAsync()
    {
        await _later.DisposeAsync();
        await _aftermath.DisposeAsync();
    }

    /// <summary>Nothing has come since the last attempt, whatever became of that: a poll neither repeats it nor undoes a rollback.</summary>
    private bool IsOld(DaemonEvent told) => told switch
    {
        GitPulled pulled => _admission.IsOld(pulled.To),
        GitRefused refused => refused == _lastRefusal,
        _ => false,
    };

    private async Task<DaemonEvent> NotTried(Order order, DateTimeOffset begun, DaemonEvent verdict, IEventSink events)
    {
        events.Emit(verdict);
        await _record.Append(order, begun, null, null, verdict);
        return verdict;
    }

    private void RememberRollback(string? from, Release to, Order order)
    {
        var tree = _build.TreeHash() is { } hash && hash != to.Manifest.SourceHash ? hash : null;
        var commit = from is not null && releases.Find(from).Release?.Manifest.Commit is { } left && left != to.Manifest.Commit ? left : null;
        if (tree is not null || commit is not null)
            _rolledBack.Remember(new RolledBackFrom(tree, commit, order.By, _record.Now));
    }

    private PullRequest Request(Order order) =>
        new() { Ref = order.Ref, Commit = order.Commit, LockFile = settings.State.PullLock, Merge = !order.Rehearse, Policy = settings.Policy, Examine = settings.Examine };

    /// <summary>What was built of the pushed commit at the gate, when that is what the checkout has now.</summary>
    private async Task<Release?> Accepted(Order order, CancellationToken cancellation)
    {
        if (order is not PullOrder and not { Cause: "hook" } || order.Commit is not { } commit || settings.Checkout is not { } checkout || _accepted.Of(commit) is not { } id)
            return null;
        return releases.Find(id).Release is { } release && release.IsWhole(cancellation) && release.Manifest.Configuration == settings.Configuration && (await checkout.Head(cancellation)).Commit == commit && await checkout.IsClean(cancellation)
            ? release
            : null;
    }

    private async Task<DaemonEvent> Deploy(Order order, DateTimeOffset begun, IEventSink events, CancellationToken cancellation)
    {
        var wasToCome = await _later.BreakOff();
        if (await Accepted(order, cancellation) is { } accepted)
        {
            if (!order.Rehearse)
                _rolledBack.Forget();
            return await Deliver(accepted, null, order, begun, events, cancellation);
        }

        var (from, noDelta) = await DeltaBase.Find(settings, seats, releases, order, cancellation);
        var build = await _build.Run(order, from, noDelta, Learned, events, cancellation);
        if (build.Delta is { } delta)
        {
            if (await Deliver(from!, delta, build, order, begun, events, cancellation) is { } told)
                return told;
            build = await _build.Run(order, null, "the node did not take the delta", Learned, events, cancellation);
        }

        if (wasToCome && order.Rehearse)
            ReleaseLater(new ReloadOrder { Cause = "watch", By = order.By });
        if (build.Release is { } release)
        {
            if (!order.Rehearse)
                _rolledBack.Forget();
            var verdict = await Deliver(release, build, order, begun, events, cancellation);
            if (build.Outcome.AnalyzersPending)
                _later.Schedule(_aftermath.Run, later => _build.Analyze(release, everybody, later));
            return verdict;
        }

        await _record.Append(order, begun, null, build, build.Verdict);
        return build.Verdict;
    }

    /// <summary>Null when the node refused, and nothing has changed: then a release goes the usual way.</summary>
    private async Task<DaemonEvent?> Deliver(DeltaBase to, TreeDelta delta, BuildResult build, Order order, DateTimeOffset begun, IEventSink events, CancellationToken cancellation)
    {
        using var lease = releases.Lease(to.Release);
        var verdict = await _deliver.Run(to, delta, order, Times(build, begun), cancellation);
        if (verdict is ReloadRefused { TakenBack: false, Unknown: false } refused && !releases.Bad().Contains(delta.SourceHash))
        {
            DeliveryLog.DeltaRefused(logging.CreateLogger<Pipeline>(), to.Seat.Name, string.Join(" ", refused.Problems));
            return null;
        }

        events.Emit(verdict);
        if (verdict is ReloadCommitted)
        {
            _rolledBack.Forget();
            ReleaseLater(order);
        }

        _ = _aftermath.Run(() => _record.Append(order, begun, to.Release, build, verdict)); // synced, and nobody waits for it
        _aftermath.Begin([verdict]);
        return verdict;
    }

    /// <summary>When edits pause, the tree that deltas have brought becomes a release, which a restart loads. The node that runs the tree only takes its name.</summary>
    private void ReleaseLater(Order order) => _later.Schedule(_aftermath.Run, async cancellation =>
    {
        var begun = _record.Now;
        var build = await _build.Run(order, Learned, new WithoutStart(everybody), cancellation);
        if (build.Release is not { } release || (await Task.WhenAll(seats.Select(s => s.Link.Status(cancellation)))).Any(status => status is null))
            return; // told, or to be started by whoever looks after it
        using var lease = releases.Lease(release);
        foreach (var verdict in await _deliver.Run(release, order, Times(build, begun), CancellationToken.None))
        {
            if (verdict is ReloadUnchanged)
                continue;
            everybody.Emit(verdict); // the node had been started again meanwhile, on an older release
            await _record.Append(order, begun, release, build, verdict);
        }
    });

    private DeliveryTimes Times(BuildResult? build, DateTimeOffset begun) =>
        new(build?.Outcome.Milliseconds, build?.Outcome.Lane.ToString().ToLowerInvariant(), build?.Outcome.LaneReason, () => (_record.Now - begun).TotalMilliseconds);

    private async Task<DaemonEvent> Deliver(Release release, BuildResult? build, Order order, DateTimeOffset begun, IEventSink events, CancellationToken cancellation)
    {
        using var lease = releases.Lease(release); // pruning leaves it alone while it is under way
        PausePoint.Reach("delivering");
        var verdicts = await _deliver.Run(release, order, Times(build, begun), cancellation);
        PausePoint.Reach("delivered");
        foreach (var verdict in verdicts)
        {
            events.Emit(verdict);
            await _record.Append(order, begun, release, build, verdict);
            if (verdict is ReloadCommitted committed)
                Fallback.Forget(settings.State, committed.Node);
        }

        _aftermath.Begin(verdicts);
        return verdicts[^1];
    }

    /// <param name="asked">By name; null: the one before, and there is none.</param>
    private static ReloadRefused NotFound(ReleaseLookup target, string node, int serves, string? asked) =>
        new(node, serves, asked, [$"{target.Cause} {target.Remedy}"]) { NoSuchRelease = asked is not null };

    private async Task<(string Node, string Release, int Version, bool IsAhead)?> CurrentRelease(Order order, CancellationToken cancellation)
    {
        foreach (var seat in seats.Where(s => order.Nodes.Count == 0 || order.Nodes.Contains(s.Name)))
        {
            if (await seat.Link.Status(cancellation) is { Release: { } release } status)
                return (seat.Name, release, status.Version, status.Deltas > 0);
        }

        return null;
    }

    /// <summary>Nobody asked for this build: only what comes of it is told.</summary>
    private sealed class WithoutStart(IEventSink all) : IEventSink
    {
        public void Emit(DaemonEvent happened)
        {
            if (happened is not BuildStarted)
                all.Emit(happened);
        }
    }
}
