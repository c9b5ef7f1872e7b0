using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using WatchReload.Control;
using WatchReload.Hosting.Kernel;
using WatchReload.Hosting.Loading;
using WatchReload.Hosting.Tcp;
using WatchReload.Hosting.Upgrading.Mapping;

namespace WatchReload.Hosting.Upgrading;

/// <summary>
/// Takes the node from one version to the next.
/// </summary>
/// <remarks>
/// Theory of operation.
/// <code>
/// load -> plan -> warm up -> prepare -> gate -> commit | listen -> sweep -> code change -> retire
///                                                      ^ the point of no return
/// </code>
/// Before it nothing of what serves is touched: every step makes something beside it, and a failure lets go of all that was made. After it
/// the only way back is another reload, of the release before, under a new version number. One reload at a time; of several that
/// wait only the newest is done.
/// What can never happen: two versions that are current; a report of success before the new version serves.
/// </remarks>
internal sealed class Reloader(
    NodeServices node,
    ReleaseLoader loader,
    VersionFactory factory,
    ListenerTable listeners,
    Retirements retirements,
    ReleasePointers pointers) : IDisposable
{
    private static readonly TimeSpan CodeChangeDeadline = TimeSpan.FromSeconds(30);
    private const string Stopping = "The node is stopping. Send the request anew when it has been started again.";
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly HeldReloads _held = new(node.Kernel.Time);
    private readonly ActorKernel _kernel = node.Kernel;
    private readonly ILogger _logger = node.Logger;
    private long _newest;
    private CancellationTokenSource? _trialReplaced;
    private volatile bool _stopping;

    public ServiceVersion? Current => _kernel.Current as ServiceVersion;

    public Probation? Trial { get; private set; }

    public long Fence { get; private set; }

    public int Committed { get; private set; }

    public int Refused { get; private set; }

    public bool Decide(string id, bool commit) => _held.Decide(id, commit);

    /// <summary>The phases as they end, the report last.</summary>
    public async IAsyncEnumerable<ReloadEvent> Reload(ReloadRequest request, string id, bool rehearse, TimeSpan? hold, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var events = Channel.CreateUnbounded<ReloadEvent>();
        // Whoever asked may go away: the reload runs to its end.
        using (ExecutionContext.SuppressFlow())
            _ = Task.Run(() => Run(request, id, rehearse, hold, events.Writer), CancellationToken.None);
        await foreach (var item in events.Reader.ReadAllAsync(cancellation)) yield return item;
    }

    /// <summary>The first load. <paramref name="onTrial"/>: another release is <c>current</c>, and stays so until this one has passed its probation.</summary>
    public async Task<ReloadReport> Start(ReloadRequest request, bool onTrial)
    {
        await _one.WaitAsync();
        try
        {
            var report = await Attempt(request, "", rehearse: false, hold: null, new ReloadTrace(static _ => { }), onTrial);
            if (report.Verdict != ReloadVerdict.Committed || Current is not { } current) return report;
            if (onTrial)
            {
                pointers.BeginTrial(current.Manifest.Id);
                await WatchTrial(request, before: null, current, Reversibility.No);
            }
            else
            {
                pointers.MakeCurrent(current.Manifest.Id);
            }

            return report;
        }
        finally
        {
            _one.Release();
        }
    }

    public void DiedOnTrial(string release, string? current) => NodeLog.DiedOnTrial(_logger, release, current ?? "what it is told");

    /// <summary>The node stops in order: no reload begins any more, and what is on trial has not died.</summary>
    public async Task Stop(TimeSpan patience)
    {
        _stopping = true;
        _held.AbortAll();
        // A reload that does not end must not keep the node from stopping.
        var entered = await _one.WaitAsync(patience);
        try
        {
            if (Trial is { } trial) Remember("current", () => pointers.MakeCurrent(trial.Release));
            EndTrial();
        }
        finally
        {
            if (entered) _one.Release();
        }
    }

    /// <summary>The node has stopped: the last version ends like every other.</summary>
    public async Task EndCurrent()
    {
        if (Current is not { } current) return;
        retirements.Replaced(current);
        await retirements.DisposeContainer(current);
    }

    public void Dispose()
    {
        _trialReplaced?.Cancel();
        _trialReplaced?.Dispose();
        _one.Dispose();
    }

    private async Task Run(ReloadRequest request, string id, bool rehearse, TimeSpan? hold, ChannelWriter<ReloadEvent> events)
    {
        // A rehearsal changes nothing, so it takes nobody's place.
        var mine = rehearse ? 0 : Interlocked.Increment(ref _newest);
        var report = Report(ReloadVerdict.Superseded, request);
        await _one.WaitAsync();
        var before = _kernel.Current.Number;
        try
        {
            if (rehearse || mine == Interlocked.Read(ref _newest))
                report = Expected(request) is { } problem ? Refuse(request, [problem]) : await Attempt(request, id, rehearse, hold, new ReloadTrace(e => events.TryWrite(e)));
        }
        catch (Exception cause)
        {
            UpgradingLog.Defect(_logger, cause, request.Release);
            string[] problems = [$"A defect in WatchReload, {cause.GetType().Name}: {cause.Message}"];
            report = before == _kernel.Current.Number
                ? Refuse(request, problems)
                : Report(ReloadVerdict.Committed, request) with { PreviousVersion = before, Problems = problems };
        }
        finally
        {
            _one.Release();
            events.TryWrite(new ReloadEvent { Report = report });
            events.Complete();
        }
    }

    /// <summary>Whether the request is meant for this node as it is now.</summary>
    private string? Expected(ReloadRequest request)
    {
        if (_stopping) return Stopping;
        if (request.ExpectInstance != node.Instance) return "The request is for another run of the node, which has been started again since. Ask for its status and send the request anew.";
        if (request.ExpectVersion != _kernel.Current.Number) return $"The request replaces version {request.ExpectVersion}, and version {_kernel.Current.Number} serves. Ask for the status and send the request anew.";
        if (request.Fence <= Fence) return $"The request's fence {request.Fence} is not above {Fence}, the highest seen: a later request was first.";
        Fence = request.Fence;
        return null;
    }

    private async Task<ReloadReport> Attempt(ReloadRequest request, string id, bool rehearse, TimeSpan? hold, ReloadTrace trace, bool firstOnTrial = false)
    {
        var previous = Current;
        if (previous is not null && !request.Force && ReleaseContent.HashOf(request) == previous.Manifest.ContentHash)
            return Report(ReloadVerdict.Unchanged, request);

        var loaded = loader.Load(request.Directory, request.ManifestHash.Length == 0 ? null : request.ManifestHash, previous?.Release);
        if (!loaded.Succeeded) return Refuse(request, [.. loaded.Problems.Select(p => p.ToString())], trace);
        var number = (previous?.Number ?? 0) + 1;
        var (next, problems) = await factory.Create(number, loaded.Release, request.Rollback ? MappingDirection.Rollback : MappingDirection.Forward);
        trace.Ended("load");
        if (next is null)
        {
            loaded.Release.Retire();
            return Refuse(request, problems, trace);
        }

        var (kept, onTrial) = (false, false);
        try
        {
            var plan = ReloadPlan.Make(_kernel, next);
            trace.Ended("plan");
            if (plan.Problems.Count > 0) return Refuse(request, plan.Problems, trace);
            WarmUp.Run(next);
            trace.Ended("warmup");

            using var change = new Switch(_kernel, next);
            var added = listeners.Prepare(next.Declaration.Listeners.Values);
            try
            {
                problems = [.. change.Prepare(CancellationToken.None), .. added.Problems];
                trace.Ended("prepare");
                if (problems.Count > 0) return Refuse(request, problems, trace);
                if (rehearse) return Report(ReloadVerdict.Rehearsed, request, trace) with { Mapped = _kernel.Count, Reversible = Text(plan.Reversible), Warnings = plan.Warnings };
                if (hold is { } patience)
                {
                    if (!await _held.Wait(id, patience)) return Refuse(request, ["The prepared reload was aborted, or nobody committed it in time."], trace);
                    trace.Skip();
                    change.CatchUp(CancellationToken.None);
                }

                if (_stopping) return Refuse(request, [Stopping], trace);
                onTrial = previous is null ? firstOnTrial : !IsProven(request);
                problems = change.Commit(request.RefuseStragglers, onTrial, CancellationToken.None);
                if (problems.Count > 0) return Refuse(request, problems, trace);
                kept = true;
            }
            finally
            {
                if (!kept) await added.Abandon();
            }

            trace.Ended("gate");
            BeginTrial(request, previous, next, onTrial);
            return await AfterCommit(request, previous, next, plan, change, added, trace);
        }
        finally
        {
            if (!kept) await LetGo(next);
        }
    }

    private async Task<ReloadReport> AfterCommit(ReloadRequest request, ServiceVersion? previous, ServiceVersion next, ReloadPlan plan, Switch change, ListenerChange added, ReloadTrace trace)
    {
        if (previous is not null) retirements.Replaced(previous);
        trace.Ended("commit");
        string? failure = null;
        try
        {
            await added.Listen();
        }
        catch (Exception cause)
        {
            failure = $"A listener that the release adds could not listen: {cause.Message}";
            await added.Abandon();
        }

        var mapped = await change.Sweep();
        trace.Ended("sweep");
        if (previous is not null) failure ??= await CodeChange(request, previous, next);
        trace.Ended("codechange");

        var report = Report(ReloadVerdict.Committed, request, trace) with
        {
            PreviousVersion = previous?.Number ?? 0,
            GateMs = Math.Round(change.GateMilliseconds, 3),
            Mapped = mapped,
            Late = [.. change.Late.Select(Notices.Late)],
            Parked = Notices.ParkedOf(_kernel),
            Reversible = Text(plan.Reversible),
            Warnings = plan.Warnings,
        };
        if (failure is not null && previous is not null) return await TakeBack(request, previous, next, plan, failure, report);
        if (failure is not null) return Refuse(request, [failure], trace);

        Committed++;
        UpgradingLog.Committed(_logger, next.Number, request.Release, mapped, change.Late.Count, change.GateMilliseconds);
        await TurnOverHostedServices(previous, next);
        if (previous is not null) await WatchTrial(request, previous.Manifest, next, plan.Reversible);
        return report;
    }

    private async Task TurnOverHostedServices(ServiceVersion? previous, ServiceVersion next)
    {
        if (previous is not null)
        {
            await StopHostedServices(previous);
            retirements.Add(previous);
        }

        await HostedServices.Start(next, _kernel.Time, _logger);
    }

    private async Task StopHostedServices(ServiceVersion version)
    {
        if (version.HostsServices) await HostedServices.Stop(version, _kernel.Time, _logger);
    }

    private async Task<string?> CodeChange(ReloadRequest request, ServiceVersion previous, ServiceVersion next)
    {
        using var deadline = new CancellationTokenSource(CodeChangeDeadline, _kernel.Time);
        try
        {
            var context = new Actors.CodeChangeContext(previous.Number, next.Number, request.Rollback, _kernel, next.Services, deadline.Token);
            Task running;
            using (ExecutionContext.SuppressFlow()) running = Task.Run(() => next.Service!.CodeChange(context).AsTask(), CancellationToken.None);
            await running.WaitAsync(CodeChangeDeadline + TimeSpan.FromSeconds(1), _kernel.Time);
            return null;
        }
        catch (Exception cause)
        {
            var problem = cause is TimeoutException || deadline.IsCancellationRequested
                ? $"CodeChange did not end within {CodeChangeDeadline.TotalSeconds:0} s."
                : $"CodeChange threw {cause.GetType().Name}: {cause.Message}";
            UpgradingLog.CodeChangeFailed(_logger, next.Number, problem);
            return problem;
        }
    }

    /// <summary>Goes back to the release before, by a reload of it; the hosted services of the failed version were never started.</summary>
    private async Task<ReloadReport> TakeBack(ReloadRequest request, ServiceVersion previous, ServiceVersion next, ReloadPlan plan, string failure, ReloadReport report)
    {
        if (request.Cause == ReleaseContent.ProbationCause || plan.Reversible != Reversibility.Yes)
        {
            UpgradingLog.NotTakenBack(_logger, request.Release, failure);
            await TurnOverHostedServices(previous, next);
            await WatchTrial(request, previous.Manifest, next, plan.Reversible);
            Committed++;
            return report with { Problems = [failure, "It serves all the same, as the way back would lose data. Mend it with another release."] };
        }

        UpgradingLog.TakingBack(_logger, request.Release, failure);
        Remember("bad", () => pointers.MarkBad(next.Manifest.ContentHash));
        await StopHostedServices(previous);
        var to = previous.Manifest;
        retirements.Add(previous);
        var back = await GoBack(to);
        if (back.Verdict == ReloadVerdict.Committed)
        {
            Refused++;
            return report with { Verdict = ReloadVerdict.TakenBack, Version = back.Version, Mvid = back.Mvid, Problems = [failure] };
        }

        await HostedServices.Start(next, _kernel.Time, _logger);
        await WatchTrial(request, to, next, plan.Reversible);
        Committed++;
        return report with { Problems = [failure, "It could not be taken back and serves all the same:", .. back.Problems] };
    }

    private async Task<ReloadReport> GoBack(ReleaseManifest to)
    {
        var request = ReleaseContent.WayBack(to, node);
        try
        {
            return await Attempt(request, "", rehearse: false, hold: null, new ReloadTrace(static _ => { }));
        }
        catch (Exception cause)
        {
            UpgradingLog.Defect(_logger, cause, to.Id);
            return Refuse(request, [$"A defect in WatchReload, {cause.GetType().Name}: {cause.Message}"]);
        }
    }

    /// <summary>The way back leads, as a rule, to what has passed its probation: unless that was replaced on trial as well.</summary>
    private bool IsProven(ReloadRequest request) => request.Cause == ReleaseContent.ProbationCause && pointers.Current == request.Release;

    private void BeginTrial(ReloadRequest request, ServiceVersion? previous, ServiceVersion next, bool onTrial)
    {
        _trialReplaced?.Cancel();
        _trialReplaced = null;
        Trial = onTrial ? new Probation(_kernel, next.Manifest.Id, TimeSpan.FromSeconds(request.ProbationSeconds)) : null;
        // The first release is remembered when it serves.
        if (previous is null) return;
        if (onTrial) Remember("trial", () => pointers.BeginTrial(next.Manifest.Id));
        else Remember("current", () => pointers.MakeCurrent(next.Manifest.Id));
    }

    private async Task WatchTrial(ReloadRequest request, ReleaseManifest? before, ServiceVersion next, Reversibility reversible)
    {
        if (Trial is not { } trial)
        {
            await StopUndeclared();
            return;
        }

        // From where the node has gone back it does not go back once more.
        if (request.Cause == ReleaseContent.ProbationCause) reversible = Reversibility.No;
        var replaced = _trialReplaced = new CancellationTokenSource();
        var (release, content) = (next.Manifest.Id, next.Manifest.ContentHash);
        using (ExecutionContext.SuppressFlow())
            _ = Task.Run(() => EndOfTrial(trial, before, release, content, reversible, replaced.Token));
    }

    private async Task EndOfTrial(Probation trial, ReleaseManifest? before, string release, string content, Reversibility reversible, CancellationToken replaced)
    {
        try
        {
            // The way back must not be pruned meanwhile.
            using var held = before is null ? null : ReleaseLease.TryTake(node.State, before.Id);
            var reason = await trial.Outcome(replaced);
            await _one.WaitAsync(replaced);
            try
            {
                if (replaced.IsCancellationRequested) return;
                if (reason is not null && reversible == Reversibility.Yes && before is not null)
                {
                    UpgradingLog.TakingBack(_logger, release, reason);
                    Remember("bad", () => pointers.MarkBad(content));
                    if ((await GoBack(before)).Verdict == ReloadVerdict.Committed) return;
                }
                else if (reason is not null)
                {
                    UpgradingLog.NotTakenBack(_logger, release, reason);
                }

                Remember("current", () => pointers.MakeCurrent(release));
                EndTrial();
                if (reason is null) UpgradingLog.ProbationPassed(_logger, release);
                await StopUndeclared();
            }
            finally
            {
                _one.Release();
            }
        }
        catch (OperationCanceledException) when (replaced.IsCancellationRequested)
        {
            // The next commit has replaced the trial, or the node stops.
        }
        catch (Exception cause)
        {
            UpgradingLog.Defect(_logger, cause, release);
        }
    }

    private void EndTrial()
    {
        _trialReplaced?.Cancel();
        _trialReplaced = null;
        Trial = null;
        _kernel.OnTrial = false;
    }

    /// <summary>A full disk is no reason to break off after the point of no return.</summary>
    private void Remember(string what, Action write)
    {
        try
        {
            write();
        }
        catch (Exception cause)
        {
            UpgradingLog.NotRemembered(_logger, cause, what);
        }
    }

    /// <summary>What the current version does not declare has had its time.</summary>
    private async Task StopUndeclared()
    {
        if (Current is not { } current) return;
        foreach (var name in _kernel.Names.ToArray())
            if (!current.Declaration.Actors.ContainsKey(name)) _kernel.FindNamed(name)?.RequestStop(Actors.StopReason.Undeclared);
        await listeners.StopUndeclared(current.Declaration.Listeners.Values);
    }

    private async Task LetGo(ServiceVersion refused)
    {
        retirements.Replaced(refused);
        await retirements.DisposeContainer(refused);
        refused.Release.Retire();
    }

    private ReloadReport Refuse(ReloadRequest request, IReadOnlyList<string> problems, ReloadTrace? trace = null)
    {
        Refused++;
        UpgradingLog.Refused(_logger, request.Release, _kernel.Current.Number, string.Join(" ", problems));
        return Report(ReloadVerdict.Refused, request, trace) with { Problems = problems };
    }

    private ReloadReport Report(ReloadVerdict verdict, ReloadRequest request, ReloadTrace? trace = null) => new()
    {
        Verdict = verdict,
        Release = request.Release,
        Version = _kernel.Current.Number,
        PreviousVersion = _kernel.Current.Number,
        Mvid = Current?.Release.Mvid,
        Phases = trace?.Phases ?? [],
    };

    private static string Text(Reversibility reversible) => reversible switch
    {
        Reversibility.Yes => "yes",
        Reversibility.Lossy => "lossy",
        _ => "no",
    };
}
