using System.Runtime.CompilerServices;
using System.Threading.Channels;
using WatchReload.Control;
using WatchReload.Hosting.Loading;
using WatchReload.Hosting.Tcp;

namespace WatchReload.Hosting.Upgrading;

/// <summary>
/// Takes the node from one version to the next, one reload at a time; of several that wait only the newest is done.
/// <see cref="ReloadSteps"/> has the steps.
/// </summary>
internal sealed class Reloader : IDisposable
{
    private const int FirstVersion = 1;
    private readonly NodeServices _node;
    private readonly Retirements _retirements;
    private readonly ReleasePointers _pointers;
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly HeldReloads _held;
    private readonly ReloadReports _reports;
    private readonly Trials _trials;
    private readonly ReloadSteps _steps;
    private readonly ReloadAttempts _attempts;
    private readonly TrialWatch _watch;
    private readonly ReloadQueue _queue = new();

    public Reloader(NodeServices node, ReleaseLoader loader, VersionFactory factory, ListenerTable listeners, Retirements retirements, ReleasePointers pointers)
    {
        (_node, _retirements, _pointers) = (node, retirements, pointers);
        TrialEnds = new TrialEnds(Statistics);
        _held = new HeldReloads(node.Kernel.Time);
        _reports = new ReloadReports(node);
        _trials = new Trials(node, pointers, listeners);
        var making = new VersionMaking(node.Kernel, factory, retirements);
        _steps = new ReloadSteps(
            node,
            new Preparation(node.Kernel, loader, making, listeners, retirements),
            new DeltaPreparation(node.Kernel, loader, making, listeners, retirements, node.Logger),
            loader,
            _held, _trials, retirements, _reports);
        _attempts = new ReloadAttempts(node, _steps, _trials, retirements, _reports);
        _watch = new TrialWatch(node, _one, _trials, _attempts, _reports, TrialEnds);
    }

    public ServiceVersion? Current => _node.Kernel.Current as ServiceVersion;

    /// <summary>Those whose hosted services may run: that which serves, behind one that a reload is replacing.</summary>
    public IReadOnlyList<ServiceVersion> Hosting => [.. new[] { _attempts.Replaced, Current }.OfType<ServiceVersion>().Distinct()];

    public Probation? Trial => _trials.Current;

    public TrialEnds TrialEnds { get; }

    public ReloadStatistics Statistics { get; } = new();

    public long Fence { get; private set; }

    public int Committed => _reports.Committed;

    public int Refused => _reports.Refused;

    public bool Decide(string id, bool commit) => _held.Decide(id, commit);

    /// <summary>The phases as they end, the report last.</summary>
    public async IAsyncEnumerable<ReloadEvent> Reload(ReloadRequest request, string id, bool rehearse, TimeSpan? hold, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var events = Channel.CreateUnbounded<ReloadEvent>();
        // Whoever asked may go away: a reload that has begun runs to its end.
        using (ExecutionContext.SuppressFlow())
            _ = Task.Run(() => Run(request, id, rehearse, hold, events.Writer, cancellation), CancellationToken.None);
        await foreach (var item in events.Reader.ReadAllAsync(CancellationToken.None)) yield return item;
    }

    /// <summary>The first load. <paramref name="onTrial"/>: another release is <c>current</c>, and stays so until this one has passed its probation.</summary>
    public async Task<ReloadReport> Start(ReloadRequest request, bool onTrial)
    {
        await _one.WaitAsync();
        try
        {
            var outcome = await _attempts.Make(request, "", rehearse: false, hold: null, new ReloadTrace(static _ => { }), onTrial);
            if (outcome.Report.Verdict != ReloadVerdict.Committed || Current is not { } current) return outcome.Report;
            if (onTrial) _pointers.BeginTrial(current.Manifest.Id);
            else _pointers.MakeCurrent(current.Manifest.Id);
            _watch.Begin(outcome.Trial);
            return outcome.Report;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>The run of the node before this one ended on a release that was on trial. Whoever follows trials is told.</summary>
    /// <param name="release">That was on trial.</param>
    /// <param name="starts">What the node starts on: that one all the same, when somebody wants it so. Null: nothing.</param>
    /// <param name="now">When it is found.</param>
    public void DiedOnTrial(string release, string? starts, DateTimeOffset now)
    {
        NodeLog.DiedOnTrial(_node.Logger, release, starts ?? "nothing");
        TrialEnds.Add(new TrialEnd
        {
            Release = release,
            Version = 0, // it went with the process
            Outcome = starts == release ? TrialOutcome.Kept : TrialOutcome.TakenBack,
            Serves = FirstVersion,
            Time = now,
            Problems = [$"The node died while {release} was on trial. It starts on {starts ?? "nothing"}."],
        });
    }

    /// <summary>The node stops in order: no reload begins any more, and none that has begun is committed.</summary>
    public void BeginStop()
    {
        _steps.Stop();
        _held.AbortAll();
    }

    /// <summary>What is on trial has not died.</summary>
    /// <param name="patience">For a reload under way, which has been told by <see cref="BeginStop"/>.</param>
    public async Task Stop(TimeSpan patience)
    {
        // A reload that does not end must not keep the node from stopping.
        var entered = _one.Wait(0) || await Entered(patience);
        try
        {
            _trials.Stop();
        }
        finally
        {
            if (entered) _one.Release();
        }
    }

    /// <summary>The node has stopped: the last version ends like every other. False: its container was not disposed of by then.</summary>
    public async Task<bool> EndCurrent(TimeSpan within)
    {
        if (Current is not { } current) return true;
        _retirements.Replaced(current);
        var ending = Task.Run(() => _retirements.DisposeContainer(current));
        if (await Deadlines.AreKept(ending, within, _node.Kernel.Time)) return true;
        UpgradingLog.DisposeGoesOn(_node.Logger, current.Number);
        return false;
    }

    public void Dispose()
    {
        _trials.Dispose();
        _one.Dispose();
    }

    private async Task<bool> Entered(TimeSpan patience)
    {
        using var enough = new CancellationTokenSource(patience, _node.Kernel.Time);
        try
        {
            await _one.WaitAsync(enough.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task Run(ReloadRequest request, string id, bool rehearse, TimeSpan? hold, ChannelWriter<ReloadEvent> events, CancellationToken gone)
    {
        // A rehearsal changes nothing, so it takes nobody's place.
        var place = rehearse ? null : _queue.Enter(request);
        var report = _reports.Of(ReloadVerdict.Superseded, request);
        try
        {
            await _one.WaitAsync(gone);
        }
        catch (OperationCanceledException nobodyWaits)
        {
            if (place is null || _queue.Leave(place))
            {
                events.Complete(nobodyWaits);
                return;
            }

            await _one.WaitAsync(CancellationToken.None);
        }

        var before = _node.Kernel.Current.Number;
        try
        {
            if (place is null || _queue.Begin(place, waiting => Unexpected(waiting) is null)) report = await Run(request, id, rehearse, hold, new ReloadTrace(e => events.TryWrite(e)));
        }
        catch (Exception cause)
        {
            report = _reports.Defect(request, before, cause);
        }
        finally
        {
            _one.Release();
            if (!report.IsFollowed && !WalkCauses.IsPractice(request, rehearse)) Statistics.Add(report);
            events.TryWrite(new ReloadEvent { Report = report });
            events.Complete();
        }
    }

    private async Task<ReloadReport> Run(ReloadRequest request, string id, bool rehearse, TimeSpan? hold, ReloadTrace trace)
    {
        if (Unexpected(request) is { } problem) return WalkCauses.IsWalk(request, rehearse) ? _reports.Of(ReloadVerdict.Superseded, request) : _reports.Refuse(request, [problem], transient: true);
        if (!rehearse) Fence = request.Fence; // a rehearsal changes nothing, so it is in no later request's way
        var outcome = await _attempts.Make(request, id, rehearse, hold, trace);
        _watch.Begin(outcome.Trial);
        return outcome.Report;
    }

    /// <summary>Why the request is not meant for this node as it is now; null when it is.</summary>
    private string? Unexpected(ReloadRequest request)
    {
        var version = _node.Kernel.Current.Number;
        if (_steps.IsStopped) return ReloadSteps.Stopping;
        if (request.ExpectInstance != _node.Instance) return "The request is for another run of the node, which has been started again since. Ask for its status and send the request anew.";
        if (request.ExpectVersion != version) return $"The request replaces version {request.ExpectVersion}, and version {version} serves. Ask for the status and send the request anew.";
        if (request.Fence <= Fence) return $"The request's fence {request.Fence} is not above {Fence}, the highest seen: a later request was first.";
        return null;
    }
}
