using System.Globalization;
using Spectre.Console;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Cli.Rendering;

internal static class HistoryTable
{
    public static void Write(Screen screen, IReadOnlyList<HistoryEntry> entries)
    {
        if (entries.Count == 0)
        {
            screen.Line("Nothing has happened yet.");
            return;
        }

        var table = new Table().Border(TableBorder.None).AddColumns("time", "cause", "by", "verdict", "node", "release", "commit", "version", "build", "in all");
        foreach (var e in entries)
        {
            table.AddRow(
                new Text(Units.Local(e.Time)), new Text(e.Cause), new Text(e.By ?? ""), new Text(e.Verdict, new Style(Colour(e.Verdict))), new Text(e.Node ?? ""),
                new Text(e.Release ?? ""), new Text(Units.Commit(e.Commit)), new Text(e.Version?.ToString(CultureInfo.InvariantCulture) ?? ""),
                new Text(e.BuildMs is { } build ? Units.Time(build) : ""), new Text(e.TotalMs is { } total ? Units.Time(total) : ""));
            foreach (var problem in e.Problems.Take(1))
                table.AddRow(new Text(""), new Text(""), new Text(""), new Text(problem, new Style(Color.Grey)));
        }

        screen.Table(table);
    }

    private static Color Colour(string verdict) => verdict switch
    {
        "committed" or "started" => Color.Green,
        "unchanged" or "rehearsed" => Color.Default,
        "superseded" or "interrupted" => Color.Yellow,
        _ => Color.Red,
    };
}
