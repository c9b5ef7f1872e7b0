namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>One object cannot be carried over. It is unchanged and its own version can go on using it.</summary>
internal sealed class MappingException(string path, string reason, Exception? inner = null) : Exception($"{path}: {reason}", inner)
{
    /// <summary>From the root's type: <c>ConnectionState.Log.Entries[3].Level</c>.</summary>
    public string Path { get; } = path;

    public string Reason { get; } = reason;
}
