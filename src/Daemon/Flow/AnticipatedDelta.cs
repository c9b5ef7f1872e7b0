using WatchReload.Control;
using WatchReload.Daemon.Building;

namespace WatchReload.Daemon.Flow;

/// <summary>What the builder makes of a save while it settles, from what the node has to the tree as it is then. It counts when both are still that once the save has settled.</summary>
/// <param name="request">For what is built here.</param>
/// <param name="ask">Asks the builder, as <see cref="BuilderHost.Anticipate"/>.</param>
/// <param name="time">The clock.</param>
internal sealed class AnticipatedDelta(BuildRequest request, Func<BuildRequest, CancellationToken, Task<BuildOutcome?>> ask, TimeProvider time)
{
    private Task<BuildOutcome?> _making = Task.FromResult<BuildOutcome?>(null);
    private IReadOnlyList<LoadedAssembly>? _loaded;

    /// <summary>A save was noticed that may not be at its end.</summary>
    public Task Begin(CancellationToken cancellation)
    {
        var making = ask(request with { Loaded = Volatile.Read(ref _loaded) }, cancellation);
        Volatile.Write(ref _making, making);
        return making;
    }

    /// <summary>The node has that; null: it is not known.</summary>
    public void NodeHas(IReadOnlyList<LoadedAssembly>? loaded) => Volatile.Write(ref _loaded, loaded);

    /// <summary>The node that had that has taken these.</summary>
    public void NodeTook(IReadOnlyList<LoadedAssembly> loaded, IReadOnlyList<AssemblyDelta> deltas) =>
        NodeHas([.. loaded.Select(has => deltas.FirstOrDefault(delta => delta.Assembly == has.Name) is { } delta ? has with { Generation = delta.Generation, Delta = delta.Id } : has)]);

    /// <summary>What was made of the last save; null when that is no delta from there to here, or is not there soon: what takes longer is asked for as any build is, so that it is known when nothing comes of it any more.</summary>
    /// <param name="loaded">What the node has.</param>
    /// <param name="seen">The tree, of which the save is at its end.</param>
    /// <param name="build">The build of MSBuild that the newest release comes of: deltas are code alone.</param>
    /// <param name="patience">How long it is waited for.</param>
    /// <param name="cancellation">Breaks it off.</param>
    public async Task<BuildOutcome?> Take(IReadOnlyList<LoadedAssembly> loaded, SeenTree seen, Guid? build, TimeSpan patience, CancellationToken cancellation)
    {
        var begun = time.GetTimestamp();
        NodeHas(loaded);
        var making = Interlocked.Exchange(ref _making, Task.FromResult<BuildOutcome?>(null));
        if (!making.IsCompleted)
            await Task.WhenAny(making, Task.Delay(patience, time, cancellation));
        return making is { IsCompletedSuccessfully: true, Result: { Deltas.Count: > 0 } made } && made.Read == seen && made.BuildId == build && made.From.ToHashSet().SetEquals(loaded)
            ? made with { Milliseconds = time.GetElapsedTime(begun).TotalMilliseconds } // that it was waited for
            : null;
    }
}
