using System.Globalization;

namespace WatchReload.Hosting.Kernel;

/// <summary>Whether the pool's threads end when they have nothing to do.</summary>
/// <remarks>
/// They must not where versions are unloaded. The runtime keeps, for each thread, where in a version's table of objects its thread statics are, and forgets nothing of that when the
/// version goes: as the thread ends, it clears these places in the table of whichever version uses the same thread static's index by then (docs/adr/0029).
/// </remarks>
internal static class PoolThreads
{
    private const string Setting = "System.Threading.ThreadPool.ThreadTimeoutMs";
    private const string Variable = "DOTNET_ThreadPool_ThreadTimeoutMs";
    private const int Never = -1;

    /// <summary>What makes threads of this process's pool end, and how to mend it; null when they stay.</summary>
    public static string? EndBy => EndsBy(Environment.GetEnvironmentVariable(Variable), AppContext.GetData(Setting));

    /// <summary>By the runtime's rules: the environment comes first, and what is no number counts as if it were not there.</summary>
    /// <param name="variable">The environment's.</param>
    /// <param name="setting">Of runtimeconfig.json.</param>
    internal static string? EndsBy(string? variable, object? setting)
    {
        if (Milliseconds(variable) is { } told) return told == Never ? null : $"the environment has {Variable}={variable}: take it out";
        return Milliseconds(setting) == Never ? null : $"the process's runtimeconfig.json does not have \"{Setting}\": -1, which the package WatchReload.Hosting sets: add it";
    }

    private static int? Milliseconds(object? value)
    {
        try
        {
            return value switch
            {
                null => null,
                string text when text.StartsWith("0x", StringComparison.Ordinal) => Convert.ToInt32(text, 16),
                string text when text.StartsWith('0') => Convert.ToInt32(text, 8),
                string text => int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
                _ => Convert.ToInt32(value, CultureInfo.InvariantCulture),
            };
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException or InvalidCastException)
        {
            return null;
        }
    }
}
