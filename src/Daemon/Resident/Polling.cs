using System.CommandLine;
using WatchReload.Daemon.Cli;
using WatchReload.Daemon.Configuration;
using WatchReload.Daemon.Flow;

namespace WatchReload.Daemon.Resident;

/// <summary><c>--poll</c>: pulls by itself, and deploys what is new.</summary>
internal sealed class Polling
{
    private readonly Option<TimeSpan?> _poll = new("--poll")
    {
        Description = "Pull and reload when there is something new: every 30s, 5m.",
        HelpName = "TIME",
        CustomParser = value =>
        {
            if (Quantity.TryDuration(value.Tokens[0].Value, out var interval) && interval >= TimeSpan.FromSeconds(1))
                return interval;
            value.AddError($"--poll {value.Tokens[0].Value} is not a time of at least a second, such as 30s or 5m.");
            return null;
        },
    };

    public Option Option => _poll;

    /// <summary>Until it is cancelled; at once when nobody asked for it.</summary>
    public async Task Run(Invocation call, ResidentDaemon daemon, CancellationToken cancellation)
    {
        if (call.Value(_poll) is not { } interval)
            return;
        using var timer = new PeriodicTimer(interval, call.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
                await Once(call, daemon, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The command ends.
        }
    }

    private static async Task Once(Invocation call, ResidentDaemon daemon, CancellationToken cancellation)
    {
        try
        {
            await daemon.Submit(new PullOrder { Cause = "pull", By = "poll", OnlyNew = true }).WaitAsync(cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Defect.Report(e, call.Context); // the next one may well go through
        }
    }
}
