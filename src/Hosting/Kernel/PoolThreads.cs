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

    /// <summary>What makes threads of this process's pool end, and how to mend it; null when they stay.</summary>
    public static string? EndBy => EndsBy(Environment.GetEnvironmentVariable(Variable), AppContext.GetData(Setting));

    /// <param name="variable">The environment's, which the runtime prefers. Numbers may be hexadecimal, as all of the runtime's.</param>
    /// <param name="setting">Of runtimeconfig.json.</param>
    internal static string? EndsBy(string? variable, object? setting)
    {
        if (variable is not null) return IsNever(variable) ? null : $"the environment has {Variable}={variable}: take it out";
        return IsNever(Convert.ToString(setting, CultureInfo.InvariantCulture)) ? null : $"the process's runtimeconfig.json does not have \"{Setting}\": -1, which the package WatchReload.Hosting sets: add it";
    }

    private static bool IsNever(string? milliseconds) =>
        milliseconds is "-1" || (milliseconds is not null && milliseconds.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && milliseconds.AsSpan(2).Equals("ffffffff", StringComparison.OrdinalIgnoreCase));
}
