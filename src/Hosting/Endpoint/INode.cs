using WatchReload.Control;

namespace WatchReload.Hosting.Endpoint;

/// <summary>What the endpoint asks of the node. The routes know nothing else of it.</summary>
internal interface INode
{
    string Name { get; }

    /// <summary>Names this run of the process.</summary>
    string Instance { get; }

    NodeStatus Status();

    /// <summary>Prometheus text.</summary>
    string Metrics();

    /// <summary>
    /// The phases as they end, the report last; never throws for what a release can cause. With <paramref name="rehearse"/> everything
    /// up to the gate is done and let go of. With <paramref name="hold"/> the prepared reload waits that long, under <paramref name="id"/>,
    /// for <see cref="Decide"/>, and is let go of when nobody does.
    /// </summary>
    /// <param name="cancellation">Whoever asked is gone. Heeded only while the reload waits for its turn: one that has begun goes on to its end.</param>
    IAsyncEnumerable<ReloadEvent> Reload(ReloadRequest request, string id, bool rehearse, TimeSpan? hold, CancellationToken cancellation);

    /// <summary>Commits or aborts a held reload; false when there is none of that id.</summary>
    bool Decide(string id, bool commit);

    /// <summary>How the latest trials ended, then how each ends; until the node stops.</summary>
    IAsyncEnumerable<TrialEnd> Trials(CancellationToken cancellation);

    /// <summary>Starts an orderly stop; returns at once.</summary>
    void Stop();
}
