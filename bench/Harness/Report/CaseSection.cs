using System.Globalization;
using System.Text;
using WatchReload.Bench.Peers;
using WatchReload.Bench.Results;
using WatchReload.Bench.Statistics;

namespace WatchReload.Bench.Report;

/// <summary>One case in the report: charts, every row with its ratios first, what went where, notes, what is missing.</summary>
internal static class CaseSection
{
    private const string Phase = ".phase.";

    /// <param name="result">Of the case.</param>
    /// <param name="summary">What it measures.</param>
    /// <param name="charts">Names of its charts, beside the report in <c>benchmarks/</c>.</param>
    public static string Text(CaseResult result, string summary, IReadOnlyList<string> charts)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"## {result.Case}\n\n{char.ToUpperInvariant(summary[0])}{summary[1..]}. {Numbers.Count(Runs(result), "run")}, {result.Seconds:0} s in all.\n\n");
        foreach (var chart in charts) text.Append(CultureInfo.InvariantCulture, $"![{result.Case}](benchmarks/{chart})\n\n");
        var rows = result.Rows.Where(r => !IsPhase(r)).ToArray();
        Table(text, rows.Where(r => !r.IsCount), Measured);
        Table(text, rows.Where(r => r.IsCount), Counted);
        Phases(text, [.. result.Rows.Where(IsPhase)]);
        foreach (var note in result.Notes) text.Append(CultureInfo.InvariantCulture, $"- {note}\n");
        if (result.GivenUp is { } why) text.Append(CultureInfo.InvariantCulture, $"- **Given up before its end**: {OneLine(why)}\n");
        foreach (var missing in result.Missing) text.Append(CultureInfo.InvariantCulture, $"- **Not measured**: {OneLine(missing)}\n");
        text.Append(CultureInfo.InvariantCulture, $"- Machine's speed: {Speed(result)}\n\n");
        return text.ToString();
    }

    /// <summary>As many as there are values: a case may be one long run, whatever was asked for.</summary>
    private static int Runs(CaseResult result) => Math.Min(result.Runs, result.Rows.SelectMany(r => r.Values.Values).Select(values => values.Count).DefaultIfEmpty().Max());

    private static bool IsPhase(Row row) => row.Id.Contains(Phase, StringComparison.Ordinal) || row.Id.StartsWith(Phase[1..], StringComparison.Ordinal);

    private static void Table(StringBuilder text, IEnumerable<Row> rows, Func<Row, string> cells)
    {
        var lines = rows.Select(r => $"| {r.What} | {cells(r)} |\n").ToArray();
        if (lines.Length == 0) return;
        text.Append(cells == Measured ? "| what | WatchReload beside | WatchReload | peers |\n| --- | --- | --- | --- |\n" : "| what | WatchReload | peers |\n| --- | --- | --- |\n");
        text.AppendJoin("", lines).Append('\n');
    }

    private static string Measured(Row row)
    {
        var ratios = row.Values.Keys.Where(p => p != PeerNames.WatchReload)
            .Select(p => (Peer: p, Ratio: Numbers.Ratio(row, PeerNames.WatchReload, p)))
            .Where(r => r.Ratio is not null)
            .Select(r => $"**{Numbers.Ratio(r.Ratio!.Value)}** {r.Peer}");
        return $"{string.Join("<br>", ratios)} | {Of(row, PeerNames.WatchReload)} | {Others(row, p => Of(row, p))}";
    }

    private static string Counted(Row row) => $"{Sum(row, PeerNames.WatchReload)} | {Others(row, p => Sum(row, p))}";

    private static string Others(Row row, Func<string, string> of) =>
        string.Join("<br>", row.Values.Keys.Where(p => p != PeerNames.WatchReload).Select(p => $"{p}: {of(p)}"));

    private static string Of(Row row, string peer) => row.Values.TryGetValue(peer, out var values) ? Numbers.Text(Sample.Of(values), row.Unit) : "";

    private static string Sum(Row row, string peer) => row.Values.TryGetValue(peer, out var values) ? $"{Numbers.Text(values.Sum())} in {values.Count}" : "";

    /// <summary>WatchReload's own account: a line for each thing measured, a column for each phase.</summary>
    private static void Phases(StringBuilder text, IReadOnlyList<Row> rows)
    {
        if (rows.Count == 0) return;
        var names = rows.Select(Name).Distinct().ToArray();
        text.Append(CultureInfo.InvariantCulture, $"Where the time goes in WatchReload, by its own account, medians in ms:\n\n| | {string.Join(" | ", names)} |\n|{string.Concat(Enumerable.Repeat(" --- |", names.Length + 1))}\n");
        foreach (var thing in rows.GroupBy(r => r.Id[..^(Name(r).Length + "phase.".Length)]))
        {
            var medians = names.Select(n => thing.FirstOrDefault(r => Name(r) == n)?.Values.Values.FirstOrDefault() is { Count: > 0 } values ? Numbers.Text(Sample.Of(values).Median) : "");
            text.Append(CultureInfo.InvariantCulture, $"| {thing.Key.TrimEnd('.')} | {string.Join(" | ", medians)} |\n");
        }

        text.Append('\n');
    }

    private static string Name(Row row) => row.Id[(row.Id.IndexOf("phase.", StringComparison.Ordinal) + "phase.".Length)..];

    private static string Speed(CaseResult result)
    {
        if (result.YardstickBefore.Count == 0 || result.YardstickAfter.Count == 0) return "not known.";
        var (before, after) = (Sample.Of(result.YardstickBefore).Median, Sample.Of(result.YardstickAfter).Median);
        return $"the yardstick took {Numbers.Text(before)} ms before and {Numbers.Text(after)} ms after; load average before {Numbers.Text(result.LoadBefore)}.";
    }

    private static string OneLine(string text) => text.Split('\n')[0];
}
