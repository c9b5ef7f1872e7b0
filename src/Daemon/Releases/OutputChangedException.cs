namespace WatchReload.Daemon.Releases;

/// <summary>An output was written to while it was read.</summary>
internal sealed class OutputChangedException(string source) : Exception($"{source} changed while it was copied.")
{
    public string Output { get; } = source;
}
