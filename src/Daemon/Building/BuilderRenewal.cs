using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Daemon.Building;

/// <summary>Another builder in the place of one that is too large, when it has built the tree as it is, and so is as warm as after a start.</summary>
/// <param name="slot">Where it is put.</param>
/// <param name="dialog">How it is asked.</param>
/// <param name="turn">Held while it builds: it writes where builds write.</param>
/// <param name="log">Why it came to nothing.</param>
internal sealed class BuilderRenewal(BuilderSlot slot, BuilderDialog dialog, BuilderTurn turn, ILogger log)
{
    private readonly Lock _gate = new();
    private CancellationTokenSource? _underWay;
    private volatile bool _isOver;

    /// <returns>False: it was stopped by <see cref="Stop"/>, or another is under way.</returns>
    /// <exception cref="OperationCanceledException">By the token.</exception>
    public async Task<bool> Run(BuildRequest request, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        lock (_gate)
        {
            if (_isOver || _underWay is not null)
                return false;
            _underWay = stop;
        }

        try
        {
            await MakeReady(request, slot.Builder, slot.OtherSeat, stop.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            lock (_gate)
                _underWay = null;
        }
    }

    /// <summary>A build is to begin: the builder that is there makes it.</summary>
    public void Stop()
    {
        lock (_gate)
            _ = _underWay?.CancelAsync(); // what follows of it is not for the thread of a build that is to be quick
    }

    /// <summary>Nothing is put there any more.</summary>
    public void End()
    {
        lock (_gate)
            _isOver = true;
        Stop();
    }

    private async Task MakeReady(BuildRequest request, BuilderProcess? tooLarge, BuilderSeat seat, CancellationToken cancellation)
    {
        var (next, problem) = await slot.Start(request, seat, cancellation);
        if (next is null)
        {
            BuildingLog.NotRenewed(log, problem!.Message);
            return;
        }

        BuilderProcess? leaves = next;
        try
        {
            using var taken = await turn.Take(cancellation);
            (var outcome, problem) = await dialog.Ask(next, "/v1/build", request, null, cancellation);
            problem ??= outcome?.Diagnostics.FirstOrDefault(diagnostic => diagnostic.Code == BuilderDefect.Code);
            if (problem is not null)
            {
                BuildingLog.NotRenewed(log, problem.Message);
            }
            else if (outcome is { Succeeded: false })
            {
                BuildingLog.NotRenewed(log, "the tree does not build, so that it would know nothing of it; tried again after the next change");
            }
            else if (!_isOver && (slot.Builder is null || slot.Builder == tooLarge)) // else somebody needed another meanwhile
            {
                leaves = slot.Put(next, seat);
                if (leaves is { HasExited: true })
                    await slot.Bury(leaves, request.Project);
            }
        }
        finally
        {
            if (leaves is not null) await leaves.DisposeAsync();
        }
    }
}
