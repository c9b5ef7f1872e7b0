using System.Runtime.InteropServices;

namespace WatchReload.Hosting.Loading;

/// <summary>Which <c>runtimes/RID</c> folders of packages fit this process, the nearest first: the portable identifiers that NuGet and the host use.</summary>
internal static class RuntimeIdentifiers
{
    public static IReadOnlyList<string> Fitting { get; } = Chain();

    private static List<string> Chain()
    {
        var own = RuntimeInformation.RuntimeIdentifier;
        var architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        string[] systems = true switch
        {
            _ when OperatingSystem.IsWindows() => ["win"],
            _ when OperatingSystem.IsMacOS() => ["osx", "unix"],
            _ when OperatingSystem.IsLinux() && own.Contains("musl", StringComparison.Ordinal) => ["linux-musl", "linux", "unix"],
            _ when OperatingSystem.IsLinux() => ["linux", "unix"],
            _ when OperatingSystem.IsFreeBSD() => ["freebsd", "unix"],
            _ => ["unix"],
        };
        return [.. new[] { own }.Concat(systems.SelectMany(system => new[] { $"{system}-{architecture}", system })).Append("any").Distinct()];
    }

    /// <summary>How near <c>runtimes/RID/…</c> is to this process, 0 the nearest; a path outside <c>runtimes</c> is the last resort; null when it is another system's.</summary>
    public static int? Rank(string path)
    {
        if (path.Split('/') is not ["runtimes", var identifier, ..])
        {
            return Fitting.Count;
        }

        for (var rank = 0; rank < Fitting.Count; rank++)
        {
            if (Fitting[rank] == identifier)
            {
                return rank;
            }
        }

        return null;
    }
}
