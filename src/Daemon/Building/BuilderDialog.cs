using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Daemon.Building;

/// <summary>One request to a builder, to its end. The only judge is silence: every line from the builder puts the deadline off. However it ends, the builder is then either idle or dead.</summary>
internal sealed class BuilderDialog(BuilderSettings settings, BuilderSlot slot, TimeProvider time, ILogger log)
{
    private int _asked;

    /// <summary>An outcome, a problem with the builder, or neither after a warm-up.</summary>
    public async Task<(BuildOutcome? Outcome, BuildDiagnostic? Problem)> Ask(BuilderProcess builder, string target, BuildRequest request, Action<BuildProgress>? progress, CancellationToken cancellation)
    {
        var last = new BuildProgress("start", request.Project);
        request = request with { Number = ++_asked };
        builder.HasBegun = false;
        using var silence = new CancellationTokenSource(settings.HangTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, silence.Token);
        try
        {
            await using var lines = await builder.Link.Ask(target, request, either.Token);
            BuildOutcome? outcome = null;
            await foreach (var line in lines.WithCancellation(either.Token))
            {
                builder.HasBegun |= line.Progress is not { IsAwaited: true };
                silence.CancelAfter(Patience(line.Progress));
                outcome = line.Outcome ?? outcome;
                last = line.Progress ?? last;
                if (line.Progress is { } activity)
                    progress?.Invoke(activity);
            }
            return (outcome, outcome is null ? BuilderProblems.Ended(request.Project) : null);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await Quiet(builder, request.Number);
            throw;
        }
        catch (OperationCanceledException)
        {
            BuildingLog.Hung(log, builder.Id, last.Activity, last.Project, Patience(last).TotalSeconds);
            await slot.Discard(builder);
            return (null, last.IsAwaited ? BuilderProblems.HungAside(request.Project, last, Patience(last)) : BuilderProblems.Hung(request.Project, last, settings.HangTimeout));
        }
        catch (StateException e)
        {
            if (!IsStateUnfit())
            {
                await slot.Discard(builder); // what it left there, or another has put there, goes with it
                BuildingLog.NoAnswer(log, builder.Id, e.Message);
            }

            return (null, BuilderProblems.NotAsked(e));
        }
        catch (ControlException e)
        {
            var ended = await builder.EndOfItself(); // before it is ended here, which gives an exit code too
            await slot.Discard(builder);
            if (ended is { } code)
            {
                BuildingLog.Lost(log, builder.Id, code, e.Message);
                return (null, BuilderProblems.Crashed(request.Project, last, code, builder.LastWords, builder.LogPath));
            }

            BuildingLog.NoAnswer(log, builder.Id, e.Message);
            return (null, BuilderProblems.Lost(request.Project, last, e.Message, builder.LastWords, builder.LogPath));
        }
    }

    private TimeSpan Patience(BuildProgress? last) => last is { IsAwaited: true } && settings.AsideTimeout < settings.HangTimeout ? settings.AsideTimeout : settings.HangTimeout;

    /// <summary>Then no builder is to blame, and a new one would not be asked either.</summary>
    private bool IsStateUnfit()
    {
        try
        {
            OwnedPath.EnsureState(settings.State);
            if (settings.User is null)
                Cookie.Load(settings.State);
            return false;
        }
        catch (StateException)
        {
            return true;
        }
    }

    /// <summary>After a cancellation: the builder is idle again, or gone.</summary>
    private async Task Quiet(BuilderProcess builder, int request)
    {
        builder.Cancel(request);
        using var deadline = new CancellationTokenSource(settings.StopTimeout, time);
        try
        {
            await builder.Link.Post("/v1/cancel", deadline.Token);
        }
        catch (Exception e) when (e is ControlException or OperationCanceledException)
        {
            BuildingLog.DoesNotStop(log, builder.Id);
            await slot.Discard(builder);
        }
    }
}
