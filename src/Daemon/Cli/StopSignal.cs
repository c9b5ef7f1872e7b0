using System.Runtime.InteropServices;

namespace WatchReload.Daemon.Cli;

internal enum StopReason
{
    /// <summary>Ctrl-C.</summary>
    Interrupt,

    /// <summary>SIGTERM, or SIGHUP (the terminal went away).</summary>
    Terminate,

    /// <summary><c>watchreload stop</c>, which ends the nodes too.</summary>
    Ordered,
}

/// <summary>
/// Asks the command to end in order. Asked again by a signal, the process ends at once, as if it had no handler; but not by one that
/// comes right after the first: <c>timeout</c> and some supervisors send theirs to the process and to its group.
/// </summary>
internal sealed class StopSignal(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Echo = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _raised;
    private long _firstSignal;

    public CancellationToken Token => _source.Token;

    /// <summary>The first reason; null while nobody asked.</summary>
    public StopReason? Reason { get; private set; }

    public static StopSignal OfThisProcess()
    {
        var stop = new StopSignal(TimeProvider.System);
        stop.Register(PosixSignal.SIGINT, StopReason.Interrupt);
        stop.Register(PosixSignal.SIGTERM, StopReason.Terminate);
        stop.Register(PosixSignal.SIGHUP, StopReason.Terminate);
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

    /// <summary>A signal has come. False when the process shall end at once.</summary>
    public bool Take(StopReason reason)
    {
        var now = time.GetTimestamp();
        var first = Interlocked.CompareExchange(ref _firstSignal, now, 0);
        return first == 0 ? Raise(reason) : time.GetElapsedTime(first, now) < Echo;
    }

    public void Dispose()
    {
        _registrations.ForEach(r => r.Dispose());
        _source.Dispose();
    }

    private void Register(PosixSignal signal, StopReason reason) =>
        _registrations.Add(PosixSignalRegistration.Create(signal, context => context.Cancel = Take(reason)));
}
