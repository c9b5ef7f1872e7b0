using Microsoft.Build.Locator;
using WatchReload.Builder.Diagnostics;
using WatchReload.Control;

namespace WatchReload.Builder.Sdk;

/// <summary>The SDK to build with, or why there is none.</summary>
internal abstract record SdkResolution
{
    public sealed record Found(DotnetSdk Sdk, VisualStudioInstance Instance) : SdkResolution;

    public sealed record NotFound(BuildDiagnostic Diagnostic) : SdkResolution;
}

/// <summary>Finds the SDK that the <c>dotnet</c> command would use in a directory, by global.json.</summary>
internal static class SdkResolver
{
    public static SdkResolution Resolve(string directory)
    {
        var globalJson = GlobalJson.Find(directory);
        if (globalJson is { Problem: { } problem })
            return new SdkResolution.NotFound(Problems.GlobalJsonUnreadable(globalJson.Path, problem));
        if (Query(directory) is not { } instance)
            return new SdkResolution.NotFound(Problems.SdkNotFound(directory, globalJson, Installed()));
        // The locator passes over an SDK that needs a newer runtime than this process has, and offers an older one.
        if (globalJson is { Version: { } wanted } && MajorOf(wanted) > instance.Version.Major)
            return new SdkResolution.NotFound(Problems.SdkTooNew(globalJson, Environment.Version));
        var path = Path.TrimEndingDirectorySeparator(instance.MSBuildPath);
        return new SdkResolution.Found(new DotnetSdk(Path.GetFileName(path), path), instance);
    }

    private static int MajorOf(string version) => int.TryParse(version.AsSpan(0, Math.Max(0, version.IndexOf('.', StringComparison.Ordinal))), out var major) ? major : 0;

    private static VisualStudioInstance? Query(string directory)
    {
        var options = new VisualStudioInstanceQueryOptions { DiscoveryTypes = DiscoveryType.DotNetSdk, WorkingDirectory = directory };
        try
        {
            return MSBuildLocator.QueryVisualStudioInstances(options).FirstOrDefault(); // the first is the one that global.json resolves to
        }
        catch (InvalidOperationException)
        {
            return null; // how the locator says that global.json asks for an SDK that is not installed
        }
    }

    private static List<string> Installed()
    {
        var host = Path.GetDirectoryName(Environment.ProcessPath);
        var sdks = Path.Combine(Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? host ?? "", "sdk");
        return Directory.Exists(sdks) ? [.. Directory.EnumerateDirectories(sdks).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)] : [];
    }
}
