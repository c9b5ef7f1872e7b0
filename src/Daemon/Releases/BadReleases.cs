using WatchReload.Control;

namespace WatchReload.Daemon.Releases;

/// <summary>Content hashes of releases that failed on trial. Nodes append them; a line that was torn in a crash is no hash and is passed over.</summary>
internal static class BadReleases
{
    private const int HashLength = 64;

    public static IReadOnlySet<string> Read(StateDirectory state)
    {
        try
        {
            return File.ReadLines(state.Bad).Select(line => line.Trim()).Where(line => line.Length == HashLength && line.All(char.IsAsciiHexDigitLower)).ToHashSet();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new HashSet<string>();
        }
    }
}
