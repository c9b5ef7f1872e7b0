namespace WatchReload.Daemon.Flow;

/// <summary>The files of a commit, written aside to be built.</summary>
/// <param name="Commit">Full id.</param>
/// <param name="Directory">Where they are.</param>
/// <param name="Artifacts">Where what is built of them goes.</param>
/// <param name="Top">Of the checkout where they will be, once the commit is deployed.</param>
/// <param name="TopArtifacts">Where what is built there goes.</param>
internal sealed record ExportedTree(string Commit, string Directory, string Artifacts, string Top, string TopArtifacts)
{
    /// <summary>With these the compiler writes the checkout's paths into what it makes, so that it is what the checkout would give.</summary>
    public IReadOnlyDictionary<string, string> Properties => new[] { Directory, Artifacts, Top, TopArtifacts }.Any(path => path.AsSpan().ContainsAny(',', '=', ';'))
        ? new Dictionary<string, string>() // these mean something else in a path map
        : new Dictionary<string, string> { ["PathMap"] = $"{Directory}={Top},{Artifacts}={TopArtifacts}" };

    /// <summary>A path of the checkout as it is here; others as they are.</summary>
    public string Here(string path) => Move(path, Top, Directory);

    /// <summary>A path of here as it will be in the checkout: for people.</summary>
    public string There(string path) => Move(path, Directory, Top);

    private static string Move(string path, string from, string to)
    {
        var relative = Path.GetRelativePath(from, path);
        return relative == ".." || relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal) || Path.IsPathRooted(relative) ? path : Path.GetFullPath(relative, to);
    }
}
