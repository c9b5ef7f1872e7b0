using WatchReload.Bench.Peers;
using WatchReload.Bench.Results;
using WatchReload.Bench.Statistics;

namespace WatchReload.Bench.Report;

/// <summary>A row for each thing measured, in it a box for each peer: quartiles, the median, and whiskers to the ends. The axis is logarithmic.</summary>
internal static class BoxChart
{
    private const int Width = 900;
    private const int Left = 330;
    private const int Right = 30;
    private const int Top = 70;
    private const int BoxHeight = 12;
    private const int BoxStep = 16;
    private const int RowGap = 12;

    public static string Draw(string title, IReadOnlyList<Row> rows)
    {
        var peers = rows.SelectMany(r => r.Values.Keys).Distinct().OrderBy(p => p != PeerNames.WatchReload).ToArray();
        var all = rows.SelectMany(r => r.Values.Values.SelectMany(v => v)).Where(v => v > 0).DefaultIfEmpty(1).ToArray();
        var (low, high) = (Math.Floor(Math.Log10(all.Min())), Math.Max(Math.Ceiling(Math.Log10(all.Max())), Math.Floor(Math.Log10(all.Min())) + 1));
        var height = Top + rows.Sum(r => (r.Values.Count * BoxStep) + RowGap) + 30;
        var svg = new Svg(Width, height);
        double X(double value) => Left + ((Math.Log10(Math.Max(value, Math.Pow(10, low))) - low) / (high - low) * (Width - Left - Right));

        svg.Text(12, 24, title, "title");
        for (var (i, x) = (0, 12.0); i < peers.Length; x += (peers[i++].Length * 7) + 40)
        {
            svg.Box(x, 38, 12, 12, $"box s{i % 5}");
            svg.Text(x + 18, 49, peers[i]);
        }

        for (var power = low; power <= high; power++)
        {
            svg.Line(X(Math.Pow(10, power)), Top - 6, X(Math.Pow(10, power)), height - 26, "grid");
            svg.Text(X(Math.Pow(10, power)), height - 10, Numbers.Text(Math.Pow(10, power)), "small", "middle");
        }

        double y = Top;
        foreach (var row in rows)
        {
            svg.Text(12, y + (row.Values.Count * BoxStep / 2.0) + 3, row.What.Length > 52 ? row.What[..50] + "…" : row.What, "small");
            foreach (var peer in peers.Where(row.Values.ContainsKey))
            {
                Box(svg, Sample.Of(row.Values[peer]), X, y, $"s{Array.IndexOf(peers, peer) % 5}");
                y += BoxStep;
            }

            y += RowGap;
        }

        return svg.ToString();
    }

    private static void Box(Svg svg, Sample sample, Func<double, double> x, double y, string series)
    {
        var middle = y + (BoxHeight / 2.0);
        svg.Line(x(sample.Min), middle, x(sample.Max), middle, $"whisker {series}");
        svg.Box(x(sample.Lower), y, x(sample.Upper) - x(sample.Lower), BoxHeight, $"box {series}");
        svg.Line(x(sample.Median), y, x(sample.Median), y + BoxHeight, $"median {series}");
    }
}
