using System.Security.Cryptography;
using System.Text;
using WatchReload.Control;

namespace WatchReload.Daemon.Flow;

/// <summary>
/// Which files there are that a project may take by a pattern, or that MSBuild and the compiler look for by name: all in the projects' directories but outputs, whatever their
/// kind, and the configuration files in the directories above. A listing that is the same means that an evaluation would find the same.
/// </summary>
internal static class TreeListing
{
    private static readonly string[] _looksFor =
        ["Directory.Build.props", "Directory.Build.targets", "Directory.Build.rsp", "Directory.Packages.props", "MSBuild.rsp", "global.json", "nuget.config", "NuGet.config", "NuGet.Config", ".editorconfig", ".globalconfig", "packages.lock.json"];

    private static readonly EnumerationOptions _flat = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true };

    public static string Of(BuildInputs inputs)
    {
        var directories = inputs.Projects.Select(p => Path.GetDirectoryName(p)!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var names = directories.Where(Directory.Exists).SelectMany(Below).Concat(directories.SelectMany(Above).Distinct(StringComparer.Ordinal)).Order(StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', names))));
    }

    private static IEnumerable<string> Below(string directory)
    {
        foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos("*", _flat))
        {
            if (entry is not DirectoryInfo below)
                yield return entry.FullName;
            else if (below.LinkTarget is not null)
                yield return $"{below.FullName} {Guid.NewGuid():n}"; // leads anywhere, also in circles: never known to be the same
            else if (!IsOutput(below.Name))
                foreach (var path in Below(below.FullName))
                    yield return path;
        }
    }

    private static IEnumerable<string> Above(string directory)
    {
        for (var above = Path.GetDirectoryName(directory); above is not null; above = Path.GetDirectoryName(above))
            foreach (var name in _looksFor)
                if (Path.Combine(above, name) is var path && File.Exists(path))
                    yield return path;
    }

    private static bool IsOutput(string name) => name is "bin" or "obj" || name.StartsWith('.');
}
