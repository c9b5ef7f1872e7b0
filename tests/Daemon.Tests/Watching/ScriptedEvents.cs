using WatchReload.Daemon.Watching;

namespace WatchReload.Daemon.Tests.Watching;

/// <summary>File system events as a test wants them: none by themselves.</summary>
internal sealed class ScriptedEvents
{
    private readonly List<Opening> _openings = [];

    public IReadOnlyList<Opening> Openings
    {
        get
        {
            lock (_openings)
                return [.. _openings];
        }
    }

    public Opening Last => Openings[^1];

    /// <summary>What goes wrong at the opening of that number, from 1.</summary>
    public Func<int, Exception?> FailsToOpen { get; set; } = _ => null;

    public IDisposable Open(IReadOnlyList<WatchedDirectory> directories, Action<TreeEvent> happened, Action<Exception> failed)
    {
        var opening = new Opening(directories, happened, failed);
        int count;
        lock (_openings)
        {
            _openings.Add(opening);
            count = _openings.Count;
        }
        if (FailsToOpen(count) is { } error)
            failed(error);
        return opening;
    }

    internal sealed record Opening(IReadOnlyList<WatchedDirectory> Directories, Action<TreeEvent> Happened, Action<Exception> Failed) : IDisposable
    {
        public bool IsClosed { get; private set; }

        public void Touched(string path) => Happened(new(path, IsMove: false));

        /// <summary>And not closed.</summary>
        public void Written(string path) => Happened(new(path, IsMove: false, IsOpen: true));

        public void Moved(string path) => Happened(new(path, IsMove: true));

        public void Dispose() => IsClosed = true;
    }
}
