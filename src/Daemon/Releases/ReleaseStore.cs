using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Daemon.Releases;

/// <summary>
/// The releases of one state directory. Several processes may use it at a time: whoever writes holds <c>releases.lock</c>, readers need
/// nothing, and who uses a release holds a <see cref="ReleaseLease"/>.
/// </summary>
internal sealed class ReleaseStore
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly StateDirectory _state;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ReleaseCatalog _catalog;
    private readonly Staging _staging;
    private readonly Pruning _pruning;
    private readonly PackageSets _packages;
    private readonly FailedReleases _failed;

    public ReleaseStore(StateDirectory state, TimeProvider time, ILogger<ReleaseStore> log)
    {
        (_state, _time, _log) = (state, time, log);
        _catalog = new ReleaseCatalog(state, log);
        _failed = new FailedReleases(state, _catalog);
        _packages = new PackageSets(state, time, log);
        var sequence = new Sequence(state.Sequence, HighestKnown, log.SequenceRestored);
        _pruning = new Pruning(state, _catalog, _packages, log);
        _staging = new Staging(state, time, _catalog, _packages, _pruning, sequence, log);
    }

    /// <summary>
    /// Copies the outputs of a build that succeeded into a new release. When the newest release has the same content, commit and
    /// source, that one is the result: what would differ is the time alone.
    /// </summary>
    public async Task<StageResult> Stage(BuildOutcome build, StageInfo info, CancellationToken cancellation)
    {
        if (!build.Succeeded)
            throw new ArgumentException("Only what was built can be staged.", nameof(build));
        var result = OutputCheck.Check(build) is { } refused ? StageResult.Failed(refused.Cause, refused.Remedy, transient: false) : await StageLocked(build, info, cancellation).ConfigureAwait(false);
        if (!result.Succeeded)
            _log.NotStaged(result.Cause, result.Remedy);
        return result;
    }

    /// <summary>Newest first; damaged ones are passed over, and logged.</summary>
    public IReadOnlyList<Release> List() => [.. _catalog.Read()];

    /// <param name="idOrPrefix">An id, its number, or the beginning of an id or of a commit (whose newest release it is then).</param>
    public ReleaseLookup Find(string idOrPrefix) => _catalog.Find(idOrPrefix);

    /// <summary>The newest release before this one that has other content, is not known to be bad, and was not kept out by a node. Where the history tells what served, that comes first.</summary>
    public ReleaseLookup Previous(string id) => _catalog.Previous(id, Bad(), History.NotLetIn(_state).ToHashSet(StringComparer.Ordinal));

    /// <summary>
    /// What to start a node on when that release does not: the newest before it that served there, else the newest that served there, else the same of what served on others, else the one
    /// before it, else the newest above it. Null: nothing. One that is gone, damaged, or never was there has others too.
    /// </summary>
    /// <param name="node">That is to start.</param>
    /// <param name="id">That does not start.</param>
    /// <param name="tried">What was started instead, and did not start either: then the newest above both, which may mend that. Null: nothing was.</param>
    public string? Instead(string node, string id, string? tried)
    {
        if (tried is not null)
            return Newer(id, tried);
        var bad = Bad();
        var content = _catalog.Find(id).Release?.Manifest.ContentHash;
        var others = _catalog.Read().Where(r => r.Id != id && r.Manifest.ContentHash != content && !bad.Contains(r.Manifest.ContentHash)).ToList();
        return (Served(node) ?? Served(null) ?? Previous(id).Release)?.Id ?? Newer(id, id);

        // Not any: what was only built, or rehearsed at a gate, nobody has let in.
        Release? Served(string? on)
        {
            var ids = History.Served(_state, on).ToHashSet(StringComparer.Ordinal);
            var served = others.FindAll(r => ids.Contains(r.Id));
            return served.Find(r => ReleaseId.Number(r.Id) < ReleaseId.Number(id)) ?? served.FirstOrDefault();
        }
    }

    /// <summary>What to start a node on that has never served; null when there is nothing.</summary>
    public string? First() => Newer(0);

    private string? Newer(string id, string other) => Newer(Math.Max(ReleaseId.Number(id) ?? 0, ReleaseId.Number(other) ?? 0));

    /// <summary>The newest release above that number that is not known to be bad, and was not only rehearsed: a push that waits at a gate has not been let in.</summary>
    private string? Newer(long number)
    {
        var (bad, rehearsed) = (Bad(), History.OnlyRehearsed(_state).ToHashSet(StringComparer.Ordinal));
        return _catalog.Read().FirstOrDefault(r => ReleaseId.Number(r.Id) > number && !rehearsed.Contains(r.Id) && !bad.Contains(r.Manifest.ContentHash))?.Id;
    }

    /// <summary>Keeps a release from being pruned while it is under way to a node; null when it is gone.</summary>
    public ReleaseLease? Lease(Release release) => ReleaseLease.TryTake(_state, release.Id);

    /// <summary>Whether every file of it is what it was, those of its packages too.</summary>
    public bool IsWhole(Release release, CancellationToken cancellation) => release.IsWhole(cancellation) && (release.Manifest.Packages is not { } set || _packages.IsWhole(set, cancellation));

    /// <summary>A node refused, which it also does when what is on disk is damaged: the next release that is staged reads what is there.</summary>
    public void Doubt() => _packages.Doubt();

    /// <summary>Why there is no room for another release; null when there is. That is said only when there is none either after what dead processes left behind has gone, and what is not kept.</summary>
    public async Task<Failure?> NoRoom(long minimumFreeSpace, int keep, long maximumSize, CancellationToken cancellation)
    {
        if (FreeSpace.LacksBeforeBuild(_state, minimumFreeSpace) is null)
            return null;
        await Prune(keep, maximumSize, _patience, cancellation).ConfigureAwait(false);
        return FreeSpace.LacksBeforeBuild(_state, minimumFreeSpace);
    }

    /// <summary>Content hashes of releases that failed on trial.</summary>
    public IReadOnlySet<string> Bad() => BadReleases.Read(_state);

    /// <summary>The releases of such content, newest first.</summary>
    public IReadOnlyList<Release> Failed() => _failed.Read();

    /// <summary>
    /// Deletes all but the newest, never what a node uses or may start on, and what dead processes left behind. Returns the ids that went;
    /// none when another process is at work on the releases: there is always a next time.
    /// </summary>
    public Task<IReadOnlyList<string>> Prune(int keep, CancellationToken cancellation, long maximumSize = 0) => Prune(keep, maximumSize, TimeSpan.Zero, cancellation);

    private async Task<IReadOnlyList<string>> Prune(int keep, long maximumSize, TimeSpan patience, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        try
        {
            MakeDirectories();
            using var held = await FileLock.Acquire(_state.ReleasesLock, patience, _time, cancellation).ConfigureAwait(false);
            return held is null ? [] : await Task.Run(() => _pruning.Run(keep, maximumSize), cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or StateException)
        {
            _log.NotPruned(e.Message);
            return [];
        }
    }

    private async Task<StageResult> StageLocked(BuildOutcome build, StageInfo info, CancellationToken cancellation)
    {
        var start = _time.GetTimestamp();
        try
        {
            MakeDirectories();
            using var held = await FileLock.Acquire(_state.ReleasesLock, _patience, _time, cancellation).ConfigureAwait(false);
            if (held is null)
                return Busy();
            var result = await Task.Run(() => _staging.Run(build, info, cancellation), cancellation).ConfigureAwait(false);
            if (result.Existing)
                _log.Kept(result.Release!.Id);
            else if (result.Succeeded)
                _log.Staged(result.Release.Id, _time.GetElapsedTime(start).TotalMilliseconds, result.Release.Manifest.Files.Count, result.Release.Manifest.Packages?.Hash);
            return result;
        }
        catch (OutputRefusedException e)
        {
            return StageResult.Failed(e.Message, e.Remedy, transient: false);
        }
        catch (OutputChangedException e)
        {
            var changed = Failure.Changed(e.Output);
            return StageResult.Failed(changed.Cause, changed.Remedy);
        }
        catch (StateException e)
        {
            return StageResult.Failed(e.Message, e.Remedy);
        }
        catch (Exception e) when (Failure.Of(e, _state.Root) is { } failure)
        {
            return StageResult.Failed(failure.Cause, failure.Remedy);
        }
    }

    private void MakeDirectories()
    {
        OwnedPath.EnsureState(_state);
        OwnedPath.EnsureDirectory(_state.Releases);
        OwnedPath.EnsureDirectory(_state.Packages);
    }

    private StageResult Busy() => StageResult.Failed(
        $"Another process has been at work on the releases for {_patience.TotalSeconds:0} s{(FileLock.Holder(_state.ReleasesLock) is { } holder ? $" (pid {holder.Pid})" : "")}.",
        "Wait until it is done, then try again; its lock ends with it.");

    // Where the sequence goes on if its file is lost: past all that is on disk, that nodes name, and that the history tells of.
    private long HighestKnown() => _catalog.Numbers()
        .Concat(NodeClaims.Read(_state).Concat(History.ReleasesIn(_state)).Select(ReleaseId.Number).OfType<long>())
        .DefaultIfEmpty(0).Max();
}
