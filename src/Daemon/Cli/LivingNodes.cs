using WatchReload.Control;
using WatchReload.Daemon.Configuration;
using WatchReload.Daemon.Resident;

namespace WatchReload.Daemon.Cli;

/// <summary>The nodes that run on a state directory, for when watch.json cannot be trusted to name them.</summary>
internal static class LivingNodes
{
    private const string Builder = "builder";

    /// <summary>Each with the settings that it has among those given; none when nothing runs.</summary>
    public static IReadOnlyList<NodeSettings> In(StateDirectory state, IReadOnlyList<NodeSettings> known)
    {
        if (!Directory.Exists(state.Run))
            return [];
        return [.. Directory.EnumerateFiles(state.Run, "*.json")
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Where(name => name != ResidentName.Value && name != Builder && !name.StartsWith(Builder + "-", StringComparison.Ordinal))
            .Where(name => RendezvousFile.Read(state, name)?.Process() is { IsAlive: true })
            .Order(StringComparer.Ordinal)
            .Select(name => known.FirstOrDefault(node => node.Name == name) ?? new NodeSettings(name, new Dictionary<string, string>(), []))];
    }
}
