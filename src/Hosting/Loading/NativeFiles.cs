namespace WatchReload.Hosting.Loading;

/// <summary>
/// Native libraries of a directory by file name: in its top folder or in <c>runtimes/RID/native</c>. The system loads them by path and
/// keeps them mapped for the life of the process: they are the only files of a release or package set that are used from disk without
/// being copied to memory or verified again.
/// </summary>
internal sealed class NativeFiles
{
    private static readonly string[] Suffixes = OperatingSystem.IsWindows() ? [".dll", ""] : OperatingSystem.IsMacOS() ? [".dylib", ""] : [".so", ""];
    private static readonly string[] Prefixes = OperatingSystem.IsWindows() ? [""] : ["lib", ""];
    private readonly Dictionary<string, (int Rank, string Path)> _files = new(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    /// <param name="root">The directory.</param>
    /// <param name="paths">Relative, with <c>/</c>; managed assemblies left out.</param>
    public NativeFiles(string root, IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            var isCandidate = path.Split('/') is [_] or ["runtimes", _, "native", _];
            if (isCandidate && RuntimeIdentifiers.Rank(path) is { } rank)
            {
                var name = path[(path.LastIndexOf('/') + 1)..];
                if (!_files.TryGetValue(name, out var other) || rank < other.Rank)
                {
                    _files[name] = (rank, ReleasePath.Combine(root, path));
                }
            }
        }
    }

    /// <summary>The file that <c>DllImport</c>'s name means, with the prefixes and suffixes that the runtime tries too.</summary>
    public string? Find(string name)
    {
        foreach (var suffix in Suffixes)
        {
            foreach (var prefix in Prefixes)
            {
                if (_files.TryGetValue(prefix + name + suffix, out var file))
                {
                    return file.Path;
                }
            }
        }

        return null;
    }
}
