using WatchReload.Control;

namespace WatchReload.Daemon.Watching;

internal static class SourceTree
{
    /// <summary>SHA-256, lower-case hex, over the inputs' paths relative to <paramref name="root"/> and their content hashes.</summary>
    public static string Hash(BuildInputs inputs, string root) => throw new NotImplementedException();
}
