using System.IO.Enumeration;
using System.Security.Cryptography;
using WatchReload.Control;

namespace WatchReload.Hosting.Loading;

/// <summary>
/// Compares a directory with what the manifest says of it: every file there, unchanged, no other, no link. Each file is read once;
/// who wants its bytes gets those that were checked.
/// </summary>
internal sealed class FileCheck(string root, string what, Problems problems)
{
    /// <param name="files">Plain paths only.</param>
    /// <param name="mayBeThere">Files that the manifest does not list.</param>
    /// <param name="wanted">Whose bytes are wanted; the others are hashed without having them in memory at once.</param>
    /// <param name="take">Gets the bytes of each wanted file that is as it should be.</param>
    public void Run(IReadOnlyList<ReleaseFile> files, IReadOnlyCollection<string> mayBeThere, Func<ReleaseFile, bool> wanted, Action<ReleaseFile, byte[]> take)
    {
        try
        {
            var present = Walk();
            foreach (var file in files)
            {
                if (!present.Remove(file.Path))
                {
                    problems.AddDamage($"{what}: {file.Path} is missing.");
                }
                else if (Read(file, wanted(file)) is { } bytes)
                {
                    take(file, bytes);
                }
            }

            foreach (var extra in present.Except(mayBeThere).Order(StringComparer.Ordinal))
            {
                problems.AddDamage($"{what}: {extra} is there but not in {ReleaseManifest.FileName}.");
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problems.AddDamage($"{what}: {root} cannot be read: {error.Message}");
        }
    }

    /// <summary>Relative paths of all files. Links are refused whatever they lead to, and not followed.</summary>
    private HashSet<string> Walk()
    {
        var walk = new FileSystemEnumerable<(string Path, bool IsLink, bool IsDirectory)>(
            root,
            (ref FileSystemEntry entry) => (entry.ToFullPath(), IsLink(ref entry), entry.IsDirectory),
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false })
        {
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !IsLink(ref entry),
        };

        if (new DirectoryInfo(root).LinkTarget is not null)
        {
            problems.AddDamage($"{what}: {root} is a link.");
        }

        var files = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (path, isLink, isDirectory) in walk)
        {
            var relative = Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');
            if (isLink)
            {
                problems.AddDamage($"{what}: {relative} is a link.");
            }

            // A link counts as present: it is one problem, not two.
            if (isLink || !isDirectory)
            {
                files.Add(relative);
            }
        }

        return files;
    }

    private byte[]? Read(ReleaseFile file, bool wanted)
    {
        var path = ReleasePath.Combine(root, file.Path);
        if (new FileInfo(path).LinkTarget is not null)
        {
            return null;
        }

        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, FileOptions.SequentialScan);
            if (stream.Length != file.Length)
            {
                problems.AddDamage($"{what}: {file.Path} was changed: it has {stream.Length} bytes instead of {file.Length}.");
                return null;
            }

            var bytes = wanted ? new byte[stream.Length] : null;
            if (bytes is not null)
            {
                stream.ReadExactly(bytes);
            }

            var hash = Convert.ToHexStringLower(bytes is null ? SHA256.HashData(stream) : SHA256.HashData(bytes));
            if (hash != file.Sha256)
            {
                problems.AddDamage($"{what}: {file.Path} was changed: its SHA-256 is {hash} instead of {file.Sha256}.");
                return null;
            }

            return bytes;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problems.AddDamage($"{what}: {file.Path} cannot be read: {error.Message}");
            return null;
        }
    }

    private static bool IsLink(ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) != 0;
}
