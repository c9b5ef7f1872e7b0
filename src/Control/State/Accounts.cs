using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace WatchReload.Control;

/// <summary>The names of users and groups, as the system's own name service has them.</summary>
[UnsupportedOSPlatform("windows")]
internal static unsafe partial class Accounts
{
    private const int LargestEntry = 1 << 20;
    private const int OutOfRange = 34;

    /// <summary>A name, or its number; null when there is no such group.</summary>
    public static uint? GroupId(string group)
    {
        for (var size = 1024; size <= LargestEntry; size *= 4) // a group's members are part of its entry
        {
            var buffer = new byte[size];
            fixed (byte* start = buffer)
            {
                var error = getgrnam_r(group, out var entry, start, (nuint)size, out var found);
                if (error == OutOfRange)
                    continue;
                if (error == 0 && found != 0)
                    return entry.Id;
                break;
            }
        }

        return uint.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>The user's name; where the system knows none, <c>uid 1234</c>.</summary>
    public static string UserName(uint id)
    {
        for (var size = 1024; size <= LargestEntry; size *= 4)
        {
            var buffer = new byte[size];
            fixed (byte* start = buffer)
            {
                var error = getpwuid_r(id, out var entry, start, (nuint)size, out var found);
                if (error == OutOfRange)
                    continue;
                if (error == 0 && found != 0 && Marshal.PtrToStringUTF8(entry.Name) is { Length: > 0 } name)
                    return name;
                break;
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"uid {id}");
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int getgrnam_r(string name, out Entry entry, byte* buffer, nuint length, out nint found);

    [LibraryImport("libc")]
    private static partial int getpwuid_r(uint id, out Entry entry, byte* buffer, nuint length, out nint found);

    /// <summary>What struct passwd and struct group begin with, everywhere; behind it is room for the rest of either.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private readonly struct Entry
    {
        public readonly nint Name;
        private readonly nint _password;
        public readonly uint Id;
    }
}
