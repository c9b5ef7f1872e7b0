using WatchReload.Control;

namespace WatchReload.Daemon.Releases;

/// <summary>Refuses outputs that cannot lie in one release.</summary>
internal static class OutputCheck
{
    public static Failure? Check(BuildOutcome build)
    {
        if (string.IsNullOrEmpty(build.EntryAssembly))
            return new("The build names no entry assembly.", "Is the project a library or program that builds to an assembly?");
        if (build.Outputs.FirstOrDefault(output => !IsSafe(output.Path)) is { } unsafePath)
            return new($"\"{unsafePath.Path}\" cannot be a path in a release (from {unsafePath.Source}).", "Give the item a Link or TargetPath that stays below the publish directory.");
        if (build.Outputs.GroupBy(output => (output.Kind == ReleaseFileKind.Package, Name(output.Path))).Select(Clash).FirstOrDefault(clash => clash is not null) is { } problem)
            return problem;
        if (!build.Outputs.Any(output => output.Kind == ReleaseFileKind.Hot && IsAssembly(output.Path, build.EntryAssembly)))
            return new($"The build's output lacks {build.EntryAssembly}.dll, the service's own assembly.", "Build again; if it stays so, the project does not publish its assembly.");
        return null;
    }

    private static bool IsSafe(string path) =>
        path.Length > 0 && path != ReleaseManifest.FileName && !path.Any(char.IsControl) && path.IndexOfAny(['\\', ':']) < 0 && path.Split('/').All(part => part is not ("" or "." or ".."));

    private static string Name(string path) => OperatingSystem.IsLinux() ? path : path.ToUpperInvariant();

    private static bool IsAssembly(string path, string name) => path == name + ".dll" || path == name + ".exe";

    private static Failure? Clash(IEnumerable<BuildOutput> samePath) => samePath.Skip(1).Any()
        ? new($"Two outputs go to {samePath.First().Path}: {string.Join(" and ", samePath.Select(output => output.Source).Take(2))}.", "Exclude one, or give it another Link or TargetPath.")
        : null;
}
