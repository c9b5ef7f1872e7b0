using WatchReload.Hosting.Kernel;
using WatchReload.Hosting.Tcp;

namespace WatchReload.Hosting.Upgrading;

/// <summary>What a reload has made beside what serves. Disposed of before a commit, it leaves nothing behind.</summary>
internal sealed class PreparedReload(ServiceVersion next, Retirements retirements) : IAsyncDisposable
{
    private Switch? _change;
    private ListenerChange? _added;
    private readonly CancellationTokenSource _givenUp = new();
    private bool _committed;

    public ServiceVersion Next => next;

    /// <summary>Milliseconds for which the gate was closed already, to apply deltas.</summary>
    public double GateBefore { get; init; }

    public ReloadPlan Plan { get; set; } = ReloadPlan.Empty;

    public Switch Change => _change ?? throw new InvalidOperationException("Nothing is prepared yet.");

    /// <summary>Candidates for all actors, and sockets for the listeners that are added. The problems of both.</summary>
    /// <param name="within">The service's code that makes states has this long.</param>
    public async Task<Objections> Prepare(ActorKernel kernel, ListenerTable listeners, TimeSpan within)
    {
        var change = _change = new Switch(kernel, next);
        _added = listeners.Prepare(next.Declaration.Listeners.Values);
        var preparing = OwnThreads.Run(() => change.Prepare(_givenUp.Token));
        try
        {
            var ofActors = await preparing.WaitAsync(within, kernel.Time);
            return new Objections([.. ofActors, .. _added.Problems], Transient: ofActors.Count == 0 && _added.InUse);
        }
        catch (TimeoutException)
        {
            await _givenUp.CancelAsync();
            return new Objections([.. GiveUp(kernel, within), .. _added.Problems]);
        }
    }

    /// <summary>The thread that does not return is lost; its actor is not.</summary>
    private static string[] GiveUp(ActorKernel kernel, TimeSpan within)
    {
        var after = $"within {within.TotalSeconds:0} s. Let it do no more than compute; it must not wait, lock or do I/O.";
        string[] held = [.. kernel.Cells.Where(actor => actor.BreakPreparation()).Select(actor =>
            $"{actor} ({actor.Binding.Name}) cannot be carried over: an Upgrade of its state, or a constructor or initializer there, did not end {after}")];
        return held.Length > 0 ? held : [$"The first state of an actor that the release adds was not made {after}"];
    }

    /// <summary>Time has passed since <see cref="Prepare"/>: brings up to date what ran meanwhile.</summary>
    public void CatchUp() => Change.CatchUp(CancellationToken.None);

    /// <summary>The point of no return, unless there are problems.</summary>
    public Objections Commit(bool refuseStragglers, bool onTrial)
    {
        var objections = Change.Commit(refuseStragglers, onTrial, CancellationToken.None);
        _committed = objections.Problems.Count == 0;
        return objections;
    }

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
        if (_committed) return;
        if (_added is not null) await _added.Abandon();
        await retirements.LetGo(next);
    }
}
