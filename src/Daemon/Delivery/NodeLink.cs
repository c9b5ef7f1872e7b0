using WatchReload.Control;

namespace WatchReload.Daemon.Delivery;

/// <summary>The requests that the daemon makes of one node.</summary>
internal sealed class NodeLink(StateDirectory state, string node) : IDisposable
{
    private readonly PipeClient _client = new(state, node);

    public string Node => node;

    /// <summary>Null when no such node runs.</summary>
    public async Task<NodeStatus?> Status(CancellationToken cancellation)
    {
        try
        {
            return await _client.Get("/v1/status", ControlJson.Default.NodeStatus, cancellation);
        }
        catch (PipeException e) when (e.Failure == PipeFailure.NobodyListens)
        {
            return null;
        }
    }

    /// <param name="query">Nothing, <c>?rehearse=true</c>, or <c>?hold=SECONDS</c>.</param>
    public Task<PipeLines<ReloadEvent>> Reload(ReloadRequest request, string query, CancellationToken cancellation) =>
        _client.PostLines("/v1/reload" + query, request, ControlJson.Default.ReloadRequest, ControlJson.Default.ReloadEvent, cancellation);

    /// <summary>A reload may be about to come: the way to the node is opened. Nothing depends on it.</summary>
    public async Task MakeReady(CancellationToken cancellation)
    {
        try
        {
            await _client.MakeReady(cancellation);
        }
        catch (ControlException)
        {
            // Whoever reloads is told.
        }
    }

    /// <summary>How the latest trials ended, then each as it ends.</summary>
    public Task<PipeLines<TrialEnd>> Trials(CancellationToken cancellation) => _client.GetLines("/v1/trials", ControlJson.Default.TrialEnd, cancellation);

    /// <summary>Commits or aborts a reload that is held.</summary>
    public Task Decide(string id, bool commit, CancellationToken cancellation) =>
        _client.Post($"/v1/reload/{id}/{(commit ? "commit" : "abort")}", cancellation);

    /// <summary>Begins an orderly stop; does not wait for its end.</summary>
    public Task Stop(CancellationToken cancellation) => _client.Post("/v1/stop", cancellation);

    public void Dispose() => _client.Dispose();
}
