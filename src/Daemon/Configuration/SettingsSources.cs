namespace WatchReload.Daemon.Configuration;

/// <summary>Where settings come from. Later ones override: watch.json, the host's configuration, environment, flags.</summary>
/// <param name="Directory">The working directory: watch.json is looked for here, then upwards to the top of the git checkout.</param>
/// <param name="Environment">All variables; those that begin with <c>WATCHRELOAD_</c> are settings.</param>
internal sealed record SettingsSources(string Directory, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary><c>--config PATH</c>.</summary>
    public string? ConfigPath { get; init; }

    /// <summary><c>--host-config PATH</c>: what the pushed tree must not decide; lies outside the tree.</summary>
    public string? HostConfigPath { get; init; }

    /// <summary>False: what is built already needs no project, nor its file.</summary>
    public bool NeedsProject { get; init; } = true;

    /// <summary>Where watch.json and the project are looked for.</summary>
    public FileView Files { get; init; } = FileView.Disk;

    /// <summary>Values of flags that stand for settings.</summary>
    public IReadOnlyList<SettingFlag> Flags { get; init; } = [];
}

/// <param name="Flag">As typed: <c>--state</c>.</param>
/// <param name="Key">The setting: <c>state</c>, <c>watch.settle</c>.</param>
internal sealed record SettingFlag(string Flag, string Key, string Value);
