using Microsoft.Extensions.Logging;
using WatchReload.Builder.Evaluation;
using WatchReload.Builder.Lanes;
using WatchReload.Control;

namespace WatchReload.Builder.Replay;

/// <summary>What this process knows of MSBuild's last build: what the inputs had in them, and what can be built upon.</summary>
internal sealed class LastBuild(TimeProvider time, ILogger log) : IDisposable
{
    /// <summary>The runtime compiles a method for speed at the thirtieth call that it counts, and it does not count those of the first moments.</summary>
    private const int Practice = 60;

    /// <summary>So often builds may break off the proof; then the next one waits for it.</summary>
    private const int Patience = 2;

    /// <summary>So often until it is tried once more, if it was not through in <see cref="Longest"/>: what takes so long is rather for a pause.</summary>
    private const int Again = 10;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private BuildInputs? _inputs;
    private InputHashes? _hashes;
    private References? _references;
    private int _practised;
    private int _brokenOff;

    /// <summary>Null when there is nothing to build upon.</summary>
    public WarmTree? Tree { get; private set; }

    /// <summary>Why the request cannot be answered without MSBuild; null when it can, by compiling what has the changed sources.</summary>
    public string? Refuse(BuildRequest request, out IReadOnlyList<string> changed)
    {
        changed = [];
        return Tree is null ? "there is no build to go on from" : Tree.Refuse(request, out changed);
    }

    /// <summary>Takes up an evaluation that was made as files came or went: <see cref="WarmTree.Adopt"/>.</summary>
    public string? Adopt(EvaluatedTree now, TreeListing listed, out IReadOnlyList<string> changed, CancellationToken cancellation)
    {
        var doubt = Tree!.Adopt(now, listed, out changed, cancellation);
        (_inputs, _hashes) = (Tree.Tree.Inputs, Tree.Hashes);
        return doubt;
    }

    /// <summary>Whether an input was written since it was read, though it may be the same again, or files came or went.</summary>
    public bool IsTouched(BuildRequest request) => Refuse(request, out var changed) is not null || changed.Count > 0 || _hashes!.IsTouched();

    /// <summary>Nothing is built upon what there is.</summary>
    public void Forget()
    {
        Tree?.Dispose();
        Tree = null;
    }

    /// <summary>MSBuild is about to build anew.</summary>
    public BuildStart Begin()
    {
        Forget();
        return _inputs is null
            ? new BuildStart(time.GetUtcNow().UtcDateTime, null, null)
            : new BuildStart(time.GetUtcNow().UtcDateTime, InputHashes.Of(_inputs, _hashes), TreeListing.Of(_inputs));
    }

    /// <summary>MSBuild has built. What was written, came or went meanwhile may be in the outputs or not: then there is nothing to build upon.</summary>
    public void Remember(BuildRequest request, LaneResult result, BuildStart start)
    {
        var listing = TreeListing.Of(result.Tree.Inputs);
        var isComparable = start.Listing is not null && _inputs!.Projects.SequenceEqual(result.Tree.Inputs.Projects);
        var isListed = !listing.ChangedSince(start.At) && (!isComparable || listing.Hash == start.Listing!.Hash);
        _inputs = result.Tree.Inputs;
        _hashes = InputHashes.Of(_inputs, start.Hashes);
        if (_hashes.Unsettled(start) is { } unsettled)
            BuilderLog.StaysCold(log, $"{unsettled} was written while it was built");
        else if (!isListed)
            BuilderLog.StaysCold(log, "files came or went while it was built");
        else
            Tree = new WarmTree(request, result.Tree, _hashes, listing.Hash, new Made(result.Outputs, result.ActorsVersion), _references = new References(result.Tree.Filter, _references));
    }

    /// <summary>In idle time: makes ready what spares the next build MSBuild.</summary>
    /// <remarks>It gives way to a build. But edits that come closely after each other would keep all of them with MSBuild for ever so, the proof being begun anew after each.</remarks>
    /// <param name="idle">Somebody wants to build.</param>
    /// <param name="ending">The process ends.</param>
    public void Prove(CancellationToken idle, CancellationToken ending)
    {
        if (Tree is { IsReady: false } tree)
        {
            if (_brokenOff % Again == Patience)
                ProveOut(tree, ending);
            else
                Prove(tree, idle);
        }

        while (_practised < Practice && Tree is { IsReady: true } ready && ready.Practise(_practised, idle))
            _practised++;
    }

    private void ProveOut(WarmTree tree, CancellationToken ending)
    {
        using var deadline = new CancellationTokenSource(Longest, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ending);
        try
        {
            Prove(tree, linked.Token);
        }
        catch (OperationCanceledException) when (linked.IsCancellationRequested)
        {
            // In a pause it goes on.
        }
    }

    private void Prove(WarmTree tree, CancellationToken cancellation)
    {
        _brokenOff++; // if it comes to nothing
        if (tree.Prove(cancellation) is { } doubt)
            BuilderLog.StaysCold(log, doubt);
        else if (tree.IsReady)
            BuilderLog.Ready(log);
        else
        {
            _brokenOff--; // an edit is there already, and is built next: that says nothing
            return;
        }
        _brokenOff = 0;
    }

    public void Dispose() => Tree?.Dispose();
}
