using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using WatchReload.Builder.Diagnostics;
using WatchReload.Control;

namespace WatchReload.Builder;

/// <summary>One build at a time; the others wait. A build whose client has gone is cancelled.</summary>
internal sealed class BuildQueue(IBuildWork work, TimeProvider time, ILogger log) : IAsyncDisposable
{
    /// <summary>Signs of life are for people and deadlines: a few a second are enough.</summary>
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>After an anticipation its build comes within this time, or what was anticipated goes to the node.</summary>
    private static readonly TimeSpan BuildPatience = TimeSpan.FromMilliseconds(200);

    /// <summary>What has been built is staged and taken to the node within this time, on the same processors.</summary>
    private static readonly TimeSpan DeliveryPatience = TimeSpan.FromMilliseconds(150);

    /// <summary>Nobody has edited for so long: who is about to would rather not meet a collection of all.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Clutter _clutter = new();
    private Piece? _current;
    private CancellationTokenSource _idle = new();
    private int _waiting;
    private long _quietUntil = time.GetTimestamp();
    private TaskCompletionSource _rested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _builds;

    public BuilderStatus Status => new(Environment.ProcessId, work.Sdk, Volatile.Read(ref _builds), Busy: Volatile.Read(ref _current) is not null);

    private bool IsIdle => Volatile.Read(ref _waiting) == 0;

    /// <summary>Done when what makes the next edit fast is there.</summary>
    public async Task WhenReady(CancellationToken cancellation)
    {
        for (var rested = Volatile.Read(ref _rested); !work.IsReady; rested = Volatile.Read(ref _rested))
            await rested.Task.WaitAsync(cancellation);
    }

    /// <summary>What goes on, and the outcome last; nothing after a cancellation.</summary>
    public IAsyncEnumerable<BuildEvent> Build(BuildRequest request, CancellationToken cancellation) => Run(
        (bag, cancelled) =>
        {
            var outcome = work.Build(request, bag, cancelled);
            Interlocked.Increment(ref _builds);
            return outcome;
        },
        request.Number,
        DeliveryPatience,
        cancellation);

    /// <summary>An exercise, which gives way to whoever comes; no outcome then.</summary>
    public IAsyncEnumerable<BuildEvent> Practise(BuildRequest request, CancellationToken cancellation) => Run((bag, cancelled) => work.Practise(request, bag, cancelled), request.Number, TimeSpan.Zero, cancellation, givesWay: true);

    /// <summary>The diagnostics that the last build did not wait for; no outcome when there was none.</summary>
    public IAsyncEnumerable<BuildEvent> Analyze(BuildRequest request, CancellationToken cancellation) => Run((bag, cancelled) => work.Analyze(request, bag, cancelled), request.Number, TimeSpan.Zero, cancellation);

    /// <summary>Loads what the first build needs; no outcome.</summary>
    public IAsyncEnumerable<BuildEvent> WarmUp(BuildRequest request, CancellationToken cancellation) => Run(
        (bag, cancelled) =>
        {
            work.WarmUp(request, bag, cancelled);
            return null;
        },
        request.Number,
        TimeSpan.Zero,
        cancellation);

    /// <summary>Makes what the build of a save will ask for that has just been noticed: the outcome, without deltas where it comes to none; null when nothing could be done. A build that comes meanwhile waits for it, as it would do the same.</summary>
    public async Task<BuildOutcome?> Anticipate(BuildRequest request, CancellationToken cancellation)
    {
        if (!work.CanAnticipate)
            return null; // what makes it so may be under way, and is not to be broken off
        await Enter(cancellation);
        var stop = new CancellationTokenSource(); // not disposed: whoever cancels may hold it when this ends, and it has no timer
        using var gone = cancellation.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), stop);
        using var stopping = _stopping.Token.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), stop);
        Volatile.Write(ref _current, new Piece(0, stop));
        BuildOutcome? outcome = null;
        try
        {
            return outcome = await Task.Run(() => work.Anticipate(request, new DiagnosticBag(), stop.Token), CancellationToken.None);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            return null; // nothing depends on it
        }
        finally
        {
            Volatile.Write(ref _current, null);
            if (outcome is not null && IsIdle)
                Leave(BuildPatience);
            else
                Leave(TimeSpan.Zero);
        }
    }

    /// <summary>Cancels the build under way, if there is one; done when it has ended.</summary>
    public async Task Cancel()
    {
        if (Volatile.Read(ref _current) is { } current)
            await Guarded(current.Stop.CancelAsync());
        await Enter(CancellationToken.None);
        Leave(TimeSpan.Zero);
    }

    /// <summary>Cancels that request if it is under way, without a thread of the pool, all of which it may have; <see cref="Cancel"/> tells when it has ended.</summary>
    public void CancelSoon(int number)
    {
        if (Volatile.Read(ref _current) is { } current && current.Number == number)
            new Thread(() => _ = Guarded(OnThisThread(current.Stop))) { IsBackground = true, Name = "cancel" }.Start(); // what is registered there may take its time
    }

    /// <summary>Cancels what is under way, and waits until it has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await Guarded(_stopping.CancelAsync());
        await Enter(CancellationToken.None);
        work.Dispose();
        _stopping.Dispose();
        _turn.Dispose();
    }

    private async IAsyncEnumerable<BuildEvent> Run(Func<DiagnosticBag, CancellationToken, BuildOutcome?> wanted, int number, TimeSpan quiet, [EnumeratorCancellation] CancellationToken cancellation, bool givesWay = false)
    {
        var entering = Enter(cancellation);
        var hasEntered = false;
        try
        {
            if (!entering.IsCompleted && work.Now is { } awaited)
                yield return new BuildEvent { Progress = awaited with { IsAwaited = true } };
            await entering;
            hasEntered = true;
        }
        finally
        {
            if (!hasEntered)
                _ = LeaveAfter(entering);
        }
        // Not disposed: whoever cancels may hold it when the build ends, and it has no timer.
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stopping.Token);
        var progress = Channel.CreateBounded<BuildProgress>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        Interlocked.Exchange(ref _current, new Piece(number, stop, givesWay)); // before it begins: it may keep this thread waiting
        // Whoever came while this one waited, or just now, has seen no exercise to break off.
        if (givesWay && !IsIdle)
            await Guarded(stop.CancelAsync());
        var build = Task.Run(() => Complete(wanted, progress.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var activity in progress.Reader.ReadAllAsync(cancellation))
            {
                yield return new BuildEvent { Progress = activity };
                await Task.WhenAny(build, Task.Delay(ProgressInterval, time, cancellation));
            }
            if (await build is { } outcome)
                yield return new BuildEvent { Outcome = outcome };
        }
        finally
        {
            Volatile.Write(ref _current, null);
            await Guarded(stop.CancelAsync());
            try
            {
                await build; // MSBuild is one a process: the next build begins when this one has really ended
            }
            finally
            {
                Leave(quiet);
            }
        }
    }

    /// <summary>What is done in idle time gives way.</summary>
    private async Task Enter(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _waiting);
        var hasEntered = false;
        try
        {
            await Guarded(Interlocked.Exchange(ref _idle, new CancellationTokenSource()).CancelAsync());
            if (Volatile.Read(ref _current) is { GivesWay: true } exercise)
                await Guarded(exercise.Stop.CancelAsync());
            await _turn.WaitAsync(cancellation);
            hasEntered = true;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
            if (!hasEntered)
                _ = UseIdleTime(Volatile.Read(ref _idle).Token); // what gave way goes on
        }
    }

    /// <summary>Whoever asked has gone, and may get the turn all the same.</summary>
    private async Task LeaveAfter(Task entering)
    {
        try
        {
            await entering;
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            return;
        }
        Leave(TimeSpan.Zero);
    }

    private static Task OnThisThread(CancellationTokenSource stop)
    {
        try
        {
            stop.Cancel();
            return Task.CompletedTask;
        }
        catch (AggregateException e)
        {
            return Task.FromException(e);
        }
    }

    /// <summary>What MSBuild or a tool does to break off may throw. It is cancelled all the same, and that must not cost the turn, or the process.</summary>
    private async Task Guarded(Task cancelling)
    {
        try
        {
            await cancelling;
        }
        catch (AggregateException e)
        {
            BuilderLog.CancellationThrew(log, e);
        }
    }

    /// <param name="quiet">Something else is about to happen, and what is done in idle time would be in its way for so long; unless it comes here, and idle time is over.</param>
    private void Leave(TimeSpan quiet)
    {
        var idle = Volatile.Read(ref _idle).Token;
        var isIdle = IsIdle; // else whoever waits has the turn now, and will leave in turn
        var until = time.GetTimestamp() + (long)(quiet.TotalSeconds * time.TimestampFrequency);
        Volatile.Write(ref _quietUntil, Math.Max(until, _quietUntil)); // by whoever has the turn
        _turn.Release();
        if (isIdle)
            _ = UseIdleTime(idle);
    }

    /// <param name="idle">Ends when somebody comes.</param>
    private async Task UseIdleTime(CancellationToken idle)
    {
        try
        {
            for (var isQuiet = true; isQuiet;)
            {
                await Task.Delay(Quiet(), time, idle);
                await _turn.WaitAsync(idle);
                isQuiet = Quiet() > TimeSpan.Zero; // a build has had the turn meanwhile
                if (isQuiet)
                    _turn.Release();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            return; // somebody came, or it is over
        }
        try
        {
            if (IsIdle)
                await Task.Run(() => work.UseIdleTime(idle), CancellationToken.None);
            if (IsIdle)
                _clutter.Tidy();
        }
        catch (Exception e)
        {
            if (!idle.IsCancellationRequested) // else it goes on in the next idle time
                BuilderLog.ProofThrew(log, e);
        }
        finally
        {
            Interlocked.Exchange(ref _rested, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
            _turn.Release();
        }
        await TidyAll(idle);
    }

    private TimeSpan Quiet() => time.GetElapsedTime(time.GetTimestamp(), Volatile.Read(ref _quietUntil)) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private async Task TidyAll(CancellationToken idle)
    {
        try
        {
            await Task.Delay(Pause, time, idle);
            await _turn.WaitAsync(idle);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            return;
        }
        if (IsIdle)
            _clutter.TidyAll();
        _turn.Release();
    }

    private static BuildOutcome? Complete(Func<DiagnosticBag, CancellationToken, BuildOutcome?> wanted, ChannelWriter<BuildProgress> progress, CancellationToken cancelled)
    {
        try
        {
            return wanted(new DiagnosticBag(progress), cancelled);
        }
        catch (Exception) when (cancelled.IsCancellationRequested)
        {
            return null; // MSBuild has several exceptions for it
        }
        finally
        {
            progress.Complete();
        }
    }

    private sealed record Piece(int Number, CancellationTokenSource Stop, bool GivesWay = false);
}
