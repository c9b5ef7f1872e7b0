using Microsoft.Extensions.Logging;
using WatchReload.Builder.Evaluation;
using WatchReload.Builder.Lanes;
using WatchReload.Control;

namespace WatchReload.Builder.Replay;

/// <summary>What this process knows of MSBuild's last build: what the inputs had in them, and what can be built upon.</summary>
internal sealed class LastBuild(Whereabouts where, TimeProvider time, ILogger log)
{
    /// <summary>The runtime compiles a method for speed at the thirtieth call that it counts, and it does not count those of the first moments.</summary>
    private const int Practice = 40;

    private BuildInputs? _inputs;
    private InputHashes? _hashes;
    private References? _references;
    private IReadOnlyList<ReplayedProject> _projects = [];
    private int _practised;
    private bool _hasPractised;

    /// <summary>Of the last build here that MSBuild was asked for, whatever came of it; null before the first. What is built for a comparison has none.</summary>
    public Guid? Id { get; private set; }

    /// <summary>Null when there is nothing to build upon.</summary>
    public WarmTree? Tree { get; private set; }

    /// <summary>What spares the next build MSBuild is there, and the way of an edit is fast as far as it goes here.</summary>
    public bool IsReady => _hasPractised && Tree is { IsReady: true };

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
    public void Forget() => (Tree, _projects) = (null, []);

    /// <summary>MSBuild is about to build anew.</summary>
    public BuildStart Begin()
    {
        Id = Guid.NewGuid();
        (Tree, _projects) = (null, Tree?.Known ?? _projects);
        return _inputs is null
            ? new BuildStart(time.GetUtcNow().UtcDateTime, null, null)
            : new BuildStart(time.GetUtcNow().UtcDateTime, InputHashes.Of(_inputs, _hashes), TreeListing.Of(_inputs));
    }

    /// <summary>MSBuild has built. What was written, came or went meanwhile may be in the outputs or not: then there is nothing to build upon.</summary>
    public void Remember(BuildRequest request, LaneResult result, BuildStart start)
    {
        var listing = TreeListing.Of(result.Tree.Inputs);
        var isComparable = start.Listing is not null && _inputs!.Projects.SequenceEqual(result.Tree.Inputs.Projects);
        var isListed = listing.Doubt is not null || !listing.ChangedSince(start.At) && (!isComparable || listing.Hash == start.Listing!.Hash);
        _inputs = result.Tree.Inputs;
        _hashes = InputHashes.Of(_inputs, start.Hashes);
        if (_hashes.Unsettled(start) is { } unsettled)
            BuilderLog.StaysCold(log, $"{unsettled} was written while it was built");
        else if (!isListed)
            BuilderLog.StaysCold(log, "files came or went while it was built");
        else
            (Tree, _projects) = (new WarmTree(request, result.Tree, _hashes, listing, new Made(result.Outputs, result.ActorsVersion), _references = new References(result.Tree.Filter, _references), new OwnExtensions(result.Tree), _projects, where), []);
    }

    /// <summary>Makes ready what spares the next build MSBuild.</summary>
    public void Prove(CancellationToken cancellation)
    {
        if (Tree is not { IsReady: false } tree)
            return;
        var isProved = tree.Proved is not null;
        if (tree.Prove(cancellation) is { } doubt)
            BuilderLog.StaysCold(log, doubt);
        if (!isProved && tree.Proved is var (anew, all))
            BuilderLog.Proved(log, anew, all);
        if (tree.IsReady)
            BuilderLog.Ready(log);
    }

    /// <summary>When that is ready: makes the way of an edit fast.</summary>
    public void Practise(CancellationToken cancellation)
    {
        while (_practised < Practice && Tree is { IsReady: true } ready && ready.Practise(_practised, out _, cancellation))
            _practised++;
        if (!_hasPractised)
            _hasPractised = Tree is { IsReady: true } tree && tree.Hashes.Changed().Count == 0; // else it was broken off
    }
}
