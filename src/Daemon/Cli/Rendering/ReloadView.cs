using System.Globalization;
using Spectre.Console;
using WatchReload.Daemon.Events;

namespace WatchReload.Daemon.Cli.Rendering;

/// <summary>The verdicts of reloads and what follows them, for a person.</summary>
internal static class ReloadView
{
    public static void Write(EventView view, DaemonEvent happened)
    {
        switch (happened)
        {
            case ReloadCommitted e:
                Committed(view, e);
                break;
            case ReloadUnchanged e:
                view.Line(e, $"unchanged{After(view.TakeWhat(""))}  node {e.Node} runs this content already, as version {e.Version}");
                break;
            case ReloadRehearsed e:
                view.Line(e, $"[green]rehearsed[/]  {e.Release} would be taken by node {e.Node}: {Units.Count(e.Mapped, "actor")}{(view.GoesBack ? "" : $", way back: {e.Reversible}")}; nothing was changed");
                Notices(view, e.Warnings);
                Losses(view, e.Reversible, e.Losses);
                break;
            case ReloadSuperseded e:
                view.Line(e, $"[yellow]superseded[/]  {e.Cause} waited, and a newer {e.By} is done instead");
                break;
            case ReloadRefused e:
                Refused(view, e);
                break;
            case TrialFailed e:
                view.Line(e, $"[red]failed on trial[/]  {e.Release}  node {Markup.Escape(e.Node)}; {(e.Version == 0 ? "the node died, and starts on it all the same" : $"version {e.Version} serves on")}");
                Notices(view, e.Problems);
                break;
            case VersionUnloaded e:
                view.Line(e, $"[grey]version {e.Version} unloaded[/]");
                break;
            case VersionLingering e:
                view.Line(e, $"[yellow]version {e.Version} is still in memory[/]{(e.Holders.Count == 0 ? "" : ", held by:")}");
                Notices(view, Units.Some(e.Holders, e.HolderCount, h => h, "holders"));
                break;
            case RollbackStarted e:
                view.GoesBack = true;
                view.Line(e, $"rolling back {(e.From is null ? "" : $"from {e.From} ")}to {e.To}");
                break;
            case RollbackFinished:
                view.GoesBack = false;
                break;
        }
    }

    private static void Committed(EventView view, ReloadCommitted e)
    {
        view.Serves(e.Version);
        string[] parts =
        [
            view.TakeWhat(e.Release),
            e.BuildMs is { } build ? $"{e.Lane} {Units.Time(build)}" : "",
            $"{Units.Count(e.Mapped, "actor")}{Late(e.LateCount)}",
            $"gate {Units.Time(e.GateMs)}",
            $"{Units.Time(e.TotalMs)} in all",
        ];
        view.Line(e, $"[green]version {e.Version}[/]{(e.Node == Configuration.NodeSettings.DefaultName ? "" : $" on {e.Node}")}  {string.Join(" · ", parts.Where(p => p.Length > 0))}");
        view.Reason(e.Lane, e.LaneReason);
        Notices(view, e.Warnings);
        Notices(view, Units.Some(e.Parked, e.ParkedCount, p => $"parked: {p.Actor} ({p.Behavior}): {p.Reason}", "parked"));
        Losses(view, e.Reversible, e.Losses);
    }

    /// <summary>What is known at the commit. A rollback goes by what the older code has: where that has defaults it goes through, without what is named here.</summary>
    private static void Losses(EventView view, string reversible, IReadOnlyList<string> losses)
    {
        if (reversible == "yes")
            return;
        view.Detail(reversible == "lossy" ? "A rollback would not bring back all of the state:" : "A rollback would not bring the state back: it is refused, or gives defaults of the older code:");
        Notices(view, losses.Count == 0 ? ["watchreload rollback --rehearse tells what is lost"] : Units.Some(losses, losses.Count, loss => loss, "losses"));
    }

    private static string Late(int late) => late == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({late} late)");

    private static void Refused(EventView view, ReloadRefused e)
    {
        if (e.Version > 0)
            view.Serves(e.Version);
        if (e.Died)
        {
            view.Line(e, $"[red]taken back[/]  {e.Release}  node {Markup.Escape(e.Node)} died on it: connections and states went with the process, and another one is started");
            Notices(view, e.Problems);
            return;
        }

        var what = e.Unknown ? "unknown" : e.TakenBack ? "taken back" : "refused";
        var still = e.Version > 0 ? $"; version {e.Version} goes on serving" : "";
        view.Line(e, $"[red]{what}[/]{After(view.TakeWhat(e.Release ?? ""))}{After(e.Node.Length == 0 ? "" : $"node {Markup.Escape(e.Node)}")}{still}");
        Notices(view, e.Problems);
    }

    private static string After(string what) => what.Length == 0 ? "" : $"  {what}";

    private static void Notices(EventView view, IEnumerable<string> notices)
    {
        foreach (var notice in notices)
            view.Detail(notice);
    }
}
