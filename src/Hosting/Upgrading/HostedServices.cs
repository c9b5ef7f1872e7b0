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

    /// <returns>Those that did not start, with the cause; status tells them as long as the version serves.</returns>
    public static async Task<IReadOnlyList<string>> Start(ServiceVersion version, TimeProvider time, ILogger logger)
    {
        var problems = new List<string>();
        var made = await Made(version, time, logger, problems);
        var left = new SortedSet<int>(Enumerable.Range(0, made.Count));
        await Each(nameof(IHostedLifecycleService.StartingAsync), static (service, late) => ((IHostedLifecycleService)service).StartingAsync(late), areAll: false);
        await Each(nameof(IHostedService.StartAsync), static (service, late) => service.StartAsync(late), areAll: true);
        await Each(nameof(IHostedLifecycleService.StartedAsync), static (service, late) => ((IHostedLifecycleService)service).StartedAsync(late), areAll: false);
        version.Fails(problems);
        return problems;

        async Task Each(string step, Func<IHostedService, CancellationToken, Task> call, bool areAll)
        {
            foreach (var place in left.Where(place => areAll || made[place] is IHostedLifecycleService).ToList())
            {
                var service = made[place];
                var name = SourceNames.Short(service.GetType());
                using var deadline = new CancellationTokenSource(Deadline, time);
                using var starting = version.Hosts.Begin(place, service, deadline);
                if (starting is null) return; // the node has stopped them meanwhile
                if (await Guarded(version, areAll ? $"start {name}" : Returned(step, name), late => call(service, late), Deadline + Grace, time, logger, deadline.Token) is { } cause)
                {
                    left.Remove(place);
                    problems.Add(NotStarted(name, step, version.Hosts.HaveEnded ? "the node is stopping." : deadline.IsCancellationRequested ? $"its {step} had not ended after {Deadline.TotalSeconds:0} s." : Described(cause)));
                }
                else if (areAll && service is BackgroundService { ExecuteTask: { } loop })
                {
                    Watch(loop, name, version, logger);
                }
            }
        }
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

    /// <summary>From its beginning none of the version's is started any more. Those that are being stopped already, as by a reload when the node stops, are waited for.</summary>
    /// <param name="within">What all have together. One that ignores its end leaves nothing to those that come after it; they are told so.</param>
    public static async Task Stop(ServiceVersion version, TimeSpan within, TimeProvider time, ILogger logger)
    {
        var began = time.GetTimestamp();
        using var deadline = new CancellationTokenSource(within, time);
        if (version.Hosts.End(deadline) is not { } hosts)
        {
            if (await Deadlines.AreKept(version.Hosts.Stopped, within, time)) return;
            version.Hosts.Hurry();
            await Deadlines.AreKept(version.Hosts.Stopped, Grace, time);
            return;
        }

        try
        {
            await Deadlines.AreKept(hosts.Starting, Left(), time);
            foreach (var service in hosts.Begun.Reverse().OfType<IHostedLifecycleService>()) await Told(service, nameof(service.StoppingAsync), service.StoppingAsync);
            foreach (var service in hosts.Begun.Reverse())
            {
                await InTime($"stop {SourceNames.Short(service.GetType())}", service.StopAsync);
                version.Hosted.AddLoopOf(service, time.GetUtcNow());
            }

            foreach (var service in hosts.Begun.Reverse().OfType<IHostedLifecycleService>()) await Told(service, nameof(service.StoppedAsync), service.StoppedAsync);
        }
        finally
        {
            version.Hosts.HaveStopped();
        }

        Task Told(IHostedService service, string step, Func<CancellationToken, Task> call) => InTime(Returned(step, SourceNames.Short(service.GetType())), call);

        Task InTime(string what, Func<CancellationToken, Task> call) => Guarded(version, what, call, Left(), time, logger, deadline.Token);

        TimeSpan Left() => within + Grace - time.GetElapsedTime(began) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;
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

    private static string NotStarted(string name, string step, string why) => step == nameof(IHostedLifecycleService.StartedAsync)
        ? $"The hosted service {name} has started, and its {step} failed: {why} The version serves with it; mend it, and deliver another release."
        : $"The hosted service {name} did not start: {why} The version serves without it; mend it, and deliver another release.";

    private static string Returned(string step, string name) => $"return from the {step} of {name}";

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
