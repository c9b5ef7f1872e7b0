using WatchReload.Control;
using WatchReload.Hosting.Kernel;
using WatchReload.Hosting.Loading;

namespace WatchReload.Hosting.Upgrading;

/// <summary>
/// The steps of one reload.
/// </summary>
/// <remarks>
/// Theory of operation.
/// <code>
/// load -> plan -> warm up -> prepare -> gate -> commit | listen -> sweep -> code change -> retire
///                                                      ^ the point of no return
/// </code>
/// Before it nothing of what serves is touched: every step makes something beside it, and a failure lets go of all that was made. After it
/// the only way back is another reload, of the release before, under a new version number (<see cref="ReloadAttempts"/>).
/// What can never happen: two versions that are current; a report of success before the new version serves.
/// </remarks>
internal sealed class ReloadSteps(
    NodeServices node,
    Preparation preparation,
    DeltaPreparation deltas,
    ReleaseLoader loader,
    HeldReloads held,
    Trials trials,
    Retirements retirements,
    ReloadReports reports)
{
    public const string Stopping = "The node is stopping. Send the request anew when it has been started again.";
    private readonly ActorKernel _kernel = node.Kernel;
    private volatile bool _stopped;
    private volatile ServiceVersion? _replaced;

    public bool IsStopped => _stopped;

    /// <summary>From just before a commit until <see cref="End"/>: the version before, whose hosted services may run yet.</summary>
    public ServiceVersion? Replaced => _replaced;

    /// <summary>The node stops: what has not been committed is refused.</summary>
    public void Stop() => _stopped = true;

    /// <summary>The reload has done with the version before.</summary>
    public void End() => _replaced = null;

    /// <param name="firstOnTrial">Whether a first load is on trial; a later one is unless it is proven.</param>
    public async Task<SteppedReload> Run(ReloadRequest request, string id, bool rehearse, TimeSpan? hold, ReloadTrace trace, bool firstOnTrial)
    {
        var previous = _kernel.Current as ServiceVersion;
        if (request.Delta is not null) return await RunDelta(request, previous, trace);
        if (previous is not null && !request.Force && IsUnchanged(request, previous, rehearse)) return new(reports.Unchanged(request, isTold: !WalkCauses.IsPractice(request, rehearse)));

        var (prepared, objections) = await OwnThreads.Run(() => preparation.Make(request, previous, trace));
        if (prepared is null) return new(reports.Refuse(request, objections.Problems, trace, objections.Transient));
        await using var lettingGo = prepared;
        if (rehearse) return new(Planned(ReloadVerdict.Rehearsed, request, prepared, trace) with { Mapped = _kernel.Count });
        if (hold is { } patience)
        {
            if (!await held.Wait(id, patience, trace.Held)) return new(reports.Refuse(request, ["The prepared reload was aborted, or nobody committed it in time."], trace, transient: true));
            trace.Skip();
            objections = await prepared.CatchUp();
            if (objections.Problems.Count > 0) return new(reports.Refuse(request, objections.Problems, trace, objections.Transient));
        }

        if (IsStopped) return new(reports.Refuse(request, [Stopping], trace, transient: true));
        _replaced = previous;
        var onTrial = previous is null ? firstOnTrial : !trials.IsProven(request);
        objections = await OwnThreads.Run(() => prepared.Commit(request.RefuseStragglers, onTrial, () => _stopped));
        if (!prepared.Change.IsCommitted) return new(reports.Refuse(request, objections.Problems, trace, objections.Transient));
        trace.Ended("gate");
        trials.Begin(request, previous, prepared.Next, onTrial);
        return await AfterCommit(request, previous, prepared, trace);
    }

    /// <summary>Nothing of it is held or rehearsed: once deltas are applied there is nothing to let go of.</summary>
    private async Task<SteppedReload> RunDelta(ReloadRequest request, ServiceVersion? previous, ReloadTrace trace)
    {
        if (IsStopped) return new(reports.Refuse(request, [Stopping], trace, transient: true));
        var made = await OwnThreads.Run(() => deltas.Make(request, previous, trace));
        if (made.Prepared is not { } prepared) return Ended(made.Objections);
        await using var lettingGo = prepared;
        _replaced = previous;
        Objections objections;
        try
        {
            objections = await OwnThreads.Run(() => prepared.Commit(refuseStragglers: false, onTrial: true, () => _stopped));
        }
        catch (Exception cause) when (!prepared.Change.IsCommitted)
        {
            UpgradingLog.Defect(node.Logger, cause, request.Release);
            objections = ReloadReports.Defective(cause); // what was applied has to be undone all the same
        }

        if (!prepared.Change.IsCommitted) return Ended(objections);
        trace.Ended("gate");
        trials.BeginUnreleased(request, previous!, prepared.Next);
        return await AfterCommit(request, previous, prepared, trace);

        SteppedReload Ended(Objections why) => made.IsApplied
            ? new(reports.Broken(request, why, trace)) { Broken = previous }
            : new(reports.Refuse(request, why.Problems, trace, why.Transient));
    }

    /// <summary>The content is the same; or it is what deltas have made of what serves, and gives that its name, unless it is rehearsed.</summary>
    private bool IsUnchanged(ReloadRequest request, ServiceVersion previous, bool rehearse)
    {
        if (ReleaseContent.Of(request) is not { } asked) return false;
        if (asked.ContentHash == previous.Manifest.ContentHash) return true;
        if (previous.Release.Deltas == 0 || asked.SourceHash != previous.Manifest.SourceHash || asked.Configuration != previous.Manifest.Configuration) return false;
        if (rehearse) return true;
        if (!loader.Adopt(previous.Release, request.Directory, request.ManifestHash)) return false;
        trials.Released(previous.Manifest.Id);
        UpgradingLog.Released(node.Logger, previous.Number, previous.Manifest.Id);
        return true;
    }

    private async Task<SteppedReload> AfterCommit(ReloadRequest request, ServiceVersion? previous, PreparedReload prepared, ReloadTrace trace)
    {
        prepared.Next.Shared.Keep();
        if (previous is not null) retirements.Replaced(previous);
        trace.Ended("commit");
        PausePoint.Reach("committed");
        var failure = await prepared.Listen();
        var mapped = await prepared.Change.ChangeOver(node.Logger);
        trace.Ended("sweep");
        if (previous is not null) failure ??= await CodeChange.Run(node, request, previous, prepared.Next);
        trace.Ended("codechange");
        if (failure is not null && previous is null) return new(reports.Refuse(request, [failure.Problem], trace, failure.Transient));

        var change = prepared.Change;
        var now = Census.Of(_kernel);
        var report = Planned(ReloadVerdict.Committed, request, prepared, trace) with
        {
            PreviousVersion = previous?.Number ?? 0,
            GateMs = Math.Round(Math.Max(change.GateMilliseconds, prepared.GateBefore ?? 0), 3),
            GateClosings = change.GateClosings + (prepared.GateBefore is null ? 0 : 1),
            Mapped = mapped,
            Late = [.. change.Late.Take(ActorNotice.MostNamed).Select(l => Notices.Late(l.Key, l.Value))],
            LateCount = change.LateCount,
            Parked = now.NamedParked,
            ParkedCount = now.ParkedCount,
        };
        return new(report, new CommittedReload(request, previous, prepared.Next, prepared.Plan.Reversible, failure));
    }

    private ReloadReport Planned(ReloadVerdict verdict, ReloadRequest request, PreparedReload prepared, ReloadTrace trace) =>
        reports.Of(verdict, request, trace) with { Reversible = prepared.Plan.Reversible.ToString().ToLowerInvariant(), Losses = prepared.Plan.Losses, Warnings = prepared.Plan.Warnings };
}
