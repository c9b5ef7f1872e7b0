using System.Text;

namespace WatchReload.Daemon.Git;

/// <summary>The files of a commit, read from git's objects: nothing is checked out.</summary>
internal sealed class CommitTree
{
    private const string Link = "120000";

    private readonly GitObjects _objects;
    private readonly Dictionary<string, string> _modes;
    private readonly HashSet<string> _directories = [];

    private CommitTree(GitObjects objects, string commit, string top, Dictionary<string, string> modes)
    {
        (_objects, Commit, Top, _modes) = (objects, commit, top, modes);
        foreach (var path in modes.Keys)
        {
            var at = path.LastIndexOf('/');
            while (at > 0 && _directories.Add(path[..at]))
                at = path.LastIndexOf('/', at - 1);
        }
    }

    public string Commit { get; }

    /// <summary>Absolute path of the top of the checkout that the commit is for.</summary>
    public string Top { get; }

    /// <summary>Of all files, from the top, with slashes.</summary>
    public IReadOnlyCollection<string> Paths => _modes.Keys;

    /// <exception cref="GitException">Git does not answer.</exception>
    public static async Task<CommitTree> Of(string commit, GitObjects objects, string top, CancellationToken cancellation)
    {
        var listed = await objects.Run(cancellation, "ls-tree", "-r", "-z", "--full-tree", commit);
        if (!listed.Ok)
            throw new GitException(GitFailure.Explain("list the files of a commit", listed));
        var modes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in listed.Fields) // mode type id \t path
            modes[entry[(entry.IndexOf('\t', StringComparison.Ordinal) + 1)..]] = entry[..entry.IndexOf(' ', StringComparison.Ordinal)];
        return new CommitTree(objects, commit, top, modes);
    }

    public bool HasDirectory(string path) => path.Length == 0 || _directories.Contains(path);

    /// <summary>Whether it is a file, or leads through a link or a submodule, whose files the commit does not list.</summary>
    public bool HasFile(string path)
    {
        if (_modes.TryGetValue(path, out var mode))
            return mode != Submodules.Mode;
        for (var at = path.LastIndexOf('/'); at > 0; at = path.LastIndexOf('/', at - 1))
            if (_modes.TryGetValue(path[..at], out var above))
                return above is Link or Submodules.Mode;
        return false;
    }

    /// <summary>The content of a file, links within the tree followed; null when there is none.</summary>
    /// <exception cref="GitException">Git does not answer.</exception>
    public async Task<byte[]?> Read(string path, CancellationToken cancellation)
    {
        if (path.Contains('\n', StringComparison.Ordinal))
            return null; // the protocol below has a name a line
        var call = new GitCall(_objects.Directory, ["cat-file", "--batch", "--follow-symlinks"]) { Input = $"{Commit}:{path}\n", Output = Encoding.Latin1 };
        var read = await _objects.Run(call, cancellation);
        if (!read.Ok)
            throw new GitException(GitFailure.Explain($"read {path} of a commit", read));
        // id blob size \n content \n
        var end = read.Output.IndexOf('\n', StringComparison.Ordinal);
        return end > 0 && read.Output[..end].Split(' ') is [_, "blob", var size] && int.TryParse(size, out var length)
            ? Encoding.Latin1.GetBytes(read.Output.Substring(end + 1, length))
            : null;
    }
}
