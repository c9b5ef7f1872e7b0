using WatchReload.Control;

namespace WatchReload.Daemon.Releases;

/// <summary>The releases that nodes may start on, running or not.</summary>
internal static class NodeClaims
{
    /// <exception cref="IOException">They cannot be known, so nothing may be deleted.</exception>
    public static IReadOnlySet<string> Read(StateDirectory state)
    {
        var claimed = new HashSet<string>();
        var nodes = Path.GetDirectoryName(state.NodeDirectory("any"))!;
        foreach (var node in Directory.Exists(nodes) ? Directory.EnumerateDirectories(nodes).Select(Path.GetFileName) : [])
        {
            foreach (var file in new[] { state.Current(node!), state.Trial(node!) })
            {
                if (PointerFile.Read(file) is { } named)
                    claimed.Add(named);
            }
        }

        return claimed;
    }
}
