namespace WatchReload.Builder.Sdk;

/// <summary>An installed .NET SDK.</summary>
/// <param name="Directory">Absolute; ends in the version.</param>
internal sealed record DotnetSdk(string Version, string Directory)
{
    /// <summary>The installation that the SDK belongs to: it has <c>sdk/</c>, <c>shared/</c>, <c>packs/</c> and the <c>dotnet</c> host.</summary>
    public string Root => Path.GetFullPath(Path.Combine(Directory, "..", ".."));

    public string Host => Path.Combine(Root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
}
