using System.Runtime.InteropServices;

namespace WatchReload.Control;

/// <summary>Linux's statx: one call a file, links followed, with the change time that .NET does not tell.</summary>
public static partial class FileStatus
{
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const uint TypeModifiedChangedNodeSize = 0x3C3; // STATX_TYPE | MODE | MTIME | CTIME | INO | SIZE
    private const uint Modified = 0x40;
    private const uint Size = 0x200;
    private const uint Born = 0x800; // STATX_BTIME
    private const int TypeMask = 0xF000;
    private const int DirectoryType = 0x4000;
    private const int NoSuchCall = 38; // ENOSYS
    private const int NotPermitted = 1; // EPERM: a sandbox that does not know the call

    private static volatile bool s_unavailable = !OperatingSystem.IsLinux();

    /// <summary>Null where the system does not have the call: ask .NET.</summary>
    public static FileStamp? Of(string path)
    {
        if (s_unavailable)
            return null;
        try
        {
            if (Statx(CurrentDirectory, path, 0, TypeModifiedChangedNodeSize, out var status) != 0)
            {
                if (Marshal.GetLastPInvokeError() is not (NoSuchCall or NotPermitted))
                    return FileStamp.Absent; // not there, a loop of links, or a directory that may not be entered
                s_unavailable = true;
                return null;
            }
            if ((status.Mask & (Modified | Size)) != (Modified | Size))
                return null;
            return (status.Mode & TypeMask) == DirectoryType ? FileStamp.Absent : new FileStamp((long)status.Length, status.Written.Ticks, status.Changed.Ticks, status.Node);
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // An older C library.
            s_unavailable = true;
            return null;
        }
    }

    /// <summary>Which directory it is; null where the system does not tell.</summary>
    public static DirectoryIdentity? OfDirectory(string path) => Directory(path) is { } status ? new DirectoryIdentity(status.Node, status.Born.Ticks) : null;

    /// <summary>When something in it came or went, and when it came itself; null where the system does not tell.</summary>
    public static FileStamp? StampOfDirectory(string path) => Directory(path) is { } status ? new FileStamp(0, status.Written.Ticks, status.Changed.Ticks, status.Node) : null;

    /// <summary>The kind of file system that a path lies on, by the number that Linux gives it; zero where the system does not tell.</summary>
    public static uint FileSystemOf(string path)
    {
        try
        {
            return OperatingSystem.IsLinux() && Statfs(path, out var system) == 0 ? system.Kind : 0;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            return 0;
        }
    }

    private static Status? Directory(string path)
    {
        if (s_unavailable)
            return null;
        try
        {
            return Statx(CurrentDirectory, path, 0, TypeModifiedChangedNodeSize | Born, out var status) == 0 ? status : null;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            s_unavailable = true;
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, out Status status);

    [LibraryImport("libc", EntryPoint = "statfs", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statfs(string path, out FileSystem system);

    /// <summary>Its first member; the others differ between machines.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 512)]
    private readonly struct FileSystem
    {
        [FieldOffset(0)]
        public readonly uint Kind;
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Time
    {
        private readonly long _seconds;
        private readonly uint _nanoseconds;
        private readonly int _reserved;

        public long Ticks => DateTime.UnixEpoch.Ticks + (_seconds * TimeSpan.TicksPerSecond) + (_nanoseconds / 100);
    }

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private readonly struct Status
    {
        [FieldOffset(0)]
        public readonly uint Mask;

        [FieldOffset(28)]
        public readonly ushort Mode;

        [FieldOffset(32)]
        public readonly ulong Node;

        [FieldOffset(40)]
        public readonly ulong Length;

        [FieldOffset(80)]
        public readonly Time Born;

        [FieldOffset(96)]
        public readonly Time Changed;

        [FieldOffset(112)]
        public readonly Time Written;
    }
}
