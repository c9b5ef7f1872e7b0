using System.Globalization;
using Spectre.Console;
using WatchReload.Control;

namespace WatchReload.Daemon.Cli.Rendering;

internal static class StatusTable
{
    private const int ShownLetters = 5;

    public static void Write(Screen screen, NodeStatus s)
    {
        var grid = new Grid().AddColumn(new GridColumn().PadRight(2).NoWrap()).AddColumn();
        void Row(string name, string text) => grid.AddRow(new Text(name, new Style(Color.Grey)), new Text(text));
        Row("node", string.Create(CultureInfo.InvariantCulture, $"{s.Node}, pid {s.Pid}, up {Units.Span(TimeSpan.FromSeconds(s.UptimeSeconds))}"));
        Row("version", s.Version == 0 ? "nothing is loaded" : string.Create(CultureInfo.InvariantCulture, $"{s.Version}, release {s.Release}{(s.Deltas == 0 ? "" : $" + {Units.Count(s.Deltas, "delta")}")}{(s.Commit is null ? "" : $", commit {Units.Commit(s.Commit)}{(s.Clean == false ? " + changes" : "")}")}"));
        if (s.Trial is { } trial)
            Row("on trial", string.Create(CultureInfo.InvariantCulture, $"{trial.Release}, {trial.EndsInSeconds:0} s more, {Units.Count(trial.Failed, "failed actor")}, at most {trial.Expected:0.#} expected"));
        if (s.LastTrial is { Outcome: not TrialOutcome.Passed } last)
            Row("last trial", $"{last.Release} {(last.Outcome == TrialOutcome.TakenBack ? "was taken back" : "failed, and serves on")}, {Units.Local(last.Time)}: {string.Join(" ", last.Problems)}");
        foreach (var problem in s.Problems)
            Row("problem", problem);
        Row("connections", s.Connections.ToString(CultureInfo.InvariantCulture));
        foreach (var listener in s.Listeners)
            Row("", string.Create(CultureInfo.InvariantCulture, $"{listener.Endpoint} ({listener.Name}): {listener.Connections}"));
        Row("actors", s.Actors.Total.ToString(CultureInfo.InvariantCulture));
        foreach (var (behavior, count) in s.Actors.ByBehavior.OrderByDescending(b => b.Value))
            Row("", string.Create(CultureInfo.InvariantCulture, $"{behavior}: {count}"));
        foreach (var late in Units.Some(s.Late, s.LateCount, Described, "late"))
            Row("late", late);
        foreach (var parked in Units.Some(s.Parked, s.ParkedCount, Described, "parked"))
            Row("parked", parked);
        if (s.DeadLetters > 0)
            Row("dead letters", s.DeadLetters.ToString(CultureInfo.InvariantCulture));
        foreach (var letter in s.LastDeadLetters.TakeLast(ShownLetters))
            Row("", $"{letter.Message} for {letter.Actor}: {letter.Reason}, {Units.Local(letter.Time)}");
        foreach (var old in s.OldVersions)
            Row("old version", string.Create(CultureInfo.InvariantCulture, $"{old.Version}: {old.State}{(old.Holders.Count == 0 ? "" : ", held by " + string.Join(", ", Units.Some(old.Holders, old.HolderCount, h => h, "holders")))}"));
        Row("reloads", string.Create(CultureInfo.InvariantCulture, $"{s.Reloads.Committed} committed, {s.Reloads.Refused} refused"));
        screen.Table(grid);
    }

    private static string Described(ActorNotice notice) => $"{notice.Actor} ({notice.Behavior}): {notice.Reason}, since {Units.Local(notice.Since)}";
}
