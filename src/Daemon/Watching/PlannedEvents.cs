using WatchReload.Control;

namespace WatchReload.Daemon.Watching;

/// <summary>Events of what a plan names, from the watcher that was opened last.</summary>
/// <param name="first">The plan to begin with.</param>
/// <param name="open">Opens a watcher.</param>
/// <param name="heartbeat">The path of the heartbeat, if there is one.</param>
/// <param name="isOut">Whether nobody wants to know of a path.</param>
/// <param name="post">Told of what happens, on any thread.</param>
/// <param name="time">The clock.</param>
internal sealed class PlannedEvents(WatchPlan first, OpenTreeEvents open, string? heartbeat, Func<string, bool> isOut, Action<WatchSignal> post, TimeProvider time) : IDisposable
{
    private IDisposable? _events;
    private DirectoryIdentity[] _identities = [];
    private long _openedAt;
    private bool _isShared;

    /// <summary>What is to be watched: from the next opening on, but for the targets of links, which are looked up as events come.</summary>
    public WatchPlan Plan { get; set; } = first;

    /// <summary>Of the watcher that was opened last: what the ones before it still tell of themselves is not listened to.</summary>
    public int Generation { get; private set; }

    /// <summary>A limit of the system was hit.</summary>
    public bool IsLimited { get; private set; }

    /// <summary>Something of the plan is not watched.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>What happens to anything that the plan names is told of, as far as is known.</summary>
    public bool IsComplete => !HasFailed && !_isShared;

    public TimeSpan Age => time.GetElapsedTime(_openedAt);

    /// <summary>Whether a path leads to another directory than the one that is watched.</summary>
    public bool IsReplaced => Plan.Directories.Where((directory, i) => DirectoryIdentity.Of(directory.Path) is { Exists: true } now && now != _identities[i]).Any();

    /// <summary>Opens another watcher, and then closes the one before. What happens meanwhile may be told by neither.</summary>
    public void Open()
    {
        if (IsLimited)
            Dispose(); // it lacks something anyway, and takes what the next needs
        (IsLimited, HasFailed) = (false, false);
        _isShared = Plan.Directories.Skip(1).Any(directory => SharedFileSystem.Of(directory.Path) is not null); // the root's is known from the start
        _openedAt = time.GetTimestamp();
        _identities = [.. Plan.Directories.Select(directory => DirectoryIdentity.Of(directory.Path))];
        var before = _events;
        _events = OpenNext(out var isLimited);
        before?.Dispose();
        if (!isLimited || before is null)
            return;
        // For a moment all was watched twice; by itself it may fit.
        _events.Dispose();
        _events = OpenNext(out _);
    }

    /// <summary>The watcher that was opened last has told of an error. Gives the limit that was hit.</summary>
    public WatchLimit? Failed(Exception error)
    {
        HasFailed |= error is not InternalBufferOverflowException; // that is made good
        var limit = WatchLimit.From(error);
        IsLimited |= limit is not null;
        return limit;
    }

    public void Dispose()
    {
        _events?.Dispose();
        _events = null;
    }

    private IDisposable OpenNext(out bool isLimited)
    {
        var generation = ++Generation;
        var limit = false;
        var events = open(Plan.Directories, happened => Take(generation, happened), error =>
        {
            limit |= WatchLimit.From(error) is not null;
            post(new WatchSignal.Failed(generation, error));
        });
        isLimited = limit;
        return events;
    }

    // On the watcher's thread, for every file of a build's outputs too: drop early what is out.
    private void Take(int generation, TreeEvent happened)
    {
        if (heartbeat is not null && happened.Path.Equals(heartbeat, Paths.Comparison))
            post(new WatchSignal.BeatHeard(generation));
        else if (!isOut(happened.Path) || Plan.Targets.Contains(happened.Path))
            post(new WatchSignal.Happened(happened));
    }
}
