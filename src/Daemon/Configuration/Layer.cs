namespace WatchReload.Daemon.Configuration;

internal enum LayerKind
{
    /// <summary>watch.json: comes with the tree, so whoever may push decides what is in it.</summary>
    Tree,

    /// <summary>The host's configuration, outside the tree.</summary>
    Host,
    Environment,
    Flags,
}

/// <summary>One source of settings. A file has a tree of values; variables and flags have a text a setting.</summary>
/// <param name="Directory">Where its relative paths start.</param>
internal sealed record Layer(LayerKind Kind, string Directory)
{
    public ConfigObject? File { get; init; }

    /// <summary>By the setting's path.</summary>
    public IReadOnlyDictionary<string, ConfigText> Texts { get; init; } = new Dictionary<string, ConfigText>();

    public static Layer OfFlags(SettingsSources sources) => new(LayerKind.Flags, sources.Directory)
    {
        Texts = sources.Flags.ToDictionary(flag => flag.Key, flag => new ConfigText(Location.Of(flag.Flag), flag.Value, Untyped: true)),
    };
}
