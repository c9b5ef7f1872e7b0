using System.Globalization;
using WatchReload.Bench.Results;
using WatchReload.Bench.Statistics;

namespace WatchReload.Bench.Report;

/// <summary>Figures as text: three digits that count.</summary>
internal static class Numbers
{
    public static string Text(double value) => Math.Abs(value) switch
    {
        0 => "0",
        >= 100_000 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("#,##0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.#", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.##", CultureInfo.InvariantCulture),
        _ => value.ToString("0.###", CultureInfo.InvariantCulture),
    };

    /// <summary>Median, quartiles, ends: <c>180 ms (172 to 191; 165 to 240)</c>. One value stands alone.</summary>
    public static string Text(Sample sample, string unit) => sample.Count == 1
        ? $"{Text(sample.Median)} {unit}"
        : $"{Text(sample.Median)} {unit} ({Text(sample.Lower)} to {Text(sample.Upper)}; {Text(sample.Min)} to {Text(sample.Max)})";

    /// <summary><c>1 pair</c>, <c>8 pairs</c>.</summary>
    public static string Count(int number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number} {what}{(number == 1 ? "" : "s")}");

    /// <summary><c>0.43×</c>.</summary>
    public static string Ratio(double ratio) => $"{Text(ratio)}×";

    /// <summary>Of the medians; null when the peer was not measured, or gave 0.</summary>
    public static double? Ratio(Row row, string of, string to) =>
        row.Values.TryGetValue(of, out var ours) && row.Values.TryGetValue(to, out var theirs) && Sample.Of(theirs).Median is var median and not 0 ? Sample.Of(ours).Median / median : null;
}
