using WatchReload.Control;

namespace WatchReload.Daemon.Watching;

internal static class SourceTree
{
    /// <summary>The <see cref="SourceHash"/> of the tree as it is.</summary>
    public static string Hash(BuildInputs inputs, string root) => Hash(inputs, root, ContentHash.Of);

    /// <param name="inputs">As evaluation named them.</param>
    /// <param name="root">Of the checkout.</param>
    /// <param name="hashOf">The content hash of a file.</param>
    /// <param name="cancellation">Breaks it off between files.</param>
    public static string Hash(BuildInputs inputs, string root, Func<string, string> hashOf, CancellationToken cancellation = default)
    {
        return SourceHash.Of(
            root,
            inputs.Projects.Concat(inputs.Files).Concat(inputs.Imports).Distinct(Paths.Comparer).Select(path => (path, Content(path))),
            inputs.Heads.Distinct(Paths.Comparer).Select(directory => (directory, HeadFiles.Commit(directory))));

        string Content(string path)
        {
            cancellation.ThrowIfCancellationRequested();
            return hashOf(path);
        }
    }
}
