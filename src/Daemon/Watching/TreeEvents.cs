namespace WatchReload.Daemon.Watching;

/// <summary>Where file system events come from: the operating system, or a test.</summary>
/// <param name="directories">What to watch.</param>
/// <param name="touched">Called on any thread, with the path that an event is about.</param>
/// <param name="failed">Called on any thread: events were lost, or will not come.</param>
/// <returns>Ends the watching when disposed.</returns>
internal delegate IDisposable OpenTreeEvents(IReadOnlyList<WatchedDirectory> directories, Action<string> touched, Action<Exception> failed);

/// <summary>File system events from the operating system: on Linux by <see cref="LinuxTreeEvents"/>, elsewhere from <see cref="FileSystemWatcher"/>.</summary>
internal sealed class TreeEvents : IDisposable
{
    private readonly List<FileSystemWatcher> _watchers = [];

    private TreeEvents()
    {
    }

    public static IDisposable Open(IReadOnlyList<WatchedDirectory> directories, Action<string> touched, Action<Exception> failed)
    {
        var events = new TreeEvents();
        try
        {
            if (OperatingSystem.IsLinux())
                return LinuxTreeEvents.Open(directories, touched, failed);
            foreach (var directory in directories)
                events.Add(directory, touched, failed);
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

    private void Add(WatchedDirectory directory, Action<string> touched, Action<Exception> failed)
    {
        var watcher = new FileSystemWatcher(directory.Path)
        {
            IncludeSubdirectories = directory.Recursive,
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
            InternalBufferSize = 64 * 1024,
        };
        _watchers.Add(watcher);
        watcher.Created += (_, e) => touched(e.FullPath);
        watcher.Changed += (_, e) => touched(e.FullPath);
        watcher.Deleted += (_, e) => touched(e.FullPath);
        watcher.Renamed += (_, e) =>
        {
            touched(e.OldFullPath);
            touched(e.FullPath);
        };
        watcher.Error += (_, e) => failed(e.GetException());
        watcher.EnableRaisingEvents = true;
    }
}
