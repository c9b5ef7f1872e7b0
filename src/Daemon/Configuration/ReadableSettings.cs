namespace WatchReload.Daemon.Configuration;

/// <summary>What can be read of a configuration that has errors, with defaults for the rest: enough to find what runs, not to build.</summary>
internal sealed record ReadableSettings(Settings Settings, StateSaid State);

/// <summary>How far it is known where the state directory lies.</summary>
internal enum StateSaid
{
    /// <summary>It is given, or left to the default.</summary>
    Clearly,

    /// <summary>A file that may have given it cannot be read.</summary>
    Perhaps,

    /// <summary>It is given, but not so that it can be read.</summary>
    Badly,
}
