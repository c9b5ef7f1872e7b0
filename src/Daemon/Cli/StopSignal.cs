using System.Diagnostics;
using System.Runtime.InteropServices;

namespace WatchReload.Daemon.Cli;

internal enum StopReason
{
    /// <summary>Ctrl-C.</summary>
    Interrupt,

    /// <summary>SIGTERM, SIGHUP (the terminal went away), or <c>watchreload stop</c>.</summary>
    Terminate,
}

/// <summary>
/// Asks the command to end in order. Asked again by a signal, the process ends at once, as if it had no handler; but not by one that
/// comes right after the first: <c>timeout</c> and some supervisors send theirs to the process and to its group.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    private static readonly TimeSpan Echo = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _raised;
    private long _first;

    public CancellationToken Token => _source.Token;

    /// <summary>The first reason; null while nobody asked.</summary>
    public StopReason? Reason { get; private set; }

    private bool IsEcho => Volatile.Read(ref _first) is var first && (first == 0 || Stopwatch.GetElapsedTime(first) < Echo);

    public static StopSignal OfThisProcess()
    {
        var stop = new StopSignal();
        stop.Take(PosixSignal.SIGINT, StopReason.Interrupt);
        stop.Take(PosixSignal.SIGTERM, StopReason.Terminate);
        stop.Take(PosixSignal.SIGHUP, StopReason.Terminate);
        return stop;
    }

    /// <summary>False when somebody had asked before.</summary>
    public bool Raise(StopReason reason)
    {
        if (Interlocked.Exchange(ref _raised, 1) != 0)
            return false;
        Reason = reason;
        Volatile.Write(ref _first, Stopwatch.GetTimestamp());
        _source.Cancel();
        return true;
    }

    public void Dispose()
    {
        _registrations.ForEach(r => r.Dispose());
        _source.Dispose();
    }

    private void Take(PosixSignal signal, StopReason reason) =>
        _registrations.Add(PosixSignalRegistration.Create(signal, context => context.Cancel = Raise(reason) || IsEcho));
}
