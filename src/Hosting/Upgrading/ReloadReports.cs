using WatchReload.Control;

namespace WatchReload.Hosting.Upgrading;

/// <summary>Writes the reports of reloads, and counts their verdicts.</summary>
internal sealed class ReloadReports(NodeServices node)
{
    public int Committed { get; private set; }

    public int Refused { get; private set; }

    public ReloadReport Of(ReloadVerdict verdict, ReloadRequest request, ReloadTrace? trace = null) => new()
    {
        Verdict = verdict,
        Release = request.Release,
        Version = node.Kernel.Current.Number,
        PreviousVersion = node.Kernel.Current.Number,
        Mvid = (node.Kernel.Current as ServiceVersion)?.Release.Mvid,
        Phases = trace?.Phases ?? [],
    };

    /// <summary>It names what runs.</summary>
    public ReloadReport Unchanged(ReloadRequest request, bool isTold)
    {
        if (isTold) UpgradingLog.Unchanged(node.Logger, request.Release, node.Kernel.Current.Number);
        return Of(ReloadVerdict.Unchanged, request) with { Release = (node.Kernel.Current as ServiceVersion)?.Manifest.Id ?? request.Release };
    }

    /// <param name="transient">The problems say nothing of the release.</param>
    public ReloadReport Refuse(ReloadRequest request, IReadOnlyList<string> problems, ReloadTrace? trace = null, bool transient = false)
    {
        if (request.Delta is not null) return RefuseDelta(request, problems, trace, transient);
        Refused++;
        var (serving, all) = (node.Kernel.Current.Number, string.Join(" ", problems));
        if (serving == 0) UpgradingLog.FirstRefused(node.Logger, request.Release, all);
        else UpgradingLog.Refused(node.Logger, request.Release, serving, all);
        return Of(ReloadVerdict.Refused, request, trace) with { Problems = problems, Transient = transient };
    }

    /// <summary>Nothing was touched: the tree is built as a release then, and that has a verdict.</summary>
    private ReloadReport RefuseDelta(ReloadRequest request, IReadOnlyList<string> problems, ReloadTrace? trace, bool transient)
    {
        UpgradingLog.DeltaRefused(node.Logger, request.Release, node.Kernel.Current.Number, string.Join(" ", problems));
        return Of(ReloadVerdict.Refused, request, trace) with { Problems = problems, Transient = transient, IsFollowed = true };
    }

    /// <summary>Deltas were applied, and what they make cannot serve; what becomes of it is told by <see cref="TakenBack"/> or <see cref="ServesAllTheSame"/>.</summary>
    public ReloadReport Broken(ReloadRequest request, Objections objections, ReloadTrace trace) =>
        Of(ReloadVerdict.Refused, request, trace) with { Problems = objections.Problems, Transient = objections.Transient };

    /// <summary>It was applied, and there is no way back.</summary>
    public ReloadReport ServesAllTheSame(ReloadReport broken, string release, ReloadReport back)
    {
        Refused++;
        return broken with { Problems = [.. broken.Problems, $"The changed code serves all the same, as release {release} could not be loaded anew:", .. back.Problems, "Restart the node, or deliver another release."] };
    }

    /// <param name="before">The version that served when the reload began: whether it still does tells the verdict.</param>
    public ReloadReport Defect(ReloadRequest request, int before, Exception cause)
    {
        UpgradingLog.Defect(node.Logger, cause, request.Release);
        string[] problems = [DefectOf(cause)];
        return before == node.Kernel.Current.Number
            ? Refuse(request, problems, transient: true)
            : Of(ReloadVerdict.Committed, request) with { PreviousVersion = before, Problems = problems };
    }

    public static Objections Defective(Exception cause) => new([DefectOf(cause)], Transient: true);

    private static string DefectOf(Exception cause) => $"A defect in WatchReload, {cause.GetType().Name}: {cause.Message} Please report it, with the stack that the node's log has; watchreload status tells what serves.";

    /// <summary>The new version stays.</summary>
    public ReloadReport Stays(ReloadReport report)
    {
        Committed++;
        return report;
    }

    /// <summary>A version that had been committed did not pass its trial.</summary>
    public void WentBack() => Refused++;

    /// <summary>What does not work in the version that serves again, or what was lost on the way.</summary>
    public static IEnumerable<string> OnTheWayBack(ReloadReport back) => back.Problems.Concat(back.Warnings).Select(text => $"On the way back: {text}");

    public ReloadReport TakenBack(ReloadReport report, ReloadReport back, Setback failure)
    {
        Refused++;
        return report with { Verdict = ReloadVerdict.TakenBack, Version = back.Version, Mvid = back.Mvid, Problems = [failure.Problem, .. OnTheWayBack(back)], Transient = failure.Transient };
    }
}
