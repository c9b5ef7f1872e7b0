namespace WatchReload.Daemon.Watching;

/// <summary>File system events of Linux, with one inotify instance for all directories.</summary>
/// <remarks>
/// Theory of operation. inotify watches directories, not trees: each has a watch, with the paths that lead to it. A directory that comes, or is moved here, is watched with all below it before
/// anybody is told, so that whoever looks at it then, or gets events later, misses nothing; one that is moved away is let go of with all below it, by its old path. So a path is never
/// composed from where directories have been moved. The runtime's own watcher does that: its thread ends of moves out of the tree (dotnet/runtime#133420), and moves of several at once can make its directories contain
/// each other, on which the stack overflows and the process ends. Events of one instance come in order, so an event that is about a directory that has been moved on since is made good by the next ones. What had happened in a directory
/// before it was let go of and found again is not told by itself: the directory is.
/// </remarks>
internal sealed class LinuxTreeEvents : IDisposable
{
    private const int NoEntry = 2; // ENOENT
    private const int NoAccess = 13; // EACCES
    private const int NoDirectory = 20; // ENOTDIR

    private const InotifyEvents Wanted = InotifyEvents.Modified | InotifyEvents.Attributes | InotifyEvents.Created | InotifyEvents.Deleted | InotifyEvents.MovedFrom | InotifyEvents.MovedTo
        | InotifyEvents.OnlyDirectories | InotifyEvents.WithoutUnlinked;

    private static readonly EnumerationOptions Subdirectories = new() { AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };

    private readonly Inotify _inotify;
    private readonly IReadOnlyList<WatchedDirectory> _tops;
    private readonly Action<string> _touched;
    private readonly Action<Exception> _failed;

    /// <summary>By the numbers of watches: a directory may be come to by a link as well.</summary>
    private readonly Dictionary<int, List<WatchedDirectory>> _watched = [];
    private readonly Thread _thread;

    private LinuxTreeEvents(Inotify inotify, IReadOnlyList<WatchedDirectory> tops, Action<string> touched, Action<Exception> failed)
    {
        (_inotify, _tops, _touched, _failed) = (inotify, tops, touched, failed);
        _thread = new Thread(Run) { IsBackground = true, Name = "file system events" };
    }

    public static IDisposable Open(IReadOnlyList<WatchedDirectory> directories, Action<string> touched, Action<Exception> failed)
    {
        var events = new LinuxTreeEvents(new Inotify(), [.. directories.Select(directory => directory with { Path = Path.TrimEndingDirectorySeparator(directory.Path) })], touched, failed);
        events.Watch();
        events._thread.Start();
        return events;
    }

    /// <summary>Does not wait: what is under way may still be told.</summary>
    public void Dispose() => _inotify.End();

    private void Watch()
    {
        foreach (var top in _tops)
            Add(top, isTop: true);
    }

    private void Run()
    {
        try
        {
            while (_inotify.Read() is { } events)
            {
                foreach (var happened in events)
                    Take(happened);
            }
        }
        catch (Exception e)
        {
            _failed(e); // and the heartbeat is not answered any more
        }
        finally
        {
            _inotify.Dispose();
        }
    }

    private void Take(InotifyEvent happened)
    {
        if (happened.What.HasFlag(InotifyEvents.Overflow))
        {
            // Directories may have come, or be elsewhere now.
            foreach (var watch in _watched.Keys)
                _inotify.Remove(watch);
            _watched.Clear();
            Watch();
            _failed(new InternalBufferOverflowException("More happened in the file system than the system keeps for one who watches."));
            return;
        }
        if (happened.What.HasFlag(InotifyEvents.Ignored))
        {
            _watched.Remove(happened.Watch);
            return;
        }
        if (!_watched.TryGetValue(happened.Watch, out var places))
            return; // let go of
        foreach (var place in places.ToArray())
            Take(happened, place);
    }

    private void Take(InotifyEvent happened, WatchedDirectory place)
    {
        if (happened.Name.Length == 0)
        {
            _touched(place.Path);
            return;
        }
        var path = Path.Join(place.Path, happened.Name);
        if (happened.What.HasFlag(InotifyEvents.OfDirectory) && place.Recursive)
        {
            if ((happened.What & (InotifyEvents.MovedFrom | InotifyEvents.Deleted)) != 0)
                LetGo(path);
            else if ((happened.What & (InotifyEvents.MovedTo | InotifyEvents.Created)) != 0)
                Add(new WatchedDirectory(path, Recursive: true), isTop: false);
        }
        _touched(path);
    }

    /// <summary>The directory first, then what is in it: what comes in between tells of itself.</summary>
    private void Add(WatchedDirectory directory, bool isTop)
    {
        if (_inotify.Add(directory.Path, isTop ? Wanted : Wanted | InotifyEvents.WithoutLinks, out var error) is not { } watch)
        {
            // Gone again, or not to be looked into: that is for a build to say.
            if (isTop || error!.HResult is not (NoEntry or NoAccess or NoDirectory))
                _failed(error!);
            return;
        }
        if (!_watched.TryGetValue(watch, out var places))
            _watched[watch] = places = [];
        if (!places.Contains(directory))
            places.Add(directory);
        if (!directory.Recursive)
            return;
        try
        {
            foreach (var below in Directory.EnumerateDirectories(directory.Path, "*", Subdirectories))
                Add(new WatchedDirectory(below, Recursive: true), isTop: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone meanwhile.
        }
    }

    /// <summary>With all below it.</summary>
    private void LetGo(string path)
    {
        foreach (var (watch, places) in _watched)
        {
            if (places.RemoveAll(place => place.Path == path || Paths.IsBelow(place.Path, path)) == 0 || places.Count > 0)
                continue;
            _watched.Remove(watch);
            _inotify.Remove(watch);
        }
    }
}
