using WatchReload.Bench.Peers;
using WatchReload.Bench.Results;
using WatchReload.Bench.Statistics;

namespace WatchReload.Bench.Report;

/// <summary>How good we want to be at one thing that is measured.</summary>
/// <param name="Case">Name of the case.</param>
/// <param name="Row">Id of the row.</param>
/// <param name="What">In words.</param>
/// <param name="Bound">Of the figure.</param>
/// <param name="Peer">The figure is the ratio of the medians to this one's; null: the median itself.</param>
/// <param name="AtLeast">The bound is a lower one.</param>
/// <param name="Worst">The worst value instead of the median.</param>
internal sealed record Aim(string Case, string Row, string What, double Bound, string? Peer = null, bool AtLeast = false, bool Worst = false)
{
    public string BoundText(Row? row)
    {
        var figure = Peer is null ? $"{Numbers.Text(Bound)} {row?.Unit}".TrimEnd() : $"{Numbers.Ratio(Bound)} {Peer}";
        return Bound == 0 ? "0" : $"{(AtLeast ? "at least" : "at most")} {figure}{(Worst ? " at worst" : "")}";
    }

    /// <summary>Null when it was not measured.</summary>
    public double? Figure(Row? row)
    {
        if (row is null || !row.Values.TryGetValue(PeerNames.WatchReload, out var values)) return null;
        if (Peer is not null) return Numbers.Ratio(row, PeerNames.WatchReload, Peer);
        if (row.IsCount) return values.Sum();
        return Worst ? values.Max() : Sample.Of(values).Median;
    }

    public bool IsMet(double figure) => AtLeast ? figure >= Bound : figure <= Bound;

    /// <summary>How far we are: <c>met</c>, or by which factor it is missed.</summary>
    public string Distance(double figure)
    {
        if (IsMet(figure)) return "met";
        if (Bound == 0) return $"**missed**: {Numbers.Text(figure)}";
        return $"**{Numbers.Text(AtLeast ? Bound / figure : figure / Bound)}** times off";
    }
}
