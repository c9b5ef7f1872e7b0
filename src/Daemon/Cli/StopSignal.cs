using System.Runtime.InteropServices;

namespace WatchReload.Daemon.Cli;

internal enum StopReason
{
    /// <summary>Ctrl-C.</summary>
    Interrupt,

    /// <summary>SIGTERM, SIGHUP (the terminal went away), or <c>watchreload stop</c>.</summary>
    Terminate,
}

/// <summary>Asks the command to end in order. Asked a second time by a signal, the process ends at once, as if it had no handler.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _raised;

    public CancellationToken Token => _source.Token;

    /// <summary>The first reason; null while nobody asked.</summary>
    public StopReason? Reason { get; private set; }

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
        _source.Cancel();
        return true;
    }

    public void Dispose()
    {
        _registrations.ForEach(r => r.Dispose());
        _source.Dispose();
    }

    private void Take(PosixSignal signal, StopReason reason) =>
        _registrations.Add(PosixSignalRegistration.Create(signal, context => context.Cancel = Raise(reason)));
}
