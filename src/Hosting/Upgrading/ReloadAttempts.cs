using WatchReload.Control;
using WatchReload.Hosting.Upgrading.Mapping;

namespace WatchReload.Hosting.Upgrading;

/// <summary>
/// Reloads, and goes back by another reload when the new version fails after the point of no return and the way back loses nothing.
/// </summary>
internal sealed class ReloadAttempts(NodeServices node, ReloadSteps steps, Trials trials, Retirements retirements, ReloadReports reports)
{
    /// <summary>The version that a reload is replacing, whose hosted services may run yet.</summary>
    public ServiceVersion? Replaced => steps.Replaced;

    /// <summary>No reload begins any more, the way back neither.</summary>
    public bool IsStopping => steps.IsStopped;

    public async Task<ReloadOutcome> Make(ReloadRequest request, string id, bool rehearse, TimeSpan? hold, ReloadTrace trace, bool firstOnTrial = false)
    {
        try
        {
            return await Done(request, await steps.Run(request, id, rehearse, hold, trace, firstOnTrial));
        }
        finally
        {
            steps.End();
        }
    }

    private async Task<ReloadOutcome> Done(ReloadRequest request, SteppedReload stepped)
    {
        if (stepped.Broken is { } broken) return await Mend(broken, request, stepped.Report);
        var (report, committed) = (stepped.Report, stepped.Committed);
        if (committed is null) return new(report);
        if (committed is { Failure: { } failure, Previous: { } previous }) return await Failed(committed, previous, failure, report);

        UpgradingLog.Committed(node.Logger, committed.Next.Number, request.Release, report.Mapped, report.LateCount, report.GateMs);
        return await Stay(committed, reports.Stays(report));
    }

    /// <summary>Back to a release that served before.</summary>
    public async Task<ReloadOutcome> GoBack(ReleaseManifest to)
    {
        var request = ReleaseContent.WayBack(to, node);
        var before = node.Kernel.Current.Number;
        try
        {
            return await Make(request, "", rehearse: false, hold: null, new ReloadTrace(static _ => { }));
        }
        catch (Exception cause)
        {
            return new(reports.Defect(request, before, cause));
        }
    }

    /// <summary>Deltas were applied and could not be committed: the release before them is loaded anew, which no longer shares anything with them.</summary>
    private async Task<ReloadOutcome> Mend(ServiceVersion broken, ReloadRequest request, ReloadReport report)
    {
        var failure = string.Join(" ", report.Problems);
        UpgradingLog.DeltaFailed(node.Logger, request.Release, failure);
        if (!report.Transient) trials.Condemn(request.Delta!.SourceHash);
        var back = await GoBack(broken.Manifest);
        return back.Report.Verdict == ReloadVerdict.Committed
            ? back with { Report = reports.TakenBack(report, back.Report, new Setback(failure, report.Transient)) }
            : new(reports.ServesAllTheSame(report, broken.Manifest.Id, back.Report));
    }

    private async Task<ReloadOutcome> Failed(CommittedReload committed, ServiceVersion previous, Setback failure, ReloadReport report)
    {
        var (request, next) = (committed.Request, committed.Next);
        if (request.Cause == ReleaseContent.ProbationCause || committed.Reversible != Reversibility.Yes)
        {
            UpgradingLog.NotTakenBack(node.Logger, request.Release, failure.Problem);
            var reason = request.Cause == ReleaseContent.ProbationCause ? "it is what the node went back to" : "the way back would lose data";
            next.Fails(failure.Problem);
            return await Stay(committed, reports.Stays(report) with { Problems = [failure.Problem, $"It serves all the same, as {reason}. Mend it with another release."] });
        }

        UpgradingLog.TakingBack(node.Logger, request.Release, failure.Problem);
        if (!failure.Transient) trials.Condemn(next.Manifest.ContentHash);
        // The hosted services of the failed version were never started.
        await HostedServices.Stop(previous, node.Kernel.Time, node.Logger);
        var to = previous.Manifest;
        retirements.Add(previous);
        var back = await GoBack(to);
        if (back.Report.Verdict == ReloadVerdict.Committed) return back with { Report = reports.TakenBack(report, back.Report, failure) };

        next.Fails(failure.Problem);
        trials.Settle();
        var unstarted = await HostedServices.Start(next, node.Kernel.Time, node.Logger);
        return await OnTrial(committed, to, reports.Stays(report) with { Problems = [failure.Problem, "It could not be taken back and serves all the same:", .. back.Report.Problems, .. unstarted] });
    }

    private async Task<ReloadOutcome> Stay(CommittedReload committed, ReloadReport report)
    {
        trials.Settle();
        var to = committed.Previous?.Manifest;
        if (committed.Previous is { } previous)
        {
            await HostedServices.Stop(previous, node.Kernel.Time, node.Logger);
            retirements.Add(previous);
        }

        // After the commit a worker that does not start is told, and is no reason to go back: those that are connected are served.
        var unstarted = await HostedServices.Start(committed.Next, node.Kernel.Time, node.Logger);
        return await OnTrial(committed, to, report with { Problems = [.. report.Problems, .. unstarted] });
    }

    private async Task<ReloadOutcome> OnTrial(CommittedReload committed, ReleaseManifest? before, ReloadReport report)
    {
        if (trials.Current is not { } probation)
        {
            if (committed.Previous is not null) await trials.StopUndeclared();
            return new(report);
        }

        // From where the node has gone back it does not go back once more.
        var reversible = committed.Request.Cause == ReleaseContent.ProbationCause ? Reversibility.No : committed.Reversible;
        var manifest = committed.Next.Manifest;
        return new(report, new Trial(probation, manifest.Id, manifest.ContentHash, reversible == Reversibility.Yes ? before : null));
    }
}

/// <summary>What a reload has led to.</summary>
/// <param name="Trial">The trial that has begun, if any: to be watched.</param>
internal sealed record ReloadOutcome(ReloadReport Report, Trial? Trial = null);
