using Microsoft.Extensions.Logging;
using WatchReload.Control;
using WatchReload.Daemon.Building;
using WatchReload.Daemon.Delivery;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Flow;
using WatchReload.Daemon.Git;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon;

/// <summary>
/// Wires the stages: change -> build -> release -> deliver. A change of the tree and <c>reload</c> enter at the build, <c>pull</c> at the
/// change, <c>rollback</c> at the release; from there all go the same way. Each stage returns its result; none calls back.
/// </summary>
internal sealed class Pipeline : IAsyncDisposable
{
    private readonly PipelineSettings _settings;
    private readonly ReleaseStore _releases;
    private readonly IReadOnlyList<NodeSeat> _seats;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _logging;
    private readonly BuildStage _build;
    private readonly TreeDeploy _deploy;
    private readonly RollbackStage _rollback;
    private readonly RestartStage _restart;
    private readonly AsideStage _aside;
    private readonly Record _record;
    private long _rolledBackAt; // ticks of UTC
    private readonly Aftermath _aftermath;
    private readonly TrialNews _trials;
    private readonly RolledBack _rolledBack;
    private readonly Admission _admission;
    private readonly AcceptedReleases _accepted;
    private GitRefused? _lastRefusal;

    public Pipeline(PipelineSettings settings, BuilderHost builder, ReleaseStore releases, History history, IReadOnlyList<NodeSeat> seats, IEventSink everybody, TimeProvider time, ILoggerFactory logging)
    {
        (_settings, _releases, _seats, _time, _logging) = (settings, releases, seats, time, logging);
        _record = new Record(history, time);
        _rolledBack = new RolledBack(settings.State);
        _accepted = new AcceptedReleases(settings.State);
        _admission = new Admission(settings, seats, history, _rolledBack);
        _aftermath = new Aftermath(settings, releases, seats, everybody, time, logging.CreateLogger<Aftermath>());
        _trials = new TrialNews(releases, _record, everybody);
        _build = new BuildStage(settings, builder, releases, time);
        _aside = new AsideStage(settings, builder, releases, time);
        _restart = new RestartStage(releases);
        var deliver = new DeliverStage(settings, releases, seats, time, logging.CreateLogger<DeliverStage>()) { Replaces = Found };
        _deploy = new TreeDeploy(settings, _build, deliver, releases, seats, _record, _aftermath, _rolledBack, _accepted, everybody, time, logging.CreateLogger<TreeDeploy>());
        Beforehand = new Beforehand(settings, builder, _build, _deploy, releases, seats, _aftermath, time);
        _rollback = new RollbackStage(_build, _deploy, releases, history, seats, _record, _rolledBack);
    }

    /// <summary>Has what each build names as its inputs, so that the watcher watches those too.</summary>
    public Action<BuildInputs> Learned
    {
        get => _deploy.Learned;
        set => _deploy.Learned = value;
    }

    /// <summary>What is made ready for edits to come.</summary>
    public Beforehand Beforehand { get; }

    public DateTimeOffset Now => _record.Now;

    /// <summary>An attempt that ended on the way: told, and remembered.</summary>
    public Task<DaemonEvent> Ended(Order order, DateTimeOffset begun, DaemonEvent verdict, IEventSink events) => _record.Ended(order, begun, verdict, events);

    /// <summary>The same of one that a defect ended, which cannot be relied on to be remembered: whoever asked has the defect itself.</summary>
    public async Task Failed(Order order, DateTimeOffset begun, DaemonEvent verdict)
    {
        try
        {
            await _record.Append(order, begun, null, null, verdict);
        }
        catch (Exception)
        {
            // The defect that it is of is what there is to tell.
        }
    }

    /// <summary>A node that died serves again, by its own choice of a release: remembered, as what served is what a rollback goes back to.</summary>
    public Task Revived(NodeStarted started)
    {
        _build.Anticipated.NodeHas(null);
        return _record.Append(new ReloadOrder { Cause = "crash" }, _record.Now, started.Release is { } id ? _releases.Find(id).Release : null, null, started);
    }

    /// <summary>A node has been started, and may have found that it had died on trial: told before it is told that it serves.</summary>
    public Task Began(NodeStatus status) => status.LastTrial is { } end ? _trials.Tell(status.Node, end) : Task.CompletedTask;

    /// <summary>Another attempt is done instead: remembered.</summary>
    public Task Superseded(Order order, ReloadSuperseded verdict) => _record.Append(order, _record.Now, null, null, verdict);

    /// <summary>Builds the tree as it is, and delivers it.</summary>
    public async Task<DaemonEvent> Reload(ReloadOrder order, IEventSink events, CancellationToken cancellation)
    {
        var begun = _record.Now;
        return await _admission.Frozen(order, cancellation) is { } frozen ? await Ended(order, begun, frozen, events)
            : await _admission.Unwanted(order, cancellation) is { } unwanted ? await Ended(order, begun, unwanted, events)
            : await _deploy.Run(order, begun, events, cancellation);
    }

    /// <summary>Fast-forwards the checkout, then as <see cref="Reload"/>. A rehearsal leaves the checkout where it is.</summary>
    public async Task<DaemonEvent> Pull(PullOrder order, IEventSink events, CancellationToken cancellation)
    {
        var begun = _record.Now;
        if (await _admission.Frozen(order, cancellation) is { } frozen)
            return order.OnlyNew ? frozen : await Ended(order, begun, frozen, events);
        return await _deploy.BeforeLater(() => Pull(order, begun, events, cancellation));
    }

    private async Task<DaemonEvent> Pull(PullOrder order, DateTimeOffset begun, IEventSink events, CancellationToken cancellation)
    {
        var pulled = _settings.Checkout is { } checkout
            ? await checkout.Pull(Request(order), cancellation)
            : new PullResult.Refused(_settings.NoCheckout ?? new Refusal("There is no git checkout to pull into.", "Use watchreload reload."));
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
                ? await Ended(order with { Commit = got.To }, begun, unwanted, events)
                : aside ? await RehearseAside(order with { Commit = got.To }, begun, directory => TreeExport.Write(GitObjects.Of(_settings.Checkout!), _settings.Checkout!, got.To, directory, cancellation), events, cancellation)
                : await _deploy.Run(order with { Commit = got.To }, begun, events, cancellation);
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
            return await Ended(order, begun, frozen, events);
        return _settings.Checkout is { } checkout
            ? await RehearseAside(order, begun, directory => new Gate(checkout, Request(order), order.Quarantine).Export(directory, cancellation), events, cancellation)
            : await RehearseAside(order, begun, _ => Task.FromResult(_settings.NoCheckout), events, cancellation);
    }

    /// <summary>A commit that is not checked out: built beside the checkout, rehearsed, and remembered for when it comes.</summary>
    private Task<DaemonEvent> RehearseAside(Order order, DateTimeOffset begun, Func<string, Task<Refusal?>> export, IEventSink events, CancellationToken cancellation) => _deploy.BeforeLater(async () =>
    {
        var (build, why) = await _aside.Run(order, export, events, cancellation);
        if (build is null)
            return await Ended(order, begun, new GitRefused(why!.Cause, why.Remedy), events);

        if (build.Release is not { } release)
        {
            await _record.Append(order, begun, null, build, build.Verdict!);
            return build.Verdict!;
        }

        var verdict = await _deploy.Deliver(release, build, order, begun, events, cancellation);
        // A commit that is built in is not that of what is built here.
        if (verdict is ReloadRehearsed or ReloadUnchanged && build.Outcome.Inputs.Heads.Count == 0)
            _accepted.Remember(order.Commit!, release.Id);
        return verdict;
    });

    /// <summary>Whether there is such a release, by id, number, or the beginning of an id or a commit.</summary>
    public bool Keeps(string release) => _releases.Find(release).Found;

    /// <summary>Delivers an older release.</summary>
    public async Task<DaemonEvent> Rollback(RollbackOrder order, IEventSink events, CancellationToken cancellation)
    {
        var finished = await _rollback.Run(order, _record.Now, events, cancellation);
        if (finished is RollbackFinished { Verdict: "committed" or "unchanged" or "unknown" } && !order.Rehearse)
            Volatile.Write(ref _rolledBackAt, _record.Now.UtcTicks);
        return finished;
    }

    /// <summary>Builds the tree as it is into a release, and delivers it to nobody.</summary>
    public async Task<DaemonEvent> Build(BuildOrder order, IEventSink events, CancellationToken cancellation) => await _deploy.BeforeLater(async () => (await _build.Run(order, Learned, events, cancellation)).Verdict);

    /// <summary>A new process for one node after the other; the first that does not serve ends it.</summary>
    public async Task<DaemonEvent> Restart(RestartOrder order, IEventSink events, CancellationToken cancellation)
    {
        var begun = _record.Now;
        var wanted = _seats.Where(s => order.Nodes.Count == 0 || order.Nodes.Contains(s.Name)).ToArray();
        ReleaseLookup? target = order.Release is { } named ? _releases.Find(named) : null;
        if (target is { Found: false })
            return await Ended(order, begun, RollbackStage.NotFound(target, wanted[0].Name, (await Served(wanted[0], cancellation))?.Version ?? 0, order.Release), events);
        DaemonEvent verdict = new NodeExited(wanted[0].Name, 0, null, null);
        using var lease = target?.Release is { } release ? _releases.Lease(release) : null;
        foreach (var seat in wanted)
        {
            var before = await Served(seat, cancellation);
            if (before is not null && before.Release != (target?.Release?.Id ?? seat.Supervisor?.WouldStart))
                await Found(before); // now: should this process end on the way, nobody would know of it any more
            verdict = await _restart.Run(seat, target?.Release, order, events, cancellation);
            if (before is not null && before.Release != (verdict as NodeStarted)?.Release)
                await Found(before);
            _build.Anticipated.NodeHas(null);
            events.Emit(verdict);
            await _record.Append(order, begun, verdict is NodeStarted { Release: { } started } ? _releases.Find(started).Release : target?.Release, null, verdict);
            if (verdict is not NodeStarted)
                break;
        }

        return verdict;
    }

    /// <summary>At the start of <c>watch</c>: true when nothing needs to be built, and then the builder is warmed up for what comes.</summary>
    public async Task<bool> TakeUp(CancellationToken cancellation)
    {
        if (!await HasNothingToBuild(cancellation))
            return false;
        Learned(_build.KnownInputs!);
        Beforehand.WarmUpBuilder();
        return true;
    }

    /// <summary>
    /// For <c>watch</c>: whether the tree needs no build. The release that a node is still owed for its deltas then comes when edits pause: the edit that
    /// broke off its build may have been undone, and nothing else would have it built.
    /// </summary>
    public async Task<bool> HasNothingToBuild(CancellationToken cancellation)
    {
        if (await Settled(cancellation) is not { } statuses)
            return false;
        // Another branch may be checked out, of the same commit: then its files are to be watched.
        if (_build.KnownInputs is { Heads.Count: > 0 } inputs)
            Learned(inputs);
        if (statuses.FirstOrDefault(status => status.Deltas > 0) is { SourceHash: { } tree })
            _deploy.ReleaseOwed(new ReloadOrder { Cause = "watch" }, tree);
        return true;
    }

    /// <summary>Whether one of these is a file that no build has named. Whether it belongs to the tree, only a build tells.</summary>
    public bool HasCome(IReadOnlyList<string> paths) => paths.Any(path => !IsOfGit(path) && !_build.Knows(path) && File.Exists(path));

    /// <summary>Whether these are nothing but files of git's that say which commit is checked out. They may say the same as before in other words.</summary>
    public bool AreOfGit(IReadOnlyList<string> paths) => _build.KnownInputs is { Heads.Count: > 0 } && paths.All(IsOfGit);

    private static bool IsOfGit(string path) => path.Split(Path.DirectorySeparatorChar).Contains(".git");

    /// <summary>Whether the tree needs no build: every node runs it, or it was rolled back from.</summary>
    public async Task<bool> IsSettled(CancellationToken cancellation) => await Settled(cancellation) is not null;

    /// <summary>For <c>watch</c>, of a change whose attempt circumstances ended: whether to try it again.</summary>
    /// <param name="ran">The nodes that ran when it ended.</param>
    /// <param name="since">When the first attempt of it ended.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<Owing> Owes(IReadOnlyCollection<string> ran, DateTimeOffset since, CancellationToken cancellation)
    {
        if (Volatile.Read(ref _rolledBackAt) >= since.UtcTicks)
            return Owing.Nothing; // whoever did that wants gone what there was
        if (Freeze.Read(_settings.State) is not null || _settings.Checkout?.BusyWith() is not null)
            return Owing.NotYet;
        if (await HasNothingToBuild(cancellation))
            return Owing.Nothing;
        var run = await Running(cancellation);
        return ran.All(run.Contains) ? Owing.Now : Owing.NotYet;
    }

    /// <summary>Names of the nodes that run.</summary>
    public async Task<IReadOnlyCollection<string>> Running(CancellationToken cancellation)
    {
        var statuses = await Task.WhenAll(_seats.Select(s => s.Link.Status(cancellation)));
        return [.. _seats.Where((_, i) => statuses[i] is not null).Select(s => s.Name)];
    }

    private async Task<IReadOnlyList<NodeStatus>?> Settled(CancellationToken cancellation)
    {
        string? tree = null;
        try
        {
            tree = _build.TreeHash(cancellation);
            if (tree is null || !_build.HasSeenAll)
                return null;
            NodeStatus[] statuses = [.. (await Task.WhenAll(_seats.Select(s => s.Link.Status(cancellation)))).OfType<NodeStatus>()];
            return statuses.Length == _seats.Count && statuses.All(s => s.Version >= 1 && (Runs(s) || _rolledBack.IsFrom(tree))) ? statuses : null;
        }
        catch (Exception e) when (e is ControlException or IOException or UnauthorizedAccessException)
        {
            return null; // a node that is too busy to answer, a file of the state directory that is damaged: the attempt finds out what is the matter, and says so
        }

        // The other configuration of the same tree is other code.
        bool Runs(NodeStatus s) => s.SourceHash == tree && s.Release is { } id && _releases.Find(id).Release?.Manifest.Configuration == _settings.Configuration;
    }

    /// <summary>For as long as the node lives: tells when it goes back by itself.</summary>
    public Task FollowTrials(NodeSeat seat, CancellationToken cancellation) =>
        new TrialFollower(seat.Link, _time, _logging.CreateLogger<TrialFollower>()).Follow(end => _trials.Tell(seat.Name, end), cancellation);

    public async ValueTask DisposeAsync()
    {
        await _deploy.DisposeAsync();
        await _aftermath.DisposeAsync();
        _trials.Dispose();
    }

    /// <summary>Null when it cannot be asked: one that hangs is restarted all the same.</summary>
    private static async Task<NodeStatus?> Served(NodeSeat seat, CancellationToken cancellation)
    {
        try
        {
            return await seat.Link.Status(cancellation);
        }
        catch (ControlException)
        {
            return null;
        }
    }

    private Task Found(NodeStatus status) => _record.Found(status, id => _releases.Find(id).Release);

    /// <summary>Nothing has come since the last attempt, whatever became of that: a poll neither repeats it nor undoes a rollback.</summary>
    private bool IsOld(DaemonEvent told) => told switch
    {
        GitPulled pulled => _admission.IsOld(pulled.To, _record.Now),
        GitRefused refused => refused == _lastRefusal,
        _ => false,
    };

    private PullRequest Request(Order order) =>
        new() { Ref = order.Ref, Commit = order.Commit, LockFile = _settings.State.PullLock, Merge = !order.Rehearse, Policy = _settings.Policy, Examine = _settings.Examine };
}
