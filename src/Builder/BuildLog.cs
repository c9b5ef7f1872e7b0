using WatchReload.Control;

namespace WatchReload.Builder;

/// <summary>The log of the last build, beside its outputs.</summary>
internal static class BuildLog
{
    public static string Write(BuildRequest request, IReadOnlyList<string> lines)
    {
        var path = Path.Combine(request.ArtifactsPath, "build.log");
        Directory.CreateDirectory(request.ArtifactsPath);
        File.WriteAllLines(path, lines);
        return path;
    }
}
