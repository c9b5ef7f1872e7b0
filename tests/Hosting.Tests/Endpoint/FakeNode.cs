using System.Runtime.CompilerServices;
using System.Threading.Channels;
using WatchReload.Control;
using WatchReload.Hosting.Endpoint;

namespace WatchReload.Hosting.Tests.Endpoint;

/// <summary>A node whose reloads go as the test says: it begins when told, and gives out the events that the test writes.</summary>
internal sealed class FakeNode : INode
{
    public string Name => "main";
    public string Instance => "run-1";

    public TaskCompletionSource MayBegin { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    public Channel<ReloadEvent> Events { get; } = Channel.CreateUnbounded<ReloadEvent>();
    public Channel<TrialEnd> TrialEnds { get; } = Channel.CreateUnbounded<TrialEnd>();

    /// <summary>How the reload ended: true when it went to its end, false when it was given up.</summary>
    public TaskCompletionSource<bool> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    public ReloadRequest? Request { get; private set; }
    public string? Id { get; private set; }
    public bool Rehearse { get; private set; }
    public TimeSpan? Hold { get; private set; }
    public (string Id, bool Commit)? Decision { get; private set; }
    public bool Stopped { get; private set; }

    public NodeStatus Status() => new() { Node = Name, Instance = Instance, Pid = Environment.ProcessId, Version = 3 };

    public string Metrics() => "watchreload_version 3\n";

    public async IAsyncEnumerable<ReloadEvent> Reload(ReloadRequest request, string id, bool rehearse, TimeSpan? hold, [EnumeratorCancellation] CancellationToken cancellation)
    {
        (Request, Id, Rehearse, Hold) = (request, id, rehearse, hold);
        Asked.SetResult();
        var begun = false;
        try
        {
            await MayBegin.Task.WaitAsync(cancellation);
            begun = true;
            await foreach (var e in Events.Reader.ReadAllAsync(CancellationToken.None))
                yield return e;
        }
        finally
        {
            Ended.SetResult(begun);
        }
    }

    public bool Decide(string id, bool commit)
    {
        if (id != Id)
            return false;
        Decision = (id, commit);
        return true;
    }

    public IAsyncEnumerable<TrialEnd> Trials(CancellationToken cancellation) => TrialEnds.Reader.ReadAllAsync(cancellation);

    public void Stop() => Stopped = true;
}
