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
    private const int NoSpace = 28; // ENOSPC

    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(1);

    private const InotifyMask Wanted = InotifyMask.Modified | InotifyMask.Closed | InotifyMask.Attributes | InotifyMask.Created | InotifyMask.Deleted | InotifyMask.MovedFrom | InotifyMask.MovedTo
        | InotifyMask.OnlyDirectories | InotifyMask.WithoutUnlinked;

    private static readonly EnumerationOptions Subdirectories = new() { AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };

    private readonly Inotify _inotify;
    private readonly IReadOnlyList<WatchedDirectory> _tops;
    private readonly Action<TreeEvent> _happened;
    private readonly Action<Exception> _failed;

    /// <summary>By the numbers of watches: a directory may be come to by a link as well.</summary>
    private Dictionary<int, List<Place>> _watched = [];
    private HashSet<Place> _places = [];
    private bool _isFull;
    private volatile bool _isOver;
    private readonly Thread _thread;

    private LinuxTreeEvents(Inotify inotify, IReadOnlyList<WatchedDirectory> tops, Action<TreeEvent> happened, Action<Exception> failed)
    {
        (_inotify, _tops, _happened, _failed) = (inotify, tops, happened, failed);
        _thread = new Thread(Run) { IsBackground = true, Name = "file system events" };
    }

    public static IDisposable Open(IReadOnlyList<WatchedDirectory> directories, Action<TreeEvent> happened, Action<Exception> failed)
    {
        var inotify = new Inotify();
        var events = new LinuxTreeEvents(inotify, [.. directories.Select(directory => directory with { Path = Path.TrimEndingDirectorySeparator(directory.Path) })], happened, failed);
        try
        {
            events.Watch();
            events._thread.Start();
            return events;
        }
        catch
        {
            inotify.Dispose();
            throw;
        }
    }

    /// <summary>Then its watches are free for another, but for a system that takes very long. Not for its own thread.</summary>
    public void Dispose()
    {
        _isOver = true;
        _inotify.End();
        _thread.Join(LongestEnd);
    }

    private void Watch()
    {
        foreach (var top in _tops)
            Add(new Place(top.Path, top));
    }

    private void Run()
    {
        try
        {
            while (_inotify.Read() is { } events)
            {
                foreach (var happened in events)
                {
                    if (_isOver)
                        return;
                    Take(happened);
                }
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
        if (happened.What.HasFlag(InotifyMask.Overflow))
        {
            WatchAnew();
            _failed(new InternalBufferOverflowException("More happened in the file system than the system keeps for one who watches."));
            return;
        }
        if (happened.What.HasFlag(InotifyMask.Ignored))
        {
            if (_watched.Remove(happened.Watch, out var gone))
                _places.ExceptWith(gone);
            return;
        }
        if (!_watched.TryGetValue(happened.Watch, out var places))
            return; // let go of
        foreach (var place in places.ToArray())
            Take(happened, place);
    }

    private void Take(InotifyEvent happened, Place place)
    {
        if (happened.Name.Length == 0)
        {
            _happened(new(place.Path, IsMove: false));
            return;
        }
        var path = Path.Join(place.Path, happened.Name);
        if (happened.What.HasFlag(InotifyMask.OfDirectory) && place.Top.Recursive)
        {
            // Of one that is deleted the system ends the watch.
            var entry = place with { Path = path };
            if (happened.What.HasFlag(InotifyMask.MovedFrom))
                LetGo(entry);
            else if ((happened.What & (InotifyMask.MovedTo | InotifyMask.Created)) != 0 || (happened.What.HasFlag(InotifyMask.Attributes) && !_places.Contains(entry)))
                Add(entry); // one that nobody could look into may be open now
        }
        _happened(new(path, (happened.What & (InotifyMask.Created | InotifyMask.Deleted | InotifyMask.MovedFrom | InotifyMask.MovedTo)) != 0, IsOpen(happened.What)));
    }

    /// <summary>Whoever creates a file or writes to it closes it later on. A link is created and not opened: then no more is told of it.</summary>
    private static bool IsOpen(InotifyMask what) => !what.HasFlag(InotifyMask.OfDirectory) && (what & (InotifyMask.Created | InotifyMask.Modified)) != 0;

    /// <summary>Directories may have come, or be elsewhere now. Watches that are right stay: each that is ended is an event, and so many would be too many at once again.</summary>
    private void WatchAnew()
    {
        var before = _watched.Keys;
        (_watched, _places, _isFull) = ([], [], false);
        Watch();
        foreach (var watch in before.Where(watch => !_watched.ContainsKey(watch)))
            _inotify.Remove(watch);
    }

    /// <summary>The directory first, then what is in it: what comes in between tells of itself.</summary>
    private void Add(Place place)
    {
        if (_isFull || _isOver)
            return; // told, or of no use
        if (_inotify.Add(place.Path, place.IsTop ? Wanted : Wanted | InotifyMask.WithoutLinks, out var error) is not { } watch)
        {
            _isFull = error!.HResult == NoSpace;
            if (place.IsTop || !IsOfBuild(error))
                _failed(error);
            return;
        }
        if (!_watched.TryGetValue(watch, out var places))
            _watched[watch] = places = [];
        if (!places.Contains(place))
            places.Add(place); // also if the watch of a directory before it has not ended yet
        _places.Add(place);
        if (!place.Top.Recursive)
            return;
        try
        {
            foreach (var below in Directory.GetDirectories(place.Path, "*", Subdirectories)) // all names first: none is held open while the next is looked into
                Add(place with { Path = below });
        }
        catch (Exception e) when (e is DirectoryNotFoundException or UnauthorizedAccessException || IsOfBuild(e))
        {
            // As above.
        }
        catch (IOException e)
        {
            _failed(e);
        }
    }

    /// <summary>Gone again, no directory any more, or not to be looked into: that is for a build to say.</summary>
    private static bool IsOfBuild(Exception error) => error.HResult is NoEntry or NoAccess or NoDirectory;

    /// <summary>With all below it, but for what another top has there, which stays with its directory as each top does.</summary>
    private void LetGo(Place gone)
    {
        foreach (var (watch, places) in _watched)
        {
            var leaving = places.FindAll(place => place.Top == gone.Top && (place.Path == gone.Path || Paths.IsBelow(place.Path, gone.Path)));
            if (leaving.Count == 0)
                continue;
            _places.ExceptWith(leaving);
            if (places.RemoveAll(leaving.Contains) > 0 && places.Count > 0)
                continue;
            _watched.Remove(watch);
            _inotify.Remove(watch);
        }
    }

    /// <summary>A path that leads to a watched directory.</summary>
    /// <param name="Path">Absolute.</param>
    /// <param name="Top">Of what was to be watched, what brought it here.</param>
    private readonly record struct Place(string Path, WatchedDirectory Top)
    {
        public bool IsTop => Path == Top.Path;
    }
}
