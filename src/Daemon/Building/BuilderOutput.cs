using System.Diagnostics;
using System.Text;
using WatchReload.Control;

namespace WatchReload.Daemon.Building;

/// <summary>
/// What the builder prints: into its log file, the last of it kept for the case that it crashes. It is read to its end, or the builder would stand; but code of whoever pushes
/// prints there, so neither this process's memory nor its disk is filled by it.
/// </summary>
internal sealed class BuilderOutput : IAsyncDisposable
{
    /// <summary>Characters of a line.</summary>
    public const int LongestLine = 16 << 10;

    /// <summary>Bytes of the log file, for each run of a builder.</summary>
    public const long LargestLog = 64L << 20;

    /// <summary>At the end.</summary>
    private const int KeptLines = 12;

    /// <summary>Of one that ended without a word of its own, as when it was killed: what it printed before has little to do with that.</summary>
    private const int UnrelatedLines = 3;

    /// <summary>Of a death notice: what it died of, and the calls nearest to that. Those of a thread's start, which come last, tell nothing.</summary>
    private const int NoticeLines = 16;

    /// <summary>How the runtime begins what it prints before it ends the process.</summary>
    private static readonly string[] Notices = ["Stack overflow.", "Unhandled exception.", "Fatal error.", "Process terminated.", "Out of memory."];

    /// <summary>A process that the build left behind may hold the pipes open.</summary>
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource<bool> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _left = new();
    private readonly Queue<string> _last = new();
    private readonly List<string> _notice = [];
    private readonly Lock _lock = new();
    private readonly StreamWriter _file;
    private readonly StreamReader[] _pipes;
    private long _written;
    private int _sinceNotice;
    private bool _full;
    private bool _closed;
    private int _disposed;
    private Task _following = Task.CompletedTask;

    private BuilderOutput(string path, Process process)
    {
        LogPath = path;
        _file = Open(path);
        _pipes = [process.StandardOutput, process.StandardError];
    }

    public string LogPath { get; }

    /// <summary>Where that is after the next run has begun.</summary>
    public string LaterLogPath => Later(LogPath);

    /// <summary>True when the builder says that it is ready, false when it ends without.</summary>
    public Task<bool> Ready => _ready.Task;

    /// <summary>When nothing is read any more.</summary>
    internal Task Ended => _following;

    /// <summary>What it printed last, a dozen lines at most: all that is known of one that did not come to work.</summary>
    public string LastLines
    {
        get
        {
            lock (_lock)
                return string.Join('\n', _last);
        }
    }

    /// <summary>What may tell of its end: the last lines, and before them the first ones of the last death notice; without one, very few.</summary>
    public string LastWords
    {
        get
        {
            lock (_lock)
            {
                if (_notice.Count == 0)
                    return string.Join('\n', _last.TakeLast(UnrelatedLines));
                string[] gap = _sinceNotice > KeptLines ? ["..."] : [];
                return string.Join('\n', [.. _notice, .. gap, .. _last.TakeLast(_sinceNotice)]);
            }
        }
    }

    /// <summary>The log of the run before is kept beside it. A log that cannot be written, as on a full disk, is done without.</summary>
    public static BuilderOutput Follow(Process process, StateDirectory state, string readyLine, BuilderSeat seat = BuilderSeat.First)
    {
        var output = new BuilderOutput(Path.Combine(state.Logs, $"builder{seat.Suffix()}.log"), process);
        output._following = output.Follow(readyLine);
        return output;
    }

    /// <summary>Waits a little for what is still in the pipes, and then holds nothing, whoever has them open.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await Task.WhenAny(_following, Task.Delay(DrainTimeout));
        lock (_lock)
            _closed = true;
        await _left.CancelAsync();
        foreach (var pipe in _pipes)
            pipe.Dispose();
        _left.Dispose();
        try
        {
            await _file.DisposeAsync();
        }
        catch (IOException)
        {
            // The end of the log is lost.
        }
    }

    private static string Later(string path) => Path.ChangeExtension(path, ".previous.log");

    private static StreamWriter Open(string path)
    {
        try
        {
            OwnedPath.EnsureDirectory(Path.GetDirectoryName(path)!);
            if (File.Exists(path))
                File.Move(path, Later(path), overwrite: true);
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; // a directory that was there before may be open to readers
            return new StreamWriter(path, options) { AutoFlush = true };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or StateException)
        {
            return StreamWriter.Null;
        }
    }

    private async Task Follow(string readyLine)
    {
        await Task.WhenAll(Read(_pipes[0], line => line == readyLine), Read(_pipes[1], _ => false));
        _ready.TrySetResult(false);
    }

    private async Task Read(StreamReader from, Func<string, bool> isReady)
    {
        var lines = new CutLines(from, LongestLine);
        try
        {
            while (await lines.Next(_left.Token) is { } line)
            {
                if (isReady(line))
                    _ready.TrySetResult(true);
                else
                    Keep(line);
            }
        }
        catch (Exception e) when (_left.IsCancellationRequested && e is OperationCanceledException or ObjectDisposedException or IOException)
        {
            // Nobody listens any more.
        }
    }

    private void Keep(string line)
    {
        lock (_lock)
        {
            if (_closed)
                return;
            Write(line);
            _last.Enqueue(line);
            if (_last.Count > KeptLines)
                _last.Dequeue();
            KeepNotice(line);
        }
    }

    private void KeepNotice(string line)
    {
        var begins = Notices.Any(notice => line.StartsWith(notice, StringComparison.Ordinal));
        if (begins)
        {
            _notice.Clear();
            _sinceNotice = 0;
        }

        if (begins || _notice.Count is > 0 and < NoticeLines)
            _notice.Add(line);
        else
            _sinceNotice++;
    }

    private void Write(string line)
    {
        if (_full)
            return;
        _written += Encoding.UTF8.GetByteCount(line) + Environment.NewLine.Length;
        _full = _written > LargestLog;
        try
        {
            _file.WriteLine(_full ? $"The log has {LargestLog >> 20} MB; what the builder printed from here on was not kept." : line);
        }
        catch (IOException)
        {
            // The log has a gap; the builder is read all the same, or it would stand.
        }
    }
}
