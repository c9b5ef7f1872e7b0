namespace WatchReload.Builder.Evaluation;

/// <summary>The version of the shared frameworks that node and builder are built for.</summary>
internal static class SharedFrameworkVersion
{
    public static Version OfNode { get; } = Parse(AppContext.TargetFrameworkName);

    private static Version Parse(string? moniker)
    {
        const string Marker = "Version=v";
        var at = moniker?.IndexOf(Marker, StringComparison.Ordinal) ?? -1;
        return at < 0 ? new Version(Environment.Version.Major, Environment.Version.Minor) : Version.Parse(moniker.AsSpan(at + Marker.Length));
    }
}
