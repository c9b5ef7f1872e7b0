using System.Diagnostics;
using WatchReload.Control;

namespace WatchReload.Daemon.Building;

/// <summary>What the builder prints: into its log file, the last of it kept for the case that it crashes.</summary>
internal sealed class BuilderOutput : IAsyncDisposable
{
    private const int KeptLines = 12;

    /// <summary>A process that the build left behind may hold the pipes open.</summary>
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource<bool> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<string> _last = new();
    private readonly Lock _lock = new();
    private readonly StreamWriter _file;
    private bool _closed;
    private Task _following = Task.CompletedTask;

    private BuilderOutput(string path)
    {
        LogPath = path;
        _file = new StreamWriter(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)) { AutoFlush = true };
    }

    public string LogPath { get; }

    /// <summary>True when the builder says that it is ready, false when it ends without.</summary>
    public Task<bool> Ready => _ready.Task;

    public string LastWords
    {
        get
        {
            lock (_lock)
                return string.Join('\n', _last);
        }
    }

    /// <summary>The log of the run before is kept beside it.</summary>
    public static BuilderOutput Follow(Process process, StateDirectory state, string readyLine)
    {
        Directory.CreateDirectory(state.Logs);
        var path = Path.Combine(state.Logs, "builder.log");
        if (File.Exists(path))
            File.Move(path, Path.Combine(state.Logs, "builder.previous.log"), overwrite: true);
        var output = new BuilderOutput(path);
        output._following = output.Follow(process, readyLine);
        return output;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAny(_following, Task.Delay(DrainTimeout));
        lock (_lock)
            _closed = true;
        await _file.DisposeAsync();
    }

    private async Task Follow(Process process, string readyLine)
    {
        await Task.WhenAll(Read(process.StandardOutput, line => line == readyLine), Read(process.StandardError, _ => false));
        _ready.TrySetResult(false);
    }

    private async Task Read(StreamReader from, Func<string, bool> isReady)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            if (isReady(line))
                _ready.TrySetResult(true);
            else
                Keep(line);
        }
    }

    private void Keep(string line)
    {
        lock (_lock)
        {
            if (_closed)
                return;
            _file.WriteLine(line);
            _last.Enqueue(line);
            if (_last.Count > KeptLines)
                _last.Dequeue();
        }
    }
}
