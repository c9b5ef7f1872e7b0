using Microsoft.Extensions.Logging;
using WatchReload.Control;
using WatchReload.Daemon.Watching;

namespace WatchReload.Daemon.Tests.Watching;

/// <summary>A tree of a test's own, with a watcher on it.</summary>
internal sealed class WatchedFolder : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("wr-watch-");
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private IAsyncEnumerator<ChangeSet>? _changes;
    private Watcher? _watcher;

    public WatchedFolder(string? root = null, string? state = null)
    {
        Root = root ?? Path.Combine(_directory.FullName, "tree");
        State = state ?? Path.Combine(Root, ".git", "watchreload");
        Directory.CreateDirectory(State);
        // No beat goes unanswered on a machine under load, where the test is about something else.
        Settings = new WatcherSettings { Root = Root, State = State, HeartbeatInterval = TimeSpan.FromHours(1) };
    }

    public string Root { get; }
    public string State { get; }
    public WatcherSettings Settings { get; set; }
    public TimeProvider Time { get; set; } = TimeProvider.System;
    public OpenTreeEvents Open { get; set; } = TreeEvents.Open;
    public Func<string?> BusyWith { get; set; } = () => null;

    /// <summary>How many saves were seen to begin.</summary>
    public int Begun { get; private set; }

    public LogLines Log { get; } = new();

    public string Beside(string name) => Path.Combine(_directory.FullName, name);

    public string At(string path) => Path.Combine(Root, path);

    public string Write(string path, string text)
    {
        var full = At(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return full;
    }

    /// <summary>Waits until nobody can think that these files have just been written.</summary>
    public static async Task Aged(params string[] files)
    {
        while (Array.Exists(files, file => FileStamp.Of(file).MayBeSince(TimeProvider.System.GetUtcNow())))
            await Task.Delay(10, TestContext.Current.CancellationToken);
    }

    public async Task Watch()
    {
        _watcher = await Watcher.Start(Settings, BusyWith, Open, Time, Log, _stop.Token);
        _watcher.SaveBegins = () => Begun++;
        _changes = _watcher.Changes(_stop.Token).GetAsyncEnumerator(_stop.Token);
    }

    public async Task<ChangeSet> Next()
    {
        Assert.True(await _changes!.MoveNextAsync());
        return _changes.Current;
    }

    /// <summary>These paths, relative to the root, and no others are handed on: as one change set, or as several if the machine pauses longer than the quiet time.</summary>
    public async Task Expect(params string[] paths)
    {
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        var wanted = paths.Order(StringComparer.Ordinal).ToList();
        do
            seen.UnionWith((await Next()).Paths.Select(path => Path.GetRelativePath(Root, path)));
        while (seen.Count < wanted.Count && seen.IsSubsetOf(wanted));
        Assert.Equal(wanted, seen);
    }

    /// <summary>What was changed before is no change, or was handed on: the next change set is the sentinel alone.</summary>
    public async Task Nothing(string sentinel = "sentinel.cs")
    {
        Write(sentinel, Guid.NewGuid().ToString());
        await Expect(sentinel);
    }

    /// <summary>What the watcher was told so far has been taken in.</summary>
    public Task Reached() => _watcher!.Reached();

    public void BeginAdopt(BuildInputs inputs) => _watcher!.Adopt(inputs);

    /// <summary>Adopts, and waits until that is done.</summary>
    public async Task Adopt(BuildInputs inputs)
    {
        BeginAdopt(inputs);
        if (inputs.Projects.Count > 0)
            await Nothing(Path.GetRelativePath(Root, inputs.Projects[0]));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_watcher is not null)
            await _watcher.DisposeAsync();
        _stop.Dispose();
        _directory.Delete(recursive: true);
    }
}

/// <summary>What was logged.</summary>
internal sealed class LogLines : ILogger
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lines)
            _lines.Add(formatter(state, exception));
    }
}
