using System.Diagnostics;
using System.Globalization;
using WatchReload.Bench.Load;

namespace WatchReload.Bench.Processes;

/// <summary>A process with what it writes, line by line, each with the time at which it came.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan PatienceAtTheEnd = TimeSpan.FromSeconds(20);

    /// <summary>A process that it started and left behind may hold its output open.</summary>
    private static readonly TimeSpan PatienceForOutput = TimeSpan.FromSeconds(2);
    private readonly Process _process;
    private readonly Lock _lock = new();
    private readonly List<OutputLine> _lines = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(Process process) => _process = process;

    public int Pid => _process.Id;

    public bool IsRunning => !_process.HasExited;

    /// <summary>All that it wrote is here.</summary>
    public Task Drained { get; private set; } = Task.CompletedTask;

    public StreamWriter Input => _process.StandardInput;

    /// <summary>How many lines there are: from here on, for <see cref="Line"/>.</summary>
    public int Position
    {
        get
        {
            lock (_lock) return _lines.Count;
        }
    }

    public IReadOnlyList<OutputLine> Lines
    {
        get
        {
            lock (_lock) return [.. _lines];
        }
    }

    public static ChildProcess Start(ProcessStartInfo start)
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        var child = new ChildProcess(Process.Start(start)!);
        child.Drained = Task.WhenAll(child.Follow(child._process.StandardOutput, isError: false), child.Follow(child._process.StandardError, isError: true));
        return child;
    }

    /// <summary>The first line from that position on that is wanted.</summary>
    /// <exception cref="BenchException">It did not come in time, or the process has ended.</exception>
    public async Task<OutputLine> Line(Func<OutputLine, bool> wanted, string what, int from = 0, TimeSpan? within = null)
    {
        using var patience = new CancellationTokenSource(within ?? TimeSpan.FromMinutes(3));
        var ended = false;
        for (var at = from; ;)
        {
            Task more;
            lock (_lock)
            {
                for (; at < _lines.Count; at++)
                {
                    if (wanted(_lines[at])) return _lines[at];
                }

                more = _more.Task;
            }

            if (ended) throw Failed($"ended with {_process.ExitCode} without {what}");
            try
            {
                await Task.WhenAny(more, _process.WaitForExitAsync(patience.Token)).WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw Failed($"did not give {what} in time");
            }

            // What it wrote last may come after its end: one more look when all has come.
            ended = _process.HasExited;
            if (ended) await LastOutput();
        }
    }

    /// <summary>Its exit code, when what it wrote is here.</summary>
    public async Task<int> Exit(TimeSpan? within = null)
    {
        using var patience = new CancellationTokenSource(within ?? TimeSpan.FromMinutes(5));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw Failed("did not end in time");
        }

        await LastOutput();
        return _process.ExitCode;
    }

    /// <summary>Gives it more right to a processor, as a client on a machine of its own would have. False: the system does not let us.</summary>
    public bool TryPrefer()
    {
        try
        {
            _process.PriorityClass = ProcessPriorityClass.High;
            return true;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", Pid.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>In order first, then by force.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal("TERM");
            using var patience = new CancellationTokenSource(PatienceAtTheEnd);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        _process.Dispose();
    }

    public BenchException Failed(string how) =>
        new($"{_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)} {how}. Its last lines:\n{string.Join('\n', Lines.TakeLast(30).Select(l => "  " + l.Text))}");

    private Task LastOutput() => Task.WhenAny(Drained, Task.Delay(PatienceForOutput));

    private async Task Follow(StreamReader reader, bool isError)
    {
        while (await reader.ReadLineAsync() is { } text)
        {
            TaskCompletionSource more;
            lock (_lock)
            {
                _lines.Add(new(Clock.Now, text, isError));
                more = _more;
                _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            more.SetResult();
        }
    }
}

/// <param name="At">Of <see cref="Clock"/>.</param>
internal sealed record OutputLine(long At, string Text, bool IsError);
