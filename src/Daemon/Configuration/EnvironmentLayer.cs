using WatchReload.Control;

namespace WatchReload.Daemon.Configuration;

/// <summary>
/// Settings in the environment: <c>WATCHRELOAD_WATCH__SETTLE</c> is watch.settle. An empty variable counts as not set.
/// </summary>
internal static class EnvironmentLayer
{
    public const string Prefix = "WATCHRELOAD_";

    /// <summary>Where watch.json is, as <c>--config</c> says; not a setting.</summary>
    public const string ConfigPath = Prefix + "CONFIG";

    /// <summary>Where the host's configuration is, as <c>--host-config</c> says; not a setting.</summary>
    public const string HostConfigPath = Prefix + "HOSTCONFIG";

    /// <summary>Set by systemd's <c>StateDirectory=</c>: stands for the setting <c>state</c>, whose own variable wins.</summary>
    public const string SystemdState = "STATE_DIRECTORY";

    public static string NameOf(string path) => Prefix + path.Replace(".", "__", StringComparison.Ordinal).ToUpperInvariant();

    /// <summary>Variables that begin like settings and are none are problems.</summary>
    public static Layer Read(SettingsSources sources, IReadOnlyCollection<KnownKey> keys, List<ConfigurationError> problems)
    {
        var paths = keys.Where(key => !key.InList && key.Path[0] != '$').ToDictionary(key => NameOf(key.Path), key => key.Path, StringComparer.OrdinalIgnoreCase);
        var texts = new Dictionary<string, ConfigText>();
        if (sources.Environment.GetValueOrDefault(SystemdState) is { Length: > 0 } state)
            texts["state"] = new ConfigText(Location.Of(SystemdState), state.Split(':')[0], Untyped: true);
        foreach (var (name, text) in sources.Environment.OrderBy(variable => variable.Key, StringComparer.Ordinal))
        {
            if (text.Length == 0 || !name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || IsReserved(name))
                continue;
            if (paths.TryGetValue(name, out var path))
                texts[path] = new ConfigText(Location.Of(name), text, Untyped: true);
            else
                problems.Add(Location.Of(name).Problem("This environment variable is not a setting.", Remedy(name, paths.Keys)));
        }

        return new Layer(LayerKind.Environment, sources.Directory) { Texts = texts };
    }

    private static bool IsReserved(string name) =>
        name.Equals(ConfigPath, StringComparison.OrdinalIgnoreCase) || name.Equals(HostConfigPath, StringComparison.OrdinalIgnoreCase) || name == PausePoint.Variable;

    private static string Remedy(string name, IEnumerable<string> known) => Nearest.To(name[Prefix.Length..], known.Select(other => other[Prefix.Length..])) is { } near
        ? $"Did you mean {Prefix}{near}?"
        : $"Unset it, or see docs/configuration.md for the names; those of a group have two underscores, such as {NameOf("watch.settle")}.";
}
