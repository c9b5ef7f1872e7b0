using System.ComponentModel;
using System.Runtime.InteropServices;

namespace WatchReload.Bench.Load;

/// <summary>Linux epoll: which of many sockets have something to read, waited for with a deadline in nanoseconds.</summary>
internal sealed unsafe partial class Epoll : IDisposable
{
    private const int Capacity = 512;
    private const int CloseOnExec = 0x80000;
    private const int Add = 1;
    private const uint Readable = 0x1;
    private const int Interrupted = 4;

    // struct epoll_event: 32 bits of flags, 64 bits of ours; packed on x64 alone.
    private static readonly int Size = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int TagAt = Size - sizeof(long);
    private readonly int _descriptor = Checked(epoll_create1(CloseOnExec));
    private readonly byte[] _events = new byte[Capacity * 16];

    /// <summary>A socket leaves by being closed.</summary>
    public void Watch(SafeHandle socket, int tag)
    {
        Span<byte> item = stackalloc byte[16];
        MemoryMarshal.Write(item, Readable);
        MemoryMarshal.Write(item[TagAt..], (long)tag);
        fixed (byte* pointer = item)
            Checked(epoll_ctl(_descriptor, Add, socket.DangerousGetHandle().ToInt32(), pointer));
    }

    /// <summary>Fills in the tags of those that can be read; waits at most that long for the first. How many there are.</summary>
    public int Wait(long nanoseconds, Span<int> tags)
    {
        var timeout = new TimeSpec { Seconds = nanoseconds / 1_000_000_000, Nanoseconds = nanoseconds % 1_000_000_000 };
        int count;
        fixed (byte* events = _events)
            count = epoll_pwait2(_descriptor, events, Math.Min(Capacity, tags.Length), &timeout, 0);
        if (count < 0 && Marshal.GetLastPInvokeError() == Interrupted) return 0;
        Checked(count);
        for (var i = 0; i < count; i++) tags[i] = (int)MemoryMarshal.Read<long>(_events.AsSpan((i * Size) + TagAt));
        return count;
    }

    public void Dispose() => _ = close(_descriptor);

    private static int Checked(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(int epoll, int operation, int descriptor, byte* item);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_pwait2(int epoll, byte* events, int capacity, TimeSpec* timeout, nint signals);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
