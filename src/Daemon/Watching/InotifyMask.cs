namespace WatchReload.Daemon.Watching;

/// <summary>What to tell of, and what it was.</summary>
[Flags]
internal enum InotifyMask : uint
{
    None = 0,
    Modified = 0x2,
    Attributes = 0x4,

    /// <summary>Somebody who may have written has closed it.</summary>
    Closed = 0x8,
    MovedFrom = 0x40,
    MovedTo = 0x80,
    Created = 0x100,
    Deleted = 0x200,
    Overflow = 0x4000,

    /// <summary>The watch has ended: the directory is gone, or it was taken away.</summary>
    Ignored = 0x8000,

    OnlyDirectories = 0x0100_0000,
    WithoutLinks = 0x0200_0000,
    WithoutUnlinked = 0x0400_0000,

    /// <summary>It is about a directory.</summary>
    OfDirectory = 0x4000_0000,
}
