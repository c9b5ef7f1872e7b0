namespace WatchReload.Daemon.Watching;

/// <summary>
/// Which commit git's HEAD is, and the files that say so. Looks at files alone: it is asked with every look at a tree, and git itself would take longer than the look.
/// </summary>
internal static class HeadFiles
{
    private const string Link = "gitdir: ";
    private const string Reference = "ref: ";

    /// <summary>A reference that leads to a reference; more are a mistake, or a loop.</summary>
    private const int MostHops = 5;

    /// <summary>In bytes; a commit or the name of a reference is less.</summary>
    private const long LargestFile = 4096;
    private const long LargestPacked = 1L << 27;

    /// <summary>These are a worktree's own; all others are those of the repository.</summary>
    private static readonly string[] _ofWorktree = ["refs/bisect/", "refs/worktree/", "refs/rewritten/"];

    /// <summary>Absolute paths of the files on which it depends which commit is checked out in the repository that a directory lies in, also of those that are not there; none where there is no repository.</summary>
    public static IReadOnlyList<string> Of(string directory) => Look(directory).Files;

    /// <summary>The commit, or what else tells it from others; empty where there is none.</summary>
    public static string Commit(string directory) => Look(directory).Commit;

    private static (List<string> Files, string Commit) Look(string directory)
    {
        if (GitDirectory(directory) is not { } git)
            return ([], "");
        var common = Text(Path.Combine(git, "commondir")) is { } elsewhere ? Path.GetFullPath(elsewhere, git) : git;
        var tables = new[] { git, common }.Distinct(Paths.Comparer).Select(place => Path.Combine(place, "reftable", "tables.list")).Where(File.Exists).ToList();
        if (tables.Count > 0)
            return (tables, string.Join('\n', tables.Select(table => Text(table, LargestPacked)))); // each change of a reference is another list

        List<string> files = [Path.Combine(git, "HEAD")];
        var says = Text(files[0]);
        for (var hops = 0; hops < MostHops && says?.StartsWith(Reference, StringComparison.Ordinal) is true; hops++)
        {
            var name = says[Reference.Length..].Trim();
            if (!name.StartsWith("refs/", StringComparison.Ordinal) || name.Contains("..", StringComparison.Ordinal))
                return (files, "");
            files.Add(Path.Combine(Array.Exists(_ofWorktree, own => name.StartsWith(own, StringComparison.Ordinal)) ? git : common, name));
            says = Text(files[^1]);
            if (says is not null)
                continue;
            files.Add(Path.Combine(common, "packed-refs"));
            says = Packed(files[^1], name);
        }

        return (files, says ?? "");
    }

    /// <summary>Of a linked worktree, or a submodule, it lies elsewhere.</summary>
    private static string? GitDirectory(string directory)
    {
        for (var at = directory; at is not null; at = Path.GetDirectoryName(at))
        {
            var git = Path.Combine(at, ".git");
            if (Directory.Exists(git))
                return git;
            if (Text(git) is { } text)
                return text.StartsWith(Link, StringComparison.Ordinal) ? Path.GetFullPath(text[Link.Length..], at) : null;
        }

        return null;
    }

    private static string? Text(string path, long most = LargestFile) => Read(path, most, file => File.ReadAllText(file).Trim());

    private static string? Packed(string path, string name) =>
        Read(path, LargestPacked, file => File.ReadLines(file).FirstOrDefault(line => line.EndsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[^(name.Length + 1)] == ' ')?.Split(' ')[0]);

    private static string? Read(string path, long most, Func<string, string?> read)
    {
        try
        {
            // Neither what is endless nor what a read would wait for, such as a pipe, which has no length.
            return new FileInfo(path) is { Exists: true, Length: > 0 and var length } && length <= most ? read(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // git replaces it just now; there will be another look
        }
    }
}
