using System.Security.Cryptography;
using System.Text;
using WatchReload.Control;

namespace WatchReload.Daemon.Watching;

internal static class SourceTree
{
    /// <summary>
    /// SHA-256, lower-case hex, over the inputs' paths relative to <paramref name="root"/> and their content hashes, and over the commits that are built in. The same in
    /// every checkout of the same content, whatever the order in which evaluation names the files.
    /// </summary>
    public static string Hash(BuildInputs inputs, string root) => Hash(inputs, root, ContentHash.Of);

    /// <param name="inputs">As evaluation named them.</param>
    /// <param name="root">Of the checkout.</param>
    /// <param name="hashOf">The content hash of a file.</param>
    /// <param name="cancellation">Breaks it off between files.</param>
    public static string Hash(BuildInputs inputs, string root, Func<string, string> hashOf, CancellationToken cancellation = default)
    {
        var lines = new List<string>(inputs.Files.Count + inputs.Projects.Count + inputs.Imports.Count);
        foreach (var path in inputs.Projects.Concat(inputs.Files).Concat(inputs.Imports).Distinct(Paths.Comparer))
        {
            cancellation.ThrowIfCancellationRequested();
            lines.Add(Line(path, hashOf(path)));
        }

        lines.AddRange(inputs.Heads.Distinct(Paths.Comparer).Select(directory => Line(directory, $"HEAD {HeadFiles.Commit(directory)}")));
        lines.Sort(StringComparer.Ordinal);

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var line in lines)
            hash.AppendData(Encoding.UTF8.GetBytes(line));
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        string Line(string path, string content) => $"{Path.GetRelativePath(root, path).Replace('\\', '/')}\0{content}\n";
    }
}
