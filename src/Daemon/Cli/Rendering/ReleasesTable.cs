using Spectre.Console;
using WatchReload.Daemon.Cli.Verbs;

namespace WatchReload.Daemon.Cli.Rendering;

internal static class ReleasesTable
{
    public static void Write(Screen screen, IReadOnlyList<ReleaseAnswer> releases)
    {
        if (releases.Count == 0)
        {
            screen.Line("There are no releases yet. The first build makes one: watchreload watch, or watchreload run");
            return;
        }

        var table = new Table().Border(TableBorder.None).AddColumns("release", "time", "commit", "lane", "by", "");
        foreach (var r in releases)
            table.AddRow(new Text(r.Id), new Text(Units.Local(r.Time)), new Text(Units.Commit(r.Commit) + (r.Clean || r.Commit is null ? "" : " + changes")), new Text($"{r.Lane} {r.Configuration}"), new Text(r.By ?? ""), new Text(Marks(r)));
        screen.Table(table);
    }

    private static string Marks(ReleaseAnswer r)
    {
        string[] marks =
        [
            .. r.Serving.Select(n => $"serves ({n})"),
            .. r.Trial.Select(n => $"on trial ({n})"),
            .. r.Current.Except(r.Serving).Select(n => $"current ({n})"),
            .. r.Bad ? (string[])["bad: failed on trial"] : [],
        ];
        return string.Join(", ", marks);
    }
}
