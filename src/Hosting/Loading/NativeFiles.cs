namespace WatchReload.Hosting.Loading;

/// <summary>
/// Native libraries in the top folder of a directory, by file name. (The builder has chosen those for this machine, and put them there.)
/// The system loads them by path and keeps them mapped for the life of the process: of a release, they are the only files that are used
/// from disk.
/// </summary>
internal sealed class NativeFiles(string root, IEnumerable<string> paths)
{
    private static readonly string[] Suffixes = OperatingSystem.IsWindows() ? [".dll", ""] : OperatingSystem.IsMacOS() ? [".dylib", ""] : [".so", ""];
    private static readonly string[] Prefixes = OperatingSystem.IsWindows() ? [""] : ["lib", ""];
    private readonly HashSet<string> _names = paths.Where(IsNative).ToHashSet(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    public bool Any => _names.Count > 0;

    /// <summary>The file that <c>DllImport</c>'s name means, with the prefixes and suffixes that the runtime tries too.</summary>
    public string? Find(string name)
    {
        var candidates = Suffixes.SelectMany(suffix => Prefixes.Select(prefix => prefix + name + suffix));
        return candidates.FirstOrDefault(_names.Contains) is { } file ? Path.Combine(root, file) : null;
    }

    /// <summary>With a version behind its suffix too: <c>libx.so.2</c>.</summary>
    private static bool IsNative(string path) =>
        !path.Contains('/', StringComparison.Ordinal) && (path.EndsWith(Suffixes[0], StringComparison.OrdinalIgnoreCase) || path.Contains(Suffixes[0] + ".", StringComparison.Ordinal));
}
