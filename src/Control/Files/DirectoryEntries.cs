using System.Collections.Concurrent;
using System.IO.Enumeration;
using System.Security.Cryptography;
using System.Text;

namespace WatchReload.Control;

/// <summary>
/// What is in a directory, by name. It is read anew when the directory has changed: a tree is looked through at every edit, and a web client's packages alone may be thousands of directories.
/// </summary>
/// <remarks>
/// Theory of operation. Whatever comes, goes or is called otherwise in a directory gives it another change time, which no program can set. So what was read stays true while that time is the same,
/// if it lay far enough back when it was read that nothing can have come in the same tick; and if it has no links, as what they lead to changes elsewhere. Where the file system does not keep such times, or is not known to, a
/// directory is read every time.
/// </remarks>
public sealed class DirectoryEntries
{
    private const int Most = 200_000;
    private static readonly EnumerationOptions Flat = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true };
    private static readonly EnumerationOptions WithoutLinks = new() { AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };

    /// <summary>Of this machine's own disks and memory, which change these times with every entry: ext, xfs, btrfs, zfs, f2fs, tmpfs, overlay (statfs(2)).</summary>
    private static readonly HashSet<uint> Telling = [0xEF53, 0x58465342, 0x9123683E, 0x2FC12FC1, 0xF2F52010, 0x01021994, 0x794C7630];

    private static readonly ConcurrentDictionary<string, Kept> s_kept = new(StringComparer.Ordinal);

    private DirectoryEntries(List<string> files, List<(string Name, bool IsLink)> directories, DateTime written)
    {
        files.Sort(StringComparer.Ordinal);
        (Files, Directories, Written) = (files, directories, written);
    }

    /// <summary>Names, in order.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>Names of those within, and whether it is, or may be, a link that leads to one.</summary>
    public IReadOnlyList<(string Name, bool IsLink)> Directories { get; }

    /// <summary>When something last came or went, UTC, as the file system keeps it.</summary>
    public DateTime Written { get; }

    private int Count => Files.Count + Directories.Count;

    /// <summary>The same for the same files.</summary>
    public string Digest => field ??= Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', Files))));

    /// <summary>Null where there is no directory.</summary>
    /// <param name="directory">Absolute path.</param>
    /// <param name="most">No more entries are wanted.</param>
    public static DirectoryEntries? Of(string directory, int most = int.MaxValue)
    {
        var now = TimeProvider.System.GetUtcNow(); // the file system's
        if (FileStatus.StampOfDirectory(directory) is not { } stamp)
            return Read(directory, most, Directory.GetLastWriteTimeUtc(directory));
        if (s_kept.TryGetValue(directory, out var kept) && kept.Stamp == stamp)
            return kept.Entries;
        var entries = Read(directory, most, new DateTime(stamp.Written, DateTimeKind.Utc));
        if (entries is null || entries.Count >= most || !stamp.IsTelling || stamp.MayBeSince(now) || !Telling.Contains(FileStatus.FileSystemOf(directory)) || HasLinks(directory, entries.Count))
            return entries;
        if (s_kept.Count >= Most)
            s_kept.Clear();
        s_kept[directory] = new Kept(stamp, entries);
        return entries;
    }

    private static DirectoryEntries? Read(string directory, int most, DateTime written)
    {
        var (files, directories) = (new List<string>(), new List<(string, bool)>());
        try
        {
            foreach (var (name, isDirectory, isLink) in new FileSystemEnumerable<(string, bool, bool)>(directory, Entry, Flat).Take(most))
            {
                if (isDirectory)
                    directories.Add((name, isLink));
                else
                    files.Add(name);
            }
            return new DirectoryEntries(files, directories, written);
        }
        catch (IOException e) when (e is DirectoryNotFoundException || !Directory.Exists(directory))
        {
            return null; // gone since its name was read, or a file by now
        }

        static (string, bool, bool) Entry(ref FileSystemEntry entry) => (entry.FileName.ToString(), entry.IsDirectory, entry.IsDirectory && entry.Attributes.HasFlag(FileAttributes.ReparsePoint));
    }

    /// <summary>Links to files too, and those that lead nowhere: such a one is a file until something is there. Counted, as to ask each file would take longer than all the rest.</summary>
    private static bool HasLinks(string directory, int all)
    {
        try
        {
            return new FileSystemEnumerable<bool>(directory, (ref FileSystemEntry _) => true, WithoutLinks).Count() != all;
        }
        catch (IOException)
        {
            return true; // gone meanwhile
        }
    }

    private sealed record Kept(FileStamp Stamp, DirectoryEntries Entries);
}
