using WatchReload.Control;

namespace WatchReload.Builder.Outputs;

/// <summary>
/// Turns publish items into the outputs of a release. Hot: assemblies of projects, with their satellites. Symbols: theirs. Package: what
/// packages bring, and assemblies referenced as files. Content: all else.
/// </summary>
internal static class OutputClassifier
{
    /// <summary>The node's default context gives it to all versions.</summary>
    public const string ActorsAssembly = "WatchReload.Actors";

    /// <param name="items">The publish items.</param>
    /// <param name="isShared">Whether the node's shared frameworks have an assembly: by simple name, and the file that would replace it.</param>
    public static IReadOnlyList<BuildOutput> Classify(IReadOnlyList<PublishItem> items, Func<PublishItem, bool> isShared)
    {
        var hot = items.Where(item => item.IsHot).Select(item => Path.GetFileNameWithoutExtension(item.Path)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        hot.Remove(ActorsAssembly);
        var outputs = items.Where(item => !IsLeftOut(item, hot)).Select(item => Classify(item, hot)).ToList();
        return [.. outputs.Where(output => output.Kind != ReleaseFileKind.Package)
            .Concat(RuntimeAssets.ForThisMachine(outputs.Where(output => output.Kind == ReleaseFileKind.Package))
                .Where(output => !(IsAssembly(output.Path) && isShared(new PublishItem(output.Source, output.Path, output.PackageId, IsHot: false)))))
            .DistinctBy(output => output.Path)
            .OrderBy(output => output.Path, StringComparer.Ordinal)];
    }

    private static BuildOutput Classify(PublishItem item, HashSet<string> hot)
    {
        var kind = item.PackageId is not null ? ReleaseFileKind.Package
            : IsAssembly(item.Path) ? hot.Contains(AssemblyName(item.Path)) ? ReleaseFileKind.Hot : ReleaseFileKind.Package
            : HasExtension(item.Path, ".pdb") && hot.Contains(Path.GetFileNameWithoutExtension(item.Path)) ? ReleaseFileKind.Symbols
            : ReleaseFileKind.Content;
        return new BuildOutput(item.Source, item.Path, kind, item.PackageId);
    }

    /// <summary>The node has its own host and dependency resolution; documentation is for the compiler.</summary>
    private static bool IsLeftOut(PublishItem item, HashSet<string> hot)
    {
        var name = Path.GetFileName(item.Path);
        if (Path.GetFileNameWithoutExtension(name) == ActorsAssembly)
            return true;
        if (HasExtension(name, ".xml") && hot.Contains(Path.GetFileNameWithoutExtension(name)))
            return true;
        return name.EndsWith(".deps.json", StringComparison.Ordinal) || name.EndsWith(".runtimeconfig.json", StringComparison.Ordinal) || name.EndsWith(".runtimeconfig.dev.json", StringComparison.Ordinal);
    }

    private static bool IsAssembly(string path) => HasExtension(path, ".dll");

    private static bool HasExtension(string path, string extension) => Path.GetExtension(path).Equals(extension, StringComparison.OrdinalIgnoreCase);

    private static string AssemblyName(string path)
    {
        const string Satellite = ".resources";
        var name = Path.GetFileNameWithoutExtension(path);
        return name.EndsWith(Satellite, StringComparison.OrdinalIgnoreCase) ? name[..^Satellite.Length] : name;
    }
}
