using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Upgrading;

/// <summary>Starts and stops a version's hosted services. One that fails is told, in report and status, and left out: the version serves all the same.</summary>
internal static class HostedServices
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>How much longer than the deadline is waited, so that those who are cancelled can end.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private static readonly string Late = $"its StartAsync had not ended after {Deadline.TotalSeconds:0} s.";

    /// <returns>Those that did not start, with the cause; status tells them as long as the version serves.</returns>
    public static async Task<IReadOnlyList<string>> Start(ServiceVersion version, TimeProvider time, ILogger logger)
    {
        var problems = new List<string>();
        foreach (var service in await Made(version, time, logger, problems))
        {
            using var deadline = new CancellationTokenSource(Deadline, time);
            Task Begun(CancellationToken late) => version.Hosts.Begin(service) ? service.StartAsync(late) : Task.CompletedTask; // the node may have stopped them meanwhile
            if (await Guarded(version, $"start {SourceNames.Short(service.GetType())}", Begun, Deadline + Grace, time, logger, deadline.Token) is { } cause)
                problems.Add($"The hosted service {SourceNames.Short(service.GetType())} did not start: {(deadline.IsCancellationRequested ? Late : Described(cause))} The version serves without it; mend it, and deliver another release.");
            else if (service is BackgroundService { ExecuteTask: { } loop }) Watch(loop, SourceNames.Short(service.GetType()), version, logger);
        }

        version.Fails(problems);
        return problems;
    }

    /// <summary>A background service may fail when its start is long over, and nobody awaits its loop: that is told in log and status.</summary>
    private static void Watch(Task loop, string name, ServiceVersion version, ILogger logger)
    {
        using (ExecutionContext.SuppressFlow()) _ = Ends();

        async Task Ends()
        {
            try
            {
                await loop;
            }
            catch (Exception cause)
            {
                if (cause is OperationCanceledException && (version.IsRetired || version.Hosts.HaveEnded)) return; // it was asked to stop, or watches IServiceVersion.Retired
                if (!version.IsRetired) version.Fails($"The background service {name} has ended: {Described(cause)} The version serves without it; mend it, and deliver another release.");
                UpgradingLog.HostedServiceFailed(logger, cause, version.Number, $"go on: {name}");
            }
        }
    }

    public static Task Stop(ServiceVersion version, TimeProvider time, ILogger logger) => Stop(version, Deadline, time, logger);

    /// <summary>From its beginning none of the version's is started any more.</summary>
    /// <param name="within">What all have together. One that ignores its end leaves nothing to those that come after it; they are told so.</param>
    public static async Task Stop(ServiceVersion version, TimeSpan within, TimeProvider time, ILogger logger)
    {
        var hosts = version.Hosts.End();
        if (hosts.Count == 0) return;
        var began = time.GetTimestamp();
        using var deadline = new CancellationTokenSource(within, time);
        foreach (var service in hosts.Reverse())
        {
            var left = within + Grace - time.GetElapsedTime(began);
            await Guarded(version, $"stop {SourceNames.Short(service.GetType())}", service.StopAsync, left > TimeSpan.Zero ? left : TimeSpan.Zero, time, logger, deadline.Token);
            version.Hosted.AddLoopOf(service, time.GetUtcNow());
        }
    }

    /// <summary>All of them, as the container makes them together; none if a constructor throws, or does not return.</summary>
    private static async Task<IReadOnlyList<IHostedService>> Made(ServiceVersion version, TimeProvider time, ILogger logger, List<string> problems)
    {
        var since = time.GetUtcNow();
        var making = OwnThreads.Run(() => version.Services.GetServices<IHostedService>().ToList());
        string why;
        try
        {
            if (await Deadlines.AreKept(making, Deadline, time)) return await making;
            version.Hosted.Add(making, "return from its constructor", since);
            why = $"a constructor had not ended after {Deadline.TotalSeconds:0} s.";
            UpgradingLog.HostedServiceFailed(logger, null, version.Number, "be made");
        }
        catch (Exception cause)
        {
            why = Described(cause);
            UpgradingLog.HostedServiceFailed(logger, cause, version.Number, "be made");
        }

        problems.Add($"The hosted services could not be made: {why} The version serves without them; mend it, and deliver another release.");
        return [];
    }

    private static string Described(Exception cause) => $"{SourceNames.Short(cause.GetType())}: {cause.Message}";

    /// <summary>Why it failed, or null.</summary>
    private static async Task<Exception?> Guarded(
        ServiceVersion version, string what, Func<CancellationToken, Task> call, TimeSpan patience, TimeProvider time, ILogger logger, CancellationToken deadline)
    {
        Task? running = null;
        var since = time.GetUtcNow();
        try
        {
            // With the flow suppressed: what a service starts must not hold the reload's context.
            using (ExecutionContext.SuppressFlow()) running = Task.Run(() => call(deadline), CancellationToken.None);
            await running.WaitAsync(patience, time, CancellationToken.None);
            return null;
        }
        catch (Exception cause)
        {
            UpgradingLog.HostedServiceFailed(logger, cause, version.Number, what);
            if (running is { IsCompleted: false }) version.Hosted.Add(running, what, since);
            return cause;
        }
    }
}
