using System.Security.Cryptography;
using System.Text;

namespace WatchReload.Control;

/// <summary>
/// Which files there are that a project may take by a pattern, or that MSBuild and the compiler look for by name: all in the projects' directories but
/// outputs, whatever their kind; what patterns take elsewhere; and the configuration files in the directories above, and at and above files that are linked from elsewhere. Links to directories are followed, as patterns follow them: where each leads is listed,
/// and what is there once, so that circles end. What else an evaluation may look for is no part of it.
/// </summary>
public sealed class TreeListing
{
    private static readonly string[] LookedFor =
        ["Directory.Build.props", "Directory.Build.targets", "Directory.Build.rsp", "Directory.Packages.props", "MSBuild.rsp", "global.json", "nuget.config", "NuGet.config", "NuGet.Config", ".editorconfig", ".globalconfig"];

    /// <summary>The tree is listed at every edit: a link, or a pattern, that leads to the whole disk must not be waited for.</summary>
    public const int Many = 20_000;

    private readonly HashSet<string> _projects;
    private readonly List<string> _names = [];
    private readonly List<(string Path, string Shown)> _leftOut = [];
    private readonly HashSet<string> _followed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _above = new(StringComparer.Ordinal);
    private readonly HashSet<string> _listed = new(StringComparer.Ordinal);
    private int _linked;
    private bool _isReachedTwice;
    private DateTime _changed;

    private TreeListing(BuildInputs inputs)
    {
        _projects = inputs.Projects.Select(path => Path.GetDirectoryName(path)!).ToHashSet(StringComparer.Ordinal);
        foreach (var directory in _projects)
        {
            Below(directory, link: null, directory);
            Above(Path.GetDirectoryName(directory));
        }
        foreach (var pattern in inputs.Patterns)
        {
            foreach (var directory in IsListed(pattern) ? _leftOut.Where(left => pattern.Takes(Path.Combine(left.Shown, pattern.Name)) && pattern.Enters(left.Shown)).Select(left => left.Path) : [pattern.Directory])
                Taken(pattern, directory, new HashSet<string>(StringComparer.Ordinal));
        }
        foreach (var directory in inputs.Files.Select(path => Path.GetDirectoryName(path)!).ToHashSet(StringComparer.Ordinal))
        {
            if (!IsListed(directory))
                Above(directory);
        }
        _names.Sort(StringComparer.Ordinal);
        Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', _names))));
    }

    /// <summary>The same for the same files.</summary>
    public string Hash { get; }

    /// <summary>Why not all is listed that a pattern may take; null when it is.</summary>
    public string? Doubt { get; private set; }

    public static TreeListing Of(BuildInputs inputs) => new(inputs);

    /// <summary>Whether a file may have come or gone at or after a time, as the directories tell; also one that was moved, or is gone again.</summary>
    public bool ChangedSince(DateTime time) => _changed >= time;

    /// <param name="directory">Where to look.</param>
    /// <param name="link">That led there; null when none did. Behind it bin and obj are names like others.</param>
    /// <param name="shown">The path by which the directory was come to.</param>
    private void Below(string directory, string? link, string shown)
    {
        if (link is null && _listed.Contains(directory) || DirectoryEntries.Of(directory, link is null ? int.MaxValue : Many + 1) is not { } entries)
            return; // a project's that lies in the directory of another, or gone
        if (link is null)
            _listed.Add(directory);
        Note(entries);
        if (link is not null && (_linked += entries.Files.Count + entries.Directories.Count) > Many)
        {
            Doubt = $"{link} is a link to a directory with more than {Many:N0} files";
            return;
        }
        if (entries.Files.Count > 0)
            _names.Add(Path.Combine(directory, entries.Digest));
        foreach (var (name, isLink) in entries.Directories)
        {
            var path = Path.Combine(directory, name);
            if (IsOutput(path, directory, link is not null))
                _leftOut.Add((path, Shown(path)));
            else if (isLink && new DirectoryInfo(path).LinkTarget is not null) // not all that is marked so on Windows leads elsewhere
                Follow(path, Shown(path));
            else
                Below(path, link, Shown(path));
            if (Doubt is not null)
                return;
        }

        string Shown(string path) => link is null ? path : shown + path[directory.Length..];
    }

    /// <summary>What a pattern takes.</summary>
    /// <param name="pattern">Where it begins, and what it takes.</param>
    /// <param name="directory">Where to look.</param>
    /// <param name="followed">Where links have led.</param>
    private void Taken(FilePattern pattern, string directory, HashSet<string> followed)
    {
        if (Doubt is not null || DirectoryEntries.Of(directory, Many + 1) is not { } entries)
            return;
        Note(entries);
        if ((_linked += entries.Files.Count + entries.Directories.Count) > Many)
        {
            Doubt = $"a pattern looks through more than {Many:N0} files ({Path.Combine(pattern.Directory, pattern.Name)})";
            return;
        }
        _names.AddRange(entries.Files.Where(name => pattern.TakesName(name)).Select(name => Path.Combine(directory, name)));
        foreach (var (name, isLink) in entries.Directories)
        {
            var path = Path.Combine(directory, name);
            if (!pattern.Enters(path))
                continue;
            if (!isLink || new DirectoryInfo(path).LinkTarget is null)
            {
                Taken(pattern, path, followed);
            }
            else if (TargetOf(new DirectoryInfo(path)) is { } target && followed.Add(target.FullName))
            {
                _names.Add($"{path} -> {target.FullName}");
                Taken(pattern, target.FullName, followed);
            }
        }
    }

    private void Note(DirectoryEntries entries)
    {
        var changed = FileTime.Latest(entries.Written);
        _changed = _changed > changed ? _changed : changed;
    }

    private void Follow(string link, string shown)
    {
        var target = TargetOf(new DirectoryInfo(link));
        _names.Add($"{link} -> {target?.FullName}");
        if (target is null)
            return;
        if (_followed.Add(target.FullName))
            Below(target.FullName, link, shown);
        else
            _isReachedTwice = true;
    }

    private static DirectoryInfo? TargetOf(DirectoryInfo link)
    {
        try
        {
            return link.ResolveLinkTarget(returnFinalTarget: true) is DirectoryInfo { Exists: true } target ? target : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // a loop of links, or gone
        }
    }

    private void Above(string? directory)
    {
        // Those of one project are mostly those of the next.
        for (var above = directory; above is not null && _above.Add(above); above = Path.GetDirectoryName(above))
            _names.AddRange(LookedFor.Select(name => Path.Combine(above, name)).Where(File.Exists));
    }

    /// <summary>All files of a directory are listed, as it is a project's or lies below one.</summary>
    private bool IsListed(string directory)
    {
        for (var at = directory; at is not null; at = Path.GetDirectoryName(at))
        {
            if (_projects.Contains(at))
                return true;
        }
        return false;
    }

    /// <summary>All that a pattern may take is listed, but for what is left out there. What two links lead to is listed by the path through one of them, and a pattern may come by the other.</summary>
    private bool IsListed(FilePattern pattern) =>
        pattern.IsDeep && !_isReachedTwice && IsListed(pattern.Directory) && !_leftOut.Exists(left => pattern.Directory == left.Shown || pattern.Directory.StartsWith(left.Shown + Path.DirectorySeparatorChar, StringComparison.Ordinal));

    /// <summary>What the SDK leaves out of its patterns: deeper down these are names like others.</summary>
    private bool IsOutput(string path, string parent, bool isLinked) =>
        Path.GetFileName(path.AsSpan()) is var name && (name.StartsWith('.') || !isLinked && name is "bin" or "obj" && _projects.Contains(parent));
}
