using WatchReload.Hosting.Kernel;
using WatchReload.Hosting.Tcp;

namespace WatchReload.Hosting.Upgrading;

/// <summary>What a reload has made beside what serves. Disposed of before a commit, it leaves nothing behind.</summary>
internal sealed class PreparedReload(ServiceVersion next, Retirements retirements) : IAsyncDisposable
{
    private Switch? _change;
    private ListenerChange? _added;

    public ServiceVersion Next => next;

    /// <summary>Milliseconds for which the gate was closed already, to apply deltas; null: it was not.</summary>
    public double? GateBefore { get; init; }

    public ReloadPlan Plan { get; set; } = ReloadPlan.Empty;

    public Switch Change => _change ?? throw new InvalidOperationException("Nothing is prepared yet.");

    /// <summary>Candidates for all actors, and sockets for the listeners that are added. The problems of both.</summary>
    /// <param name="within">The service's code that makes states has this long in each step.</param>
    public async Task<Objections> Prepare(ActorKernel kernel, ListenerTable listeners, TimeSpan within)
    {
        var change = _change = new Switch(kernel, next, within);
        IReadOnlyCollection<ListenerDeclaration> serving = kernel.Current is ServiceVersion current ? current.Declaration.Listeners.Values : [];
        _added = listeners.Prepare(next.Declaration.Listeners.Values, serving);
        var ofActors = await change.Prepare();
        return new Objections([.. ofActors.Problems, .. _added.Problems], Transient: (ofActors.Transient || ofActors.Problems.Count == 0) && (_added.InUse || _added.Problems.Count == 0));
    }

    /// <summary>Time has passed since <see cref="Prepare"/>: brings up to date what ran meanwhile. The problems.</summary>
    public Task<Objections> CatchUp() => Change.CatchUp();

    /// <summary>The point of no return, unless there are problems.</summary>
    public Task<Objections> Commit(bool refuseStragglers, bool onTrial, Func<bool> isStopping) => Change.Commit(refuseStragglers, onTrial, isStopping);

    /// <summary>After the commit: the added listeners listen. Why they could not, or null.</summary>
    public async Task<Setback?> Listen()
    {
        try
        {
            await _added!.Listen();
            return null;
        }
        catch (Exception cause)
        {
            await _added!.Abandon();
            return new Setback($"A listener that the release adds could not listen: {cause.Message}", Transient: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _change?.Dispose();
        if (_change is { IsCommitted: true }) return;
        if (_added is not null) await _added.Abandon();
        await retirements.LetGo(next);
    }
}
