using System.Text.Json;
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
            foreach (var named in new[] { PointerFile.Read(state.Current(node!)), PointerFile.Read(state.Trial(node!)), StartedInstead(state.Fallback(node!)) })
            {
                if (named is not null)
                    claimed.Add(named);
            }
        }

        return claimed;
    }

    /// <summary>Null: none is started in the place of another, as far as can be read.</summary>
    private static string? StartedInstead(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), ControlJson.Default.FallenBack)?.Instead;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }
}
