namespace WatchReload.Bench.Statistics;

/// <summary>What repeated measurements gave: the middle, and the spread as quartiles and ends. Quartiles are interpolated.</summary>
internal sealed record Sample(int Count, double Median, double Lower, double Upper, double Min, double Max)
{
    /// <param name="values">At least one.</param>
    public static Sample Of(IEnumerable<double> values)
    {
        var ordered = values.Order().ToArray();
        return new(ordered.Length, Quantile(ordered, 0.5), Quantile(ordered, 0.25), Quantile(ordered, 0.75), ordered[0], ordered[^1]);
    }

    private static double Quantile(double[] ordered, double share)
    {
        var at = share * (ordered.Length - 1);
        var below = (int)at;
        var above = Math.Min(below + 1, ordered.Length - 1);
        return ordered[below] + ((ordered[above] - ordered[below]) * (at - below));
    }
}
