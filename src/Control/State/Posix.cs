using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace WatchReload.Control;

/// <summary>The few calls that .NET has no name for.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class Posix
{
    private const int AtFdCwd = -100;
    private const int AtSymlinkNoFollow = 0x100;
    private const uint StatxTypeModeUid = 0x1 | 0x2 | 0x8;
    private const int ReadOnly = 0;

    /// <summary>The effective user id of this process.</summary>
    public static uint UserId { get; } = geteuid();

    /// <summary>Owner and type of a path, by statx, whose layout is the same on every architecture; null when there is nothing.</summary>
    [SupportedOSPlatform("linux")]
    public static (uint Owner, ushort Mode)? Stat(string path, bool followLink)
    {
        const int noEntry = 2, notDirectory = 20;
        if (statx(AtFdCwd, path, followLink ? 0 : AtSymlinkNoFollow, StatxTypeModeUid, out var stat) == 0)
            return (stat.Owner, stat.Mode);
        var error = Marshal.GetLastPInvokeError();
        return error is noEntry or notDirectory ? null : throw new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}", new Win32Exception(error));
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
    private static partial int statx(int directory, string path, int flags, uint mask, out StatxBuffer buffer);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatxBuffer
    {
        [FieldOffset(20)]
        public uint Owner;

        [FieldOffset(28)]
        public ushort Mode;
    }
}
