using System.Security.Cryptography;
using System.Text;
using WatchReload.Control;

namespace WatchReload.Builder.Replay;

/// <summary>
/// Which files there are that a project may take by a pattern, or that MSBuild and the compiler look for by name: all in the projects' directories but
/// outputs, whatever their kind, and the configuration files in the directories above. What else an evaluation may look for is <see cref="TreeDoubt"/>'s.
/// </summary>
internal sealed class TreeListing
{
    private static readonly string[] LookedFor =
        ["Directory.Build.props", "Directory.Build.targets", "Directory.Build.rsp", "Directory.Packages.props", "MSBuild.rsp", "global.json", "nuget.config", "NuGet.config", "NuGet.Config", ".editorconfig", ".globalconfig"];

    private static readonly EnumerationOptions Flat = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true };

    private readonly HashSet<string> _projects;
    private readonly SortedSet<string> _names = new(StringComparer.Ordinal);
    private DateTime _changed;

    private TreeListing(BuildInputs inputs)
    {
        _projects = inputs.Projects.Select(path => Path.GetDirectoryName(path)!).ToHashSet(StringComparer.Ordinal);
        foreach (var directory in _projects)
        {
            Below(new DirectoryInfo(directory));
            Above(directory);
        }
        Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', _names))));
    }

    /// <summary>The same for the same files.</summary>
    public string Hash { get; }

    public static TreeListing Of(BuildInputs inputs) => new(inputs);

    /// <summary>Whether a file may have come or gone at or after a time, as the directories tell; also one that was moved, or is gone again.</summary>
    public bool ChangedSince(DateTime time) => _changed >= time;

    private void Below(DirectoryInfo directory)
    {
        if (!directory.Exists)
            return;
        var changed = FileTime.Latest(directory.LastWriteTimeUtc);
        _changed = _changed > changed ? _changed : changed;
        foreach (var entry in directory.EnumerateFileSystemInfos("*", Flat))
        {
            if (entry is not DirectoryInfo below)
                _names.Add(entry.FullName);
            else if (below.LinkTarget is not null)
                _names.Add($"{below.FullName} {Guid.NewGuid():n}"); // leads anywhere, also in circles: never known to be the same
            else if (!IsOutput(below))
                Below(below);
        }
    }

    private void Above(string directory)
    {
        for (var above = Path.GetDirectoryName(directory); above is not null; above = Path.GetDirectoryName(above))
            _names.UnionWith(LookedFor.Select(name => Path.Combine(above, name)).Where(File.Exists));
    }

    /// <summary>What the SDK leaves out of its patterns: deeper down these are names like others.</summary>
    private bool IsOutput(DirectoryInfo directory) =>
        directory.Name.StartsWith('.') || directory.Name is "bin" or "obj" && _projects.Contains(directory.Parent!.FullName);
}
