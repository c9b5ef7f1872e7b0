using Microsoft.Extensions.Logging;
using WatchReload.Builder.Lanes;
using WatchReload.Control;

namespace WatchReload.Builder.Replay;

/// <summary>What this process knows of MSBuild's last build: what the inputs had in them, and what can be built upon.</summary>
internal sealed class LastBuild(ILogger log) : IDisposable
{
    private BuildInputs? _inputs;
    private InputHashes? _hashes;

    /// <summary>Null when there is nothing to build upon.</summary>
    public WarmTree? Tree { get; private set; }

    /// <summary>Why the request cannot be answered without MSBuild; null when it can, by compiling what has the changed sources.</summary>
    public string? Refuse(BuildRequest request, out IReadOnlyList<string> changed)
    {
        changed = [];
        return Tree is null ? "there is no build to go on from" : Tree.Refuse(request, out changed);
    }

    /// <summary>Before MSBuild builds anew: what the inputs that are known have in them now.</summary>
    public InputHashes? Begin()
    {
        Tree?.Dispose();
        Tree = null;
        return _inputs is null ? null : InputHashes.Of(_inputs, _hashes);
    }

    /// <summary>MSBuild has built. An input that was written meanwhile may be in the outputs or not: then there is nothing to build upon.</summary>
    public void Remember(BuildRequest request, LaneResult result, InputHashes? before, DateTime began)
    {
        _inputs = result.Tree.Inputs;
        _hashes = InputHashes.Of(_inputs, before);
        if (_hashes.Unsettled(before, began) is { } unsettled)
            BuilderLog.StaysCold(log, $"{unsettled} was written while it was built");
        else
            Tree = new WarmTree(request, result.Tree, _hashes, new Made(result.Outputs, result.ActorsVersion));
    }

    /// <summary>In idle time: makes ready what spares the next build MSBuild.</summary>
    public void Prove(CancellationToken cancellation)
    {
        if (Tree?.Prove(cancellation) is { } doubt)
            BuilderLog.StaysCold(log, doubt);
    }

    public void Dispose() => Tree?.Dispose();
}
