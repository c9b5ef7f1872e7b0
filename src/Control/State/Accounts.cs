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

    /// <summary>Null when the system knows no user of that name.</summary>
    public static (uint Id, uint Group)? User(string name)
    {
        for (var size = 1024; size <= LargestEntry; size *= 4)
        {
            var buffer = new byte[size];
            fixed (byte* start = buffer)
            {
                var error = getpwnam_r(name, out var entry, start, (nuint)size, out var found);
                if (error == OutOfRange)
                    continue;
                return error == 0 && found != 0 ? (entry.Id, entry.Group) : null;
            }
        }

        return null;
    }

    /// <summary>All groups of a user, its first among them.</summary>
    public static uint[] Groups(string name, uint first)
    {
        var groups = new uint[64];
        while (true)
        {
            var count = groups.Length;
            fixed (uint* start = groups)
            {
                if (getgrouplist(name, first, start, ref count) >= 0)
                    return groups[..count];
            }

            groups = new uint[Math.Max(count, groups.Length * 2)];
        }
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

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int getpwnam_r(string name, out Entry entry, byte* buffer, nuint length, out nint found);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int getgrouplist(string user, uint first, uint* groups, ref int count);

    [LibraryImport("libc")]
    private static partial int getpwuid_r(uint id, out Entry entry, byte* buffer, nuint length, out nint found);

    /// <summary>What struct passwd and struct group begin with, everywhere; behind it is room for the rest of either.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private readonly struct Entry
    {
        public readonly nint Name;
        private readonly nint _password;
        public readonly uint Id;

        /// <summary>Of a user alone.</summary>
        public readonly uint Group;
    }
}
