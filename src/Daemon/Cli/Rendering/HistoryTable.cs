using System.Globalization;
using Spectre.Console;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Cli.Rendering;

internal static class HistoryTable
{
    private const int LongestWhy = 70;

    public static void Write(Screen screen, IReadOnlyList<HistoryEntry> entries)
    {
        if (entries.Count == 0)
        {
            screen.Line("Nothing has happened yet.");
            return;
        }

        var table = new Table().Border(TableBorder.None).AddColumns("time", "cause", "by", "verdict", "node", "release", "commit", "version", "build", "in all", "why");
        foreach (var e in entries)
        {
            table.AddRow(
                new Text(Units.Local(e.Time)), new Text(e.Cause), new Text(e.By ?? ""), new Text(e.Verdict, new Style(Colour(e.Verdict))), new Text(e.Node ?? ""),
                new Text(e.Release ?? ""), new Text(Units.Commit(e.Commit)), new Text(e.Version?.ToString(CultureInfo.InvariantCulture) ?? ""),
                new Text(e.BuildMs is { } build ? Units.Time(build) : ""), new Text(e.TotalMs is { } total ? Units.Time(total) : ""), new Text(Why(e), new Style(Color.Grey)));
        }

        screen.Table(table);
    }

    /// <summary>The first problem in short; <c>--json</c> has them all.</summary>
    private static string Why(HistoryEntry e) => e.Problems switch
    {
        [] => "",
        [var first, ..] => first.Length <= LongestWhy ? first : first[..LongestWhy] + "…",
    };

    private static Color Colour(string verdict) => verdict switch
    {
        "committed" or "started" => Color.Green,
        "unchanged" or "rehearsed" => Color.Default,
        "superseded" or "unknown" or "notTried" => Color.Yellow,
        _ => Color.Red,
    };
}
