using WatchReload.Control;

namespace WatchReload.Hosting.Upgrading;

/// <summary>Watches a trial to its end: then the release stays, or the node goes back.</summary>
/// <param name="one">Held while the outcome is acted on: no reload runs meanwhile.</param>
internal sealed class TrialWatch(NodeServices node, SemaphoreSlim one, Trials trials, ReloadAttempts attempts, ReloadReports reports, TrialEnds ends)
{
    public void Begin(Trial? trial)
    {
        if (trial is null) return;
        var replaced = trials.Watched();
        using (ExecutionContext.SuppressFlow()) _ = Task.Run(() => Watch(trial, replaced));
    }

    private async Task Watch(Trial trial, CancellationToken replaced)
    {
        try
        {
            // The way back must not be pruned meanwhile.
            using var held = trial.WayBack is { } to ? Hold(to) : null;
            var reason = await trial.Probation.Outcome(replaced);
            await one.WaitAsync(replaced);
            try
            {
                if (!replaced.IsCancellationRequested) await End(trial, reason);
            }
            finally
            {
                one.Release();
            }
        }
        catch (OperationCanceledException) when (replaced.IsCancellationRequested)
        {
            // The next commit has replaced the trial, or the node stops.
        }
        catch (Exception cause)
        {
            UpgradingLog.Defect(node.Logger, cause, trial.Release);
        }
    }

    /// <summary>One that cannot be held may be pruned, which is no reason not to watch.</summary>
    private ReleaseLease? Hold(ReleaseManifest release)
    {
        try
        {
            return ReleaseLease.TryTake(node.State, release.Id);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            UpgradingLog.NotHeld(node.Logger, e, release.Id);
            return null;
        }
    }

    private async Task End(Trial trial, string? reason)
    {
        PausePoint.Reach("trial-ending");
        var version = node.Kernel.Current.Number;
        var status = trial.Probation.Status(newest: null);
        string[] problems = reason is null ? [] : [$"{reason}. The node's log has each failure."];
        if (reason is not null && trial.WayBack is { } to)
        {
            UpgradingLog.TakingBack(node.Logger, trial.Release, reason);
            trials.Condemn(trial.Content);
            var back = await attempts.GoBack(to);
            Begin(back.Trial);
            if (back.Report.Verdict == ReloadVerdict.Committed)
            {
                reports.WentBack();
                problems = [.. problems, .. ReloadReports.OnTheWayBack(back.Report)];
                ends.Add(Told(TrialOutcome.TakenBack));
                return;
            }

            if (attempts.IsStopping) return; // the next start does not begin there
            problems = [.. problems, "It could not be taken back, and serves on:", .. back.Report.Problems];
        }
        else if (reason is not null)
        {
            UpgradingLog.NotTakenBack(node.Logger, trial.Release, reason);
            problems = [.. problems, "It serves on, as there is no way back without loss. Mend it with another release."];
        }

        trials.Pass();
        ends.Add(Told(reason is null ? TrialOutcome.Passed : TrialOutcome.Kept));
        if (reason is null) UpgradingLog.ProbationPassed(node.Logger, trial.Release);
        await trials.StopUndeclared();

        TrialEnd Told(TrialOutcome outcome) => new()
        {
            Release = trial.Release,
            ContentHash = trial.Content,
            Version = version,
            Outcome = outcome,
            Serves = node.Kernel.Current.Number,
            Time = node.Kernel.Time.GetUtcNow(),
            Rates = new TrialRates(status.ForSeconds, status.Failed, status.Failures, status.Expected),
            Problems = problems,
        };
    }
}
