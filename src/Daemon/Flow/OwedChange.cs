using WatchReload.Control;
using WatchReload.Daemon.Events;

namespace WatchReload.Daemon.Flow;

/// <summary>A change that <c>watch</c> handed on and that circumstances kept from the nodes: it is tried again by itself, for nobody would notice it a second time.</summary>
/// <remarks>
/// Theory of operation. The watcher has taken the change for handed on. If its attempt ends in a way that says nothing of the code, the change is owed: after a while it is looked
/// at, and tried again unless the tree needs no build by then, until a verdict on it comes. Each try that circumstances end as well doubles the time to the next, also when
/// changes come in between: what does not pass, such as an analyzer that ends the builder, must not cost two cold builders an edit. A change that comes is attempted at
/// once, and its verdict is that of what was owed.
/// </remarks>
/// <param name="attempt">Hands the tree on; null when that failed by a defect.</param>
/// <param name="look">What to do about it, given the nodes that ran and since when the change is owed.</param>
/// <param name="running">Names of the nodes that run.</param>
/// <param name="report">Has what nobody foresaw of a look: it ends the tries until the next change, and not the command.</param>
/// <param name="time">Of the pauses.</param>
/// <param name="ending">The command ends.</param>
internal sealed class OwedChange(
    Func<CancellationToken, Task<DaemonEvent?>> attempt,
    Func<IReadOnlyCollection<string>, DateTimeOffset, CancellationToken, Task<Owing>> look,
    Func<CancellationToken, Task<IReadOnlyCollection<string>>> running,
    Action<Exception> report,
    TimeProvider time,
    CancellationToken ending) : IAsyncDisposable
{
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    /// <summary>A look costs little, and what it waits for is over when somebody says so.</summary>
    public static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

    /// <summary>Until the next try; zero: nothing is owed.</summary>
    private TimeSpan _pause;

    /// <summary>What is done meanwhile is known to the attempt; what comes after it may settle the change.</summary>
    private DateTimeOffset _owedSince;
    private CancellationTokenSource? _waiting;
    private Task _trying = Task.CompletedTask;

    /// <summary>Attempts what the tree is now. What was owed is part of it; a try that is under way ends first.</summary>
    public async Task Attempt()
    {
        await StopWaiting();
        if (!Take(await attempt(ending)))
            return;
        _owedSince = time.GetUtcNow();
        var waiting = _waiting = CancellationTokenSource.CreateLinkedTokenSource(ending);
        _trying = Try(waiting.Token);
    }

    public async ValueTask DisposeAsync() => await StopWaiting();

    private async Task StopWaiting()
    {
        if (_waiting is null)
            return;
        await _waiting.CancelAsync();
        await _trying;
        _waiting.Dispose();
        _waiting = null;
    }

    private async Task Try(CancellationToken waiting)
    {
        try
        {
            var ran = await Running(waiting);
            for (var pause = _pause; ;)
            {
                await Task.Delay(pause, time, waiting);
                switch (await Look(ran, waiting))
                {
                    case Owing.Nothing:
                        _pause = TimeSpan.Zero;
                        return;
                    case Owing.NotYet:
                        pause = BetweenLooks;
                        continue;
                }

                if (!Take(await attempt(ending)))
                    return;
                (pause, ran) = (_pause, await Running(waiting));
            }
        }
        catch (OperationCanceledException) when (waiting.IsCancellationRequested || ending.IsCancellationRequested)
        {
            // Another change has come, or the command ends: an attempt may hear of that before what is linked to it does.
        }
        catch (Exception e)
        {
            report(e);
        }
    }

    /// <summary>Whether the change is owed still.</summary>
    private bool Take(DaemonEvent? verdict)
    {
        if (verdict is not (BuildFailed { Transient: true } or ReloadRefused { Transient: true } or ReloadSuperseded or GitRefused))
        {
            _pause = TimeSpan.Zero;
            return false;
        }

        if (_pause == TimeSpan.Zero)
            _pause = FirstPause;
        else if (verdict is not ReloadRefused { NotTried: true }) // which has cost nothing
            _pause = TimeSpan.FromTicks(Math.Min(2 * _pause.Ticks, LongestPause.Ticks));
        return true;
    }

    private async Task<Owing> Look(IReadOnlyCollection<string> ran, CancellationToken cancellation)
    {
        try
        {
            return await look(ran, _owedSince, cancellation);
        }
        catch (Exception e) when (IsCircumstance(e))
        {
            return Owing.NotYet; // a node that is busy, a disk that is full: it can be asked again
        }
    }

    private async Task<IReadOnlyCollection<string>> Running(CancellationToken cancellation)
    {
        try
        {
            return await running(cancellation);
        }
        catch (Exception e) when (IsCircumstance(e))
        {
            return [];
        }
    }

    /// <summary>What ends an attempt as well, and says nothing of the code.</summary>
    private static bool IsCircumstance(Exception e) => e is ControlException or IOException or UnauthorizedAccessException;
}

/// <summary>What to do about a change that is owed.</summary>
internal enum Owing
{
    /// <summary>The tree needs no build.</summary>
    Nothing,

    /// <summary>Deploys are frozen, git is at work in the checkout, or a node has ended meanwhile: whoever ended it may not want it back.</summary>
    NotYet,

    /// <summary>It is to be tried.</summary>
    Now,
}
