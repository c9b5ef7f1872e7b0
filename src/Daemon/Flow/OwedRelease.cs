namespace WatchReload.Daemon.Flow;

/// <summary>When the release is made that a node is owed for its deltas. It is owed only while its tree is the tree.</summary>
/// <param name="tree">Hash of what the deltas have brought.</param>
/// <param name="busyWith">What git is in the middle of; null: nothing.</param>
/// <param name="hash">Of the tree as it is; null: none that a build has seen.</param>
/// <param name="make">Makes it.</param>
internal sealed class OwedRelease(string tree, Func<string?> busyWith, Func<CancellationToken, string?> hash, Func<CancellationToken, Task<Owed>> make)
{
    /// <summary>A tree that no build has seen is built at this look.</summary>
    private const int MostUnknown = 3;

    /// <summary>Another file may come while that is built. So often it is built; one that failed has been told, and would fail again.</summary>
    private const int MostBuiltUnknown = 3;

    /// <summary>Something saved may have been in a build that failed, and been undone since.</summary>
    private const int MostFailed = 2;

    /// <summary>Circumstances pass, and one that does not (an analyzer that ends the builder, each time) must not cost every edit a cold builder: after so many builds only every so many looks are followed by one.</summary>
    private const int MostCutShort = 5;
    private const int LooksBetween = 20;

    private int _unknown;
    private int _builtUnknown;
    private int _failed;
    private int _cutShort;
    private int _looks;

    /// <summary>False: it is tried again after a while.</summary>
    public async Task<bool> Try(CancellationToken cancellation)
    {
        if (busyWith() is not null)
            return false;
        var now = hash(cancellation);
        if (now is not null)
            (_unknown, _builtUnknown) = (0, 0);
        else if (_builtUnknown == MostBuiltUnknown || ++_unknown < MostUnknown)
            return false;
        if (now is not null && now != tree)
            return false;
        if (_cutShort >= MostCutShort && ++_looks % LooksBetween != 0)
            return false;
        // Else a file has come or gone that no build has seen, and nobody brings it. Whether it belongs to the tree, a build tells.
        var made = await make(cancellation);
        _unknown = 0;
        _cutShort = made == Owed.CutShort ? _cutShort + 1 : 0;
        if (made == Owed.OfAnotherTree && now is null)
            _builtUnknown++;
        if (made != Owed.Failed)
            return made == Owed.Done;
        if (hash(cancellation) == tree)
            return ++_failed == MostFailed; // it does not build as a release, and that has been told
        _builtUnknown = MostBuiltUnknown;
        return false;
    }
}

/// <summary>What became of a release that a node is owed.</summary>
internal enum Owed
{
    /// <summary>It is there, and has been brought to whom it may be brought.</summary>
    Done,

    /// <summary>What there was did not build, and that has been told.</summary>
    Failed,

    /// <summary>The tree was another by then.</summary>
    OfAnotherTree,

    /// <summary>Circumstances ended the build.</summary>
    CutShort,
}
