using System.Collections.Concurrent;
using WatchReload.Control;
using WatchReload.Daemon.Watching;

namespace WatchReload.Daemon.Flow;

/// <summary>
/// Content hashes of files by their stamps, so that a look at a large tree reads only what was written since the last. A file is read again as long as another write could have
/// left the same stamp.
/// </summary>
/// <param name="time">By which a file has been left alone.</param>
/// <param name="read">Hashes the content of a file that had this stamp.</param>
internal sealed class TreeHashes(TimeProvider time, Func<string, FileStamp, string> read)
{
    /// <summary>File systems without fractions of a second keep two of them; the others less.</summary>
    private static readonly TimeSpan Grain = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, (FileStamp Stamp, long ReadAt, string Hash)> _known = new(StringComparer.Ordinal);

    public TreeHashes(TimeProvider time)
        : this(time, ContentHash.Of)
    {
    }

    /// <summary>
    /// Before a first look: reads all of them, on all processors. Later looks read few files, and are one after the other: to wait for other threads beside a service that is busy
    /// takes longer.
    /// </summary>
    public void Prepare(IEnumerable<string> paths, CancellationToken cancellation)
    {
        if (_known.IsEmpty)
            paths.AsParallel().WithCancellation(cancellation).ForAll(path => Of(path));
    }

    public string Of(string path)
    {
        var stamp = FileStamp.Of(path);
        var now = time.GetUtcNow().UtcTicks;
        if (_known.TryGetValue(path, out var known) && known.Stamp == stamp && known.ReadAt > Math.Max(stamp.Written, stamp.Changed) + Grain.Ticks)
            return known.Hash;
        var hash = read(path, stamp);
        _known[path] = (stamp, now, hash);
        return hash;
    }
}
