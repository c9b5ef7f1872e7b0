using Microsoft.Extensions.FileSystemGlobbing;
using WatchReload.Control;

namespace WatchReload.Daemon.Watching;

/// <summary>
/// Which paths count. Until a build has said what its inputs are, every file that the globs let through. Then those inputs, and
/// candidates: files that the evaluation has not seen, where it would find them. Evaluation goes by paths, so a file that it saw and
/// did not name stays out, whatever is written to it.
/// </summary>
internal sealed class TreeFilter
{
    // What MSBuild, NuGet, the SDK and the compiler find by themselves, above a project too.
    private static readonly string[] FoundByName = ["global.json", "nuget.config", ".editorconfig", ".globalconfig", "Directory.Build.rsp", "packages.lock.json"];
    private static readonly string[] FoundBesideLinks = [".editorconfig", ".globalconfig"];
    private static readonly string[] FoundByEnding = [".props", ".targets", "proj"];

    private readonly string _root;
    private readonly string _state;
    private readonly Matcher? _globs;
    private readonly HashSet<string> _outNames = new(Paths.Comparer) { ".git", "bin", "obj" };
    private HashSet<string> _named = new(Paths.Comparer);
    private volatile HashSet<string> _ofGit = new(Paths.Comparer);
    private readonly HashSet<string> _passedOver = new(Paths.Comparer);
    private readonly DirectoryIndex _passedOverIn = new();
    private string[] _projects = [];
    private string[] _tops = [];
    private FilePattern[] _patterns = [];
    private HashSet<string> _inputDirectories = new(Paths.Comparer);

    public TreeFilter(WatcherSettings settings)
    {
        _root = Path.TrimEndingDirectorySeparator(settings.Root);
        _state = settings.State;
        var exclude = new List<string>();
        foreach (var glob in settings.Exclude)
        {
            // A directory that is out as a whole is not even walked.
            if (glob.Split('/') is ["**", var name, "**"] && !name.Contains('*'))
                _outNames.Add(name);
            else
                exclude.Add(glob);
        }
        if (settings.Include is ["**/*"] or ["**"] && exclude.Count == 0)
            return;
        _globs = new Matcher(Paths.Comparison);
        _globs.AddIncludePatterns(settings.Include);
        _globs.AddExcludePatterns(exclude);
    }

    public string Root => _root;

    /// <summary>Whether an evaluation has named inputs.</summary>
    public bool HasInputs { get; private set; }

    /// <summary>The inputs that count, existing or not.</summary>
    public IReadOnlyCollection<string> Named => _named;

    /// <summary>Directories of the projects, and those that patterns look through, without those below another: where candidates are looked for.</summary>
    public IReadOnlyList<string> CandidateDirectories => _tops;

    /// <summary>Never watched: the state directory, git's (but for the files that say which commit is checked out, where that is built in), outputs, and directories that the globs leave out as a whole. Safe to call from any thread.</summary>
    public bool IsOut(string path)
    {
        if (_ofGit.Contains(path))
            return false;
        if (Paths.IsBelow(path, _state) || path.Equals(_state, Paths.Comparison))
            return true;
        if (!Paths.IsBelow(path, _root))
            return false;
        return HasOut(path.AsSpan(Path.TrimEndingDirectorySeparator(_root.AsSpan()).Length + 1));
    }

    /// <summary>Whether it lies in a directory that is out wherever it is, or is one.</summary>
    private bool HasOut(ReadOnlySpan<char> rest)
    {
        var outs = _outNames.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var part in rest.Split(Path.DirectorySeparatorChar))
            if (outs.Contains(rest[part]))
                return true;
        return false;
    }

    public bool Counts(string path)
    {
        if (IsOut(path))
            return false;
        if (!HasInputs)
            return Passes(path) && Paths.IsBelow(path, _root) && !EditorFiles.IsOne(path);
        return _named.Contains(path) || (!_passedOver.Contains(path) && IsCandidate(path) && Passes(path));
    }

    /// <summary>Whether a link to a directory leads to where an evaluation looks for files.</summary>
    public bool Follows(string link) => HasInputs && !IsOut(link) && (IsBelowProject(link) || _patterns.Any(pattern => pattern.IsDeep && Paths.IsBelow(link, pattern.Directory)));

    /// <summary>Files that count for where they lie and what they are called: above a project, in a directory that a pattern looks into, beside and above a file that is linked from elsewhere.</summary>
    public IEnumerable<string> FoundByPlace()
    {
        var linked = _inputDirectories.Where(directory => !_projects.Any(project => project.Equals(directory, Paths.Comparison) || Paths.IsBelow(directory, project))).ToList();
        return _patterns.Where(pattern => !pattern.IsDeep).Select(pattern => pattern.Directory).Concat(linked).Concat(_projects.Concat(linked).SelectMany(Above)).Distinct(Paths.Comparer).SelectMany(FilesIn).Where(Counts);
    }

    private IEnumerable<string> Above(string directory)
    {
        for (var above = Path.GetDirectoryName(directory); above is not null && (Paths.IsBelow(above, _root) || above.Equals(_root, Paths.Comparison)); above = Path.GetDirectoryName(above))
            yield return above;
    }

    /// <param name="inputs">What evaluation named.</param>
    /// <param name="seen">Files that were there before it looked and are there still.</param>
    public void Adopt(BuildInputs inputs, IEnumerable<string> seen)
    {
        _ofGit = inputs.Heads.SelectMany(HeadFiles.Of).ToHashSet(Paths.Comparer);
        var all = inputs.Projects.Concat(inputs.Files).Concat(inputs.Imports).Where(path => !IsOut(path)).ToHashSet(Paths.Comparer);
        _named = all.Where(path => _ofGit.Contains(path) || Passes(path)).ToHashSet(Paths.Comparer);
        PassOver(seen);
        // What is gone by now, this evaluation may not have seen: should it come back, it is new.
        TakeBack(_passedOver.Where(path => all.Contains(path) || !File.Exists(path)).ToList());
        _projects = [.. inputs.Projects.Select(project => Path.GetDirectoryName(project)!).Distinct(Paths.Comparer)];
        _patterns = [.. inputs.Patterns];
        _inputDirectories = inputs.Files.Select(path => Path.GetDirectoryName(path)!).ToHashSet(Paths.Comparer);
        string[] places = [.. _projects.Concat(_patterns.Where(pattern => pattern.IsDeep).Select(pattern => pattern.Directory)).Distinct(Paths.Comparer)];
        _tops = [.. places.Where(directory => !places.Any(other => Paths.IsBelow(directory, other)))];
        HasInputs = true;
    }

    /// <summary>An evaluation has seen these, and named others.</summary>
    public void PassOver(IEnumerable<string> seen)
    {
        foreach (var path in seen)
            if (!_named.Contains(path) && _passedOver.Add(path))
                _passedOverIn.Add(path);
    }

    /// <summary>There is no such file or directory any more: should it come back, it is new.</summary>
    public void Gone(string path) => TakeBack([path, .. _passedOverIn.Below(path)]);

    private void TakeBack(IEnumerable<string> paths)
    {
        foreach (var path in paths)
            if (_passedOver.Remove(path))
                _passedOverIn.Remove(path);
    }

    private bool IsCandidate(string path)
    {
        if (EditorFiles.IsOne(path))
            return false;
        if (_patterns.Any(pattern => pattern.Takes(path) && !HasOut(path.AsSpan(pattern.Directory.Length))))
            return true;
        if (_projects.Any(project => Paths.IsBelow(path, project)))
            return IsBelowProject(path);
        var name = Path.GetFileName(path);
        if (FoundBesideLinks.Contains(name, StringComparer.OrdinalIgnoreCase) && _inputDirectories.Contains(Path.GetDirectoryName(path)!))
            return true;
        return Paths.IsBelow(path, _root)
            && (FoundByName.Contains(name, StringComparer.OrdinalIgnoreCase) || FoundByEnding.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)));
    }

    private bool IsBelowProject(string path) => _projects.Any(project => Paths.IsBelow(path, project) && !InHiddenDirectory(path.AsSpan(project.Length)) && !InOutput(path.AsSpan(project.Length + 1)));

    private static string[] FilesIn(string directory)
    {
        try
        {
            return Directory.GetFiles(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // gone, or closed
        }
    }

    // The SDK's own globs leave these directories out.
    private static bool InHiddenDirectory(ReadOnlySpan<char> below) => Path.GetDirectoryName(below).Contains($"{Path.DirectorySeparatorChar}.", StringComparison.Ordinal);

    // As those: deeper down bin and obj are names like others.
    private static bool InOutput(ReadOnlySpan<char> below) =>
        below.IndexOf(Path.DirectorySeparatorChar) is > 0 and var end && (below[..end].Equals("bin", Paths.Comparison) || below[..end].Equals("obj", Paths.Comparison));

    // Globs are relative to the root; what lies elsewhere has been named, and that is enough.
    private bool Passes(string path) => _globs is null || !Paths.IsBelow(path, _root) || _globs.Match(Paths.RelativeTo(_root, path)).HasMatches;
}
