namespace WatchReload.Daemon.Watching;

/// <summary>Where file system events come from: the operating system, or a test.</summary>
/// <param name="directories">What to watch.</param>
/// <param name="happened">Called on any thread.</param>
/// <param name="failed">Called on any thread: events were lost, or will not come.</param>
/// <returns>Ends the watching when disposed.</returns>
internal delegate IDisposable OpenTreeEvents(IReadOnlyList<WatchedDirectory> directories, Action<TreeEvent> happened, Action<Exception> failed);

/// <summary>File system events from the operating system: on Linux by <see cref="LinuxTreeEvents"/>, elsewhere from <see cref="FileSystemWatcher"/>.</summary>
internal sealed class TreeEvents : IDisposable
{
    private readonly List<FileSystemWatcher> _watchers = [];

    private TreeEvents()
    {
    }

    public static IDisposable Open(IReadOnlyList<WatchedDirectory> directories, Action<TreeEvent> happened, Action<Exception> failed)
    {
        var events = new TreeEvents();
        try
        {
            if (OperatingSystem.IsLinux())
                return LinuxTreeEvents.Open(directories, happened, failed);
            foreach (var directory in directories)
                events.Add(directory, happened, failed);
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            // A limit of the system, or a directory that is gone: those that could be opened stay open.
            failed(e);
        }
        return events;
    }

    public void Dispose()
    {
        foreach (var watcher in _watchers)
            watcher.Dispose();
    }

    private void Add(WatchedDirectory directory, Action<TreeEvent> happened, Action<Exception> failed)
    {
        var watcher = new FileSystemWatcher(directory.Path)
        {
            IncludeSubdirectories = directory.Recursive,
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
            InternalBufferSize = 64 * 1024,
        };
        _watchers.Add(watcher);
        watcher.Created += (_, e) => happened(new(e.FullPath, IsMove: true));
        watcher.Changed += (_, e) => happened(new(e.FullPath, IsMove: false)); // of a directory: for each entry that comes or goes
        watcher.Deleted += (_, e) => happened(new(e.FullPath, IsMove: true));
        watcher.Renamed += (_, e) =>
        {
            happened(new(e.OldFullPath, IsMove: true));
            happened(new(e.FullPath, IsMove: true));
        };
        watcher.Error += (_, e) => failed(e.GetException());
        watcher.EnableRaisingEvents = true;
    }
}
