namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>One object cannot be carried over. It is unchanged and its own version can go on using it.</summary>
internal sealed class MappingException(string path, string reason, Exception? inner = null) : Exception($"{path}: {reason}", inner)
{
    /// <summary>From the root's type: <c>ConnectionState.Log.Entries[3].Level</c>.</summary>
    public string Path { get; } = path;

    public string Reason { get; } = reason;

    /// <param name="cause">What went wrong.</param>
    /// <param name="owner">The path to the object at hand, which the failing slot is part of.</param>
    public static MappingException From(Exception cause, string owner) => cause is SlotException slot
        ? new MappingException(owner + slot.Slot?.Label, slot.Message, slot.InnerException)
        : new MappingException(owner, $"{SourceNames.Short(cause.GetType())}: {cause.Message}", cause);
}
