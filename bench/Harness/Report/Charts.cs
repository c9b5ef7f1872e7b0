using WatchReload.Bench.Results;

namespace WatchReload.Bench.Report;

/// <summary>Which charts a case gets: one of its rows for each unit, and one for its curves.</summary>
internal static class Charts
{
    private const int MostRows = 30;

    public static IReadOnlyList<(string File, string Svg)> Of(CaseResult result) =>
    [
        .. result.Rows.Where(r => !r.IsCount && !r.Id.Contains("phase.", StringComparison.Ordinal) && r.Values.Count > 1 && IsShown(r))
            .GroupBy(r => r.Unit)
            .Select((unit, i) => ($"{result.Case}{Suffix(i)}.svg", BoxChart.Draw($"{result.Case}, {unit.Key}", [.. unit.Take(MostRows)]))),
        .. result.Curves.GroupBy(c => c.Chart).Select(chart => ($"{result.Case}-{chart.Key}.svg", LineChart.Draw($"{result.Case}: {chart.Key}", [.. chart]))),
    ];

    /// <summary>Of two rows that say nearly the same, one.</summary>
    private static bool IsShown(Row row) => !row.Id.EndsWith(".first", StringComparison.Ordinal) && !row.Id.EndsWith(".p50", StringComparison.Ordinal) && !row.Id.StartsWith("lag-", StringComparison.Ordinal);

    private static string Suffix(int index) => index == 0 ? "" : $"-{index + 1}";
}
