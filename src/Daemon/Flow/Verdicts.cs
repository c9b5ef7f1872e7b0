using WatchReload.Control;
using WatchReload.Daemon.Delivery;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Flow;

/// <summary>A node's report in the words of the events.</summary>
internal static class Verdicts
{
    /// <param name="verdict">The node's.</param>
    /// <param name="release">That was delivered.</param>
    /// <param name="cause">Of the order.</param>
    /// <param name="times">Of its other parts.</param>
    public static DaemonEvent Event(NodeVerdict verdict, Release release, string cause, DeliveryTimes times)
    {
        var report = verdict.Report;
        return report.Verdict switch
        {
            ReloadVerdict.Committed => Committed(verdict.Node, report, release, times),
            ReloadVerdict.Unchanged => new ReloadUnchanged(verdict.Node, report.Version, report.Release),
            ReloadVerdict.Rehearsed => new ReloadRehearsed(verdict.Node, report.Version, release.Id) { Phases = report.Phases, Mapped = report.Mapped, Reversible = report.Reversible, Losses = report.Losses, Warnings = report.Warnings },
            // Another command's reload, which did not come by this daemon.
            ReloadVerdict.Superseded => new ReloadSuperseded(cause, "reload"),
            _ => new ReloadRefused(verdict.Node, report.Version, release.Id, Problems(report))
            {
                TakenBack = report.Verdict == ReloadVerdict.TakenBack,
                Unknown = verdict.Unknown,
                Transient = report.Transient || report.Verdict == ReloadVerdict.Superseded,
                Phases = report.Phases,
            },
        };
    }

    private static ReloadCommitted Committed(string node, ReloadReport report, Release release, DeliveryTimes times) => new(node, report.Version, release.Id)
    {
        PreviousVersion = report.PreviousVersion,
        Commit = release.Manifest.Commit,
        Mvid = report.Mvid,
        Lane = times.Lane ?? release.Manifest.Lane,
        LaneReason = times.LaneReason,
        BuildMs = times.BuildMs,
        TotalMs = times.TotalMs(),
        Phases = report.Phases,
        GateMs = report.GateMs,
        GateClosings = report.GateClosings,
        Mapped = report.Mapped,
        Late = report.Late,
        LateCount = report.LateCount,
        Parked = report.Parked,
        ParkedCount = report.ParkedCount,
        Reversible = report.Reversible,
        Losses = report.Losses,
        Warnings = [.. report.Problems, .. report.Warnings], // committed with problems: a hosted service did not start, or the code change failed and there is no way back
    };

    private static IReadOnlyList<string> Problems(ReloadReport report) =>
        report.Problems.Count > 0 ? report.Problems : ["The node gave no reason; its log may."];
}
