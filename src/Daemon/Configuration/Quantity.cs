using System.Globalization;

namespace WatchReload.Daemon.Configuration;

/// <summary>Durations and sizes as people write them: a number and a unit, <c>250ms</c>, <c>1.5s</c>, <c>256MB</c>.</summary>
internal static class Quantity
{
    private static readonly (string Unit, decimal Value)[] _durations = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];
    private static readonly (string Unit, decimal Value)[] _sizes = [("KB", 1L << 10), ("MB", 1L << 20), ("GB", 1L << 30), ("TB", 1L << 40), ("B", 1)];

    public static bool TryDuration(string text, out TimeSpan duration)
    {
        var known = TryParse(text, _durations, StringComparison.Ordinal, (decimal)TimeSpan.MaxValue.TotalMilliseconds / 2, out var milliseconds);
        duration = known ? TimeSpan.FromTicks((long)(milliseconds * TimeSpan.TicksPerMillisecond)) : default;
        return known;
    }

    /// <summary>Units of 1,024; B, KB, MB, GB, TB.</summary>
    public static bool TrySize(string text, out long bytes)
    {
        var known = TryParse(text, _sizes, StringComparison.OrdinalIgnoreCase, long.MaxValue / 2, out var value);
        bytes = known ? (long)value : 0;
        return known;
    }

    public static string Show(TimeSpan duration) => duration == TimeSpan.Zero ? "0s" : Show((decimal)duration.TotalMilliseconds, _durations);

    public static string Show(long bytes) => bytes == 0 ? "0B" : Show(bytes, [("B", 1), .. _sizes[..^1]]);

    private static bool TryParse(string text, (string Unit, decimal Value)[] units, StringComparison comparison, decimal most, out decimal value)
    {
        value = 0;
        var (unit, factor) = units.FirstOrDefault(known => text.EndsWith(known.Unit, comparison));
        if (unit is null || !decimal.TryParse(text[..^unit.Length].TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > most / factor)
            return false;
        value = number * factor;
        return true;
    }

    private static string Show(decimal value, (string Unit, decimal Value)[] units)
    {
        var (unit, factor) = units.Last(known => known.Value == 1 || value % known.Value == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{value / factor:0.####}{unit}");
    }
}
