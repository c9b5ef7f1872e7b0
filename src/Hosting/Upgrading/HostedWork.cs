using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;

namespace WatchReload.Hosting.Upgrading;

/// <summary>What a version's code still does that the node has called and waits for no more, as hosted services that have been asked to stop: it keeps the version, and its container from being disposed of.</summary>
internal sealed class HostedWork
{
    private readonly ConcurrentDictionary<Task, string> _running = new();

    /// <summary>By name and since when.</summary>
    public IReadOnlyList<string> Running => [.. _running.Where(work => !work.Key.IsCompleted).Select(work => work.Value)];

    /// <summary>A call to a hosted service has not ended by its deadline.</summary>
    public void Add(Task call, string what, DateTimeOffset since) => _running.TryAdd(call, $"hosted service that does not {what}, asked since {since:O}");

    /// <summary>The same of a call to the service's own class.</summary>
    public void AddCall(Task call, string what, DateTimeOffset since) => _running.TryAdd(call, $"{what} that does not return, called since {since:O}");

    /// <summary>A background service may return from its stop and leave its loop running.</summary>
    public void AddLoopOf(IHostedService service, DateTimeOffset since)
    {
        if (service is BackgroundService { ExecuteTask: { IsCompleted: false } loop }) _running.TryAdd(loop, $"background task of hosted service {SourceNames.Short(service.GetType())}, asked to stop since {since:O}");
    }
}
