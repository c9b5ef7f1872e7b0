namespace WatchReload.Daemon.Watching;

internal enum PollingMode
{
    /// <summary>Events; polling where they do not come.</summary>
    Auto,
    Always,
    Never,
}

/// <summary>How a tree is watched.</summary>
internal sealed record WatcherSettings
{
    /// <summary>Absolute path of the tree.</summary>
    public required string Root { get; init; }

    /// <summary>Absolute path of the state directory: never watched, and where the heartbeat is written.</summary>
    public required string State { get; init; }

    /// <summary>Globs relative to <see cref="Root"/>.</summary>
    public IReadOnlyList<string> Include { get; init; } = ["**/*"];
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Quiet time after the last event of a single save.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromMilliseconds(8);

    /// <summary>Quiet time once more than <see cref="BurstFiles"/> paths are pending, or a file looks half written.</summary>
    public TimeSpan BurstQuiet { get; init; } = TimeSpan.FromMilliseconds(80);
    public int BurstFiles { get; init; } = 4;

    /// <summary>A tree that is never quiet is looked at after this long.</summary>
    public TimeSpan LongestSettle { get; init; } = TimeSpan.FromSeconds(5);

    public PollingMode Polling { get; init; } = PollingMode.Auto;
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the watcher is asked to prove that it lives.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often the tree is looked at, whatever the events say; zero: never.</summary>
    public TimeSpan RescanInterval { get; init; } = TimeSpan.FromSeconds(60);
}
