using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using WatchReload.Control;

namespace WatchReload.Daemon.Supervision;

/// <summary>
/// Files that a node runs from, copied into the state directory: it opens them as it needs them, long after its start, and an update on disk
/// must not give it those of another version.
/// </summary>
/// <remarks>
/// A copy is named by the names, lengths and times of its files, made aside, synced and renamed, and never written to again. All of that is done with the lock of the
/// copies held, so what lies aside then was left by a process that is dead. Each node's <c>nodes/NAME/MARK</c> names the one that it was started from last, and the one
/// before it, should the last one not serve; the others go with the next start. While a node lives its mark stays: another process that is started in its place ends at once, and must not take its files away.
/// </remarks>
/// <param name="state">Whose.</param>
/// <param name="folder">Of the copies, in the state directory.</param>
/// <param name="mark">The file in the node's directory.</param>
internal sealed class PrivateCopy(StateDirectory state, string folder, string mark)
{
    private const int NameLength = 16;
    private static readonly TimeSpan LockPatience = TimeSpan.FromMinutes(2);

    private string Copies => Path.Combine(state.Root, folder);

    /// <summary>The directory of the copy, made if it is missing.</summary>
    /// <param name="node">Which is to be started from it.</param>
    /// <param name="source">The paths of the files are kept relative to it.</param>
    /// <param name="paths">What is copied.</param>
    public string For(string node, string source, IEnumerable<string> paths)
    {
        var files = paths.Select(path => new FileInfo(path)).OrderBy(file => file.FullName, StringComparer.Ordinal).ToArray();
        var name = Name(source, files);
        var copy = Path.Combine(Copies, name);
        OwnedPath.EnsureDirectory(Copies);
        OwnedPath.EnsureNode(state, node);
        using var alone = Lock();
        if (!Directory.Exists(copy))
            Make(source, files, copy);
        if (IsAlive(node))
            return copy;
        Mark(node, name);
        RemoveUnused();
        return copy;
    }

    /// <summary>The copy that the node was started from last; null when there is none.</summary>
    public string? Last(string node) =>
        Marked(node).Select(name => Path.Combine(Copies, name)).FirstOrDefault(Directory.Exists);

    /// <summary>The node is started from none.</summary>
    public void Forget(string node)
    {
        if (!File.Exists(In(node)) || IsAlive(node))
            return;
        using var alone = Lock();
        DurableFile.Delete(In(node));
        RemoveUnused();
    }

    private void Mark(string node, string name)
    {
        var before = Marked(node);
        if (before.FirstOrDefault() != name)
            DurableFile.Write(In(node), string.Join('\n', before.Take(1).Prepend(name)) + "\n");
    }

    private string[] Marked(string node) => File.Exists(In(node)) ? File.ReadAllLines(In(node)) : [];

    private FileLock Lock() => FileLock.Acquire(Path.Combine(Copies, ".lock"), LockPatience, TimeProvider.System).GetAwaiter().GetResult()
        ?? throw new IOException($"{Copies} is held by another process for over {LockPatience.TotalMinutes:0} minutes.");

    private bool IsAlive(string node) => FileLock.Holder(state.NodeLock(node)) is { } holder && holder.Pid != Environment.ProcessId;

    private static void Make(string source, FileInfo[] files, string copy)
    {
        var aside = copy + "." + RandomNumberGenerator.GetHexString(8, lowercase: true);
        try
        {
            foreach (var file in files)
                Copy(file, Path.Combine(aside, Path.GetRelativePath(source, file.FullName)));
            foreach (var directory in Directory.EnumerateDirectories(aside, "*", SearchOption.AllDirectories).Append(aside))
                DurableFile.SyncDirectory(directory);
            Directory.Move(aside, copy);
            DurableFile.SyncDirectory(Path.GetDirectoryName(copy)!);
        }
        catch
        {
            if (Directory.Exists(aside))
                Directory.Delete(aside, recursive: true); // the disk is full: half a copy does not keep it so
            throw;
        }
    }

    private static void Copy(FileInfo file, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        file.CopyTo(target);
        if (OperatingSystem.IsWindows())
            return; // it syncs by a handle that may write alone
        using var copied = File.OpenHandle(target);
        RandomAccess.FlushToDisk(copied);
    }

    private void RemoveUnused()
    {
        var nodes = Path.Combine(state.Root, "nodes");
        var used = Directory.EnumerateDirectories(nodes).SelectMany(n => Marked(Path.GetFileName(n))).ToHashSet(StringComparer.Ordinal);
        foreach (var copy in Directory.EnumerateDirectories(Copies).Where(c => !used.Contains(Path.GetFileName(c))).ToList())
        {
            try
            {
                Directory.Delete(copy, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Somebody reads it: the next start tries again.
            }
        }
    }

    private string In(string node) => Path.Combine(state.NodeDirectory(node), mark);

    private static string Name(string source, FileInfo[] files)
    {
        var text = new StringBuilder();
        foreach (var file in files)
            text.Append(CultureInfo.InvariantCulture, $"{Path.GetRelativePath(source, file.FullName)} {file.Length} {file.LastWriteTimeUtc.Ticks}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..NameLength];
    }
}
