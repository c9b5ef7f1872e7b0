using WatchReload.Daemon.Configuration;
using WatchReload.Daemon.Git;

namespace WatchReload.Daemon.Cli;

/// <summary>The checkout as it will be after the merge of a commit. What lies outside of it is on disk.</summary>
internal sealed class CommitFiles : FileView
{
    private readonly CommitTree _tree;
    private readonly string _top;
    private readonly string _watchFile;

    private CommitFiles(CommitTree tree, string watchFile) =>
        (_tree, _watchFile, _top) = (tree, watchFile, ConfigurationFile.GitTop(Path.GetDirectoryName(watchFile)!) ?? tree.Top); // git's own path has no symbolic links in it

    private byte[]? WatchJson { get; init; }

    /// <param name="tree">Of the commit.</param>
    /// <param name="watchFile">The one file that will be read.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<CommitFiles> Of(CommitTree tree, string watchFile, CancellationToken cancellation)
    {
        var files = new CommitFiles(tree, watchFile);
        return files.Inside(watchFile) is { } path && tree.HasFile(path) ? new CommitFiles(tree, watchFile) { WatchJson = await tree.Read(path, cancellation) } : files;
    }

    public override bool IsFile(string path) =>
        Inside(path) is not { } inside ? Disk.IsFile(path) : path == _watchFile ? WatchJson is not null : _tree.HasFile(inside);

    public override bool IsDirectory(string path) => Inside(path) is { } inside ? _tree.HasDirectory(inside) : Disk.IsDirectory(path);

    public override IEnumerable<string> FilesIn(string directory) => Inside(directory) is { } inside
        ? _tree.Paths.Where(path => path[..Math.Max(0, path.LastIndexOf('/'))] == inside).Select(path => Path.Combine(_top, path))
        : Disk.FilesIn(directory);

    public override byte[]? Read(string path, int most) =>
        Inside(path) is null ? Disk.Read(path, most) : path == _watchFile && WatchJson?.Length <= most ? WatchJson : null;

    /// <summary>The path as the commit has it; null outside of the checkout.</summary>
    private string? Inside(string path)
    {
        var relative = Path.GetRelativePath(_top, path).Replace('\\', '/');
        return relative == "." ? "" : relative == ".." || relative.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? null : relative;
    }
}
