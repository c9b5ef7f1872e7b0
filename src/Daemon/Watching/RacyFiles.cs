using WatchReload.Control;

namespace WatchReload.Daemon.Watching;

/// <summary>Files that were read so soon after they were written that a second write could leave length and times as they are.</summary>
/// <remarks>
/// File systems keep times in ticks: of the kernel, of a second, of two. Two writes within one tick look like one, to whoever looks instead of
/// waiting for events. As git does it, what was just written is read again until a tick has surely passed. Counted by a clock that only counts, from the first
/// time that the stamp was seen: what the clock on the wall says, here or on a file server, does not matter.
/// </remarks>
internal sealed class RacyFiles(TimeProvider time)
{
    private static readonly TimeSpan CoarsestTick = TimeSpan.FromSeconds(2);
    private readonly Dictionary<string, (FileStamp Stamp, long FirstRead)> _files = new(Paths.Comparer);
    private long _reading;

    /// <summary>By the clock on the wall, where it was not seen to change.</summary>
    public static bool IsFresh(FileStamp stamp, DateTimeOffset now) => stamp.MayBeSince(now - CoarsestTick);

    public bool Contains(string path) => _files.ContainsKey(path);

    /// <summary>Before files are read: what is written from now on may or may not be seen.</summary>
    public void BeginReading() => _reading = time.GetTimestamp();

    public void Read(string path, FileStamp stamp)
    {
        if (!_files.TryGetValue(path, out var racy) || racy.Stamp != stamp)
            _files[path] = (stamp, _reading == 0 ? time.GetTimestamp() : _reading);
        else if (time.GetElapsedTime(racy.FirstRead, _reading) > CoarsestTick)
            _files.Remove(path);
    }

    public void Forget(string path) => _files.Remove(path);
}
