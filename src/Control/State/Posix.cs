using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace WatchReload.Control;

/// <summary>The few calls that .NET has no name for.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class Posix
{
    private const int AtFdCwd = -100;
    private const int AtSymlinkNoFollow = 0x100;
    private const int AtEmptyPath = 0x1000;
    private const uint StatxWanted = 0x1 | 0x2 | 0x8 | 0x10 | 0x80 | 0x100 | 0x200; // type, mode, owner, group, time of change, inode, size
    private const int ReadOnly = 0;
    private const int PathAlone = 0x200000; // O_PATH
    private const int CloseOnExec = 0x80000;

    /// <summary>The effective user id of this process.</summary>
    public static uint UserId { get; } = geteuid();

    /// <summary>What statx tells of a path; null when there is nothing. Its layout, unlike that of stat, is the same on every architecture.</summary>
    [SupportedOSPlatform("linux")]
    public static Statx? Stat(string path, bool followLink)
    {
        const int noEntry = 2, notDirectory = 20;
        if (statx(AtFdCwd, path, followLink ? 0 : AtSymlinkNoFollow, StatxWanted, out var stat) == 0)
            return stat;
        return Marshal.GetLastPInvokeError() is noEntry or notDirectory ? null : throw Failed(path);
    }

    /// <summary>What statx tells of an open file.</summary>
    [SupportedOSPlatform("linux")]
    public static Statx Stat(SafeFileHandle file) =>
        statx(file.DangerousGetHandle().ToInt32(), "", AtEmptyPath, StatxWanted, out var stat) == 0 ? stat : throw Failed("open file");

    /// <summary>What lies at a path, links followed, without opening it: no pipe is waited for and no device touched. It can be looked at, and opened by its descriptor.</summary>
    [SupportedOSPlatform("linux")]
    public static SafeFileHandle Find(string path)
    {
        const int noEntry = 2;
        var descriptor = open(path, PathAlone | CloseOnExec);
        if (descriptor >= 0)
            return new SafeFileHandle(descriptor, ownsHandle: true);
        throw Marshal.GetLastPInvokeError() == noEntry ? new FileNotFoundException($"There is no {path}.", path) : Failed(path);
    }

    /// <summary>Gives a file a second name; false when that name is taken. Unlike a rename it never replaces.</summary>
    public static bool TryLink(string path, string newName)
    {
        const int exists = 17;
        if (link(path, newName) == 0)
            return true;
        return Marshal.GetLastPInvokeError() == exists ? false : throw Failed(newName);
    }

    /// <summary>Gives a path to a group; false when this user may not: only root may give to a group that it is not in.</summary>
    public static bool TryGiveToGroup(string path, uint group)
    {
        const int notPermitted = 1;
        const uint unchanged = uint.MaxValue;
        if (lchown(path, unchanged, group) == 0)
            return true;
        return Marshal.GetLastPInvokeError() == notPermitted ? false : throw Failed(path);
    }

    /// <summary>Makes the names in a directory durable, as fsync of a file makes its bytes.</summary>
    public static void SyncDirectory(string directory)
    {
        const int invalidArgument = 22;
        var descriptor = open(directory, ReadOnly);
        if (descriptor < 0)
            throw Failed(directory);
        try
        {
            // Some network file systems cannot sync a directory, and answer EINVAL: they write names through.
            if (fsync(descriptor) != 0 && Marshal.GetLastPInvokeError() != invalidArgument)
                throw Failed(directory);
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    private static IOException Failed(string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}", new Win32Exception(error));
    }

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int directory, string path, int flags, uint mask, out Statx buffer);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string path, string newName);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int lchown(string path, uint owner, uint group);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal readonly struct Statx
    {
        [FieldOffset(20)]
        public readonly uint Owner;

        [FieldOffset(24)]
        public readonly uint Group;

        [FieldOffset(28)]
        public readonly ushort Mode;

        [FieldOffset(32)]
        public readonly ulong Inode;

        [FieldOffset(40)]
        public readonly ulong Size;

        [FieldOffset(96)]
        public readonly long ChangedSeconds;

        [FieldOffset(104)]
        public readonly uint ChangedNanoseconds;

        [FieldOffset(136)]
        public readonly ulong Device;

        /// <summary>Another one when the file is another, or its content, owner or mode have changed.</summary>
        public FileStamp Stamp => new(Device, Inode, Owner, Mode, Size, ChangedSeconds, ChangedNanoseconds);

        public bool IsFile => (Mode & 0xF000) == 0x8000;

        public bool IsSocket => (Mode & 0xF000) == 0xC000;

        public bool IsDirectory => (Mode & 0xF000) == 0x4000;

        /// <summary>Without what kind of file it is.</summary>
        public UnixFileMode Permissions => (UnixFileMode)(Mode & 0xFFF);
    }

    /// <summary>What tells a file, as it is now, from any other and from what it was. The time of change is the system's, and cannot be set.</summary>
    internal readonly record struct FileStamp(ulong Device, ulong Inode, uint Owner, ushort Mode, ulong Size, long ChangedSeconds, uint ChangedNanoseconds);
}
