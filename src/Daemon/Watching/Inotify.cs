using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace WatchReload.Daemon.Watching;

/// <summary>Linux's inotify: one instance, read by one thread.</summary>
internal sealed partial class Inotify : IDisposable
{
    private const int CloseOnExec = 0x80000; // IN_CLOEXEC, EFD_CLOEXEC
    private const short Readable = 1; // POLLIN
    private const int Interrupted = 4; // EINTR
    private const int HeaderLength = 16; // struct inotify_event without its name

    private readonly SafeFileHandle _events;
    private readonly SafeFileHandle _end;
    private readonly byte[] _buffer = new byte[64 * 1024];

    /// <exception cref="IOException">There is no more to be had: its HResult is the system's number of the error.</exception>
    public Inotify()
    {
        _events = Opened(Init(CloseOnExec), "inotify cannot be used");
        try
        {
            _end = Opened(EventDescriptor(0, CloseOnExec), "inotify cannot be ended");
        }
        catch
        {
            _events.Dispose();
            throw;
        }
    }

    /// <summary>Watches a directory; the number of its watch, which is the same as before when it is watched already. Null, with the error: it is not.</summary>
    public int? Add(string directory, InotifyMask wanted, out IOException? error)
    {
        var watch = AddWatch(_events, directory, (uint)wanted);
        error = watch < 0 ? Failed($"{directory} cannot be watched") : null;
        return watch < 0 ? null : watch;
    }

    /// <summary>Events of it that are under way still come.</summary>
    public void Remove(int watch) => _ = RemoveWatch(_events, watch);

    /// <summary>Waits for events. Null at the end.</summary>
    /// <exception cref="IOException">They cannot be read.</exception>
    public IReadOnlyList<InotifyEvent>? Read()
    {
        Span<Polled> both = [new Polled((int)_events.DangerousGetHandle(), Readable), new Polled((int)_end.DangerousGetHandle(), Readable)];
        while (Poll(ref both[0], 2, -1) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
                throw Failed("inotify cannot be waited for");
        }
        if (both[1].Happened != 0)
            return null;
        var length = Read(_events, ref _buffer[0], _buffer.Length);
        return length < 0 ? throw Failed("inotify cannot be read") : Parse(_buffer.AsSpan(0, (int)length));
    }

    /// <summary>Ends <see cref="Read()"/>. May be called on any thread.</summary>
    public void End()
    {
        try
        {
            var one = 1L;
            _ = Write(_end, ref one, sizeof(long));
        }
        catch (ObjectDisposedException)
        {
            // It has ended of itself.
        }
    }

    public void Dispose()
    {
        _events.Dispose();
        _end.Dispose();
    }

    private static List<InotifyEvent> Parse(ReadOnlySpan<byte> read)
    {
        var events = new List<InotifyEvent>();
        while (read.Length >= HeaderLength)
        {
            var name = read.Slice(HeaderLength, MemoryMarshal.Read<int>(read[12..]));
            var end = name.IndexOf((byte)0);
            events.Add(new InotifyEvent(MemoryMarshal.Read<int>(read), (InotifyMask)MemoryMarshal.Read<uint>(read[4..]), Encoding.UTF8.GetString(end < 0 ? name : name[..end])));
            read = read[(HeaderLength + name.Length)..];
        }
        return events;
    }

    private static SafeFileHandle Opened(int descriptor, string what) => descriptor < 0 ? throw Failed(what) : new SafeFileHandle(descriptor, ownsHandle: true);

    private static IOException Failed(string what)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{what}: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    private static partial int Init(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddWatch(SafeFileHandle instance, string path, uint mask);

    [LibraryImport("libc", EntryPoint = "inotify_rm_watch", SetLastError = true)]
    private static partial int RemoveWatch(SafeFileHandle instance, int watch);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventDescriptor(uint value, int flags);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref Polled first, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(SafeFileHandle file, ref byte first, nint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle file, ref long value, nint length);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Polled(int file, short wanted)
    {
        private readonly int _file = file;
        private readonly short _wanted = wanted;
        private readonly short _happened;

        public short Happened => _happened;
    }
}
