using System.Collections.Concurrent;
using WatchReload.Control;
using WatchReload.Hosting.Endpoint;

namespace WatchReload.Hosting.Tests.Endpoint;

/// <summary>A node that takes any number of reloads at once, and notes what it was asked for.</summary>
internal sealed class CountingNode : INode
{
    public string Name => "main";
    public string Instance => "run-1";

    public ConcurrentQueue<ReloadRequest> Requests { get; } = new();
    public int Decisions { get; private set; }
    public int Stops { get; private set; }

    public NodeStatus Status() => new() { Node = Name, Instance = Instance, Pid = Environment.ProcessId, Version = 3 };

    public string Metrics() => "watchreload_version 3\n";

    public async IAsyncEnumerable<ReloadEvent> Reload(ReloadRequest request, string id, bool rehearse, TimeSpan? hold, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        Requests.Enqueue(request);
        await Task.Yield();
        yield return new ReloadEvent { Report = new ReloadReport { Verdict = ReloadVerdict.Refused, Problems = ["as the test says"] } };
    }

    public bool Decide(string id, bool commit)
    {
        Decisions++;
        return false;
    }

    public IAsyncEnumerable<TrialEnd> Trials(CancellationToken cancellation) => AsyncEnumerable.Empty<TrialEnd>();

    public void Stop() => Stops++;
}
