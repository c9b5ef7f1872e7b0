using WatchReload.Control;
using WatchReload.Daemon.Building;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Git;
using WatchReload.Daemon.Releases;
using WatchReload.Daemon.Watching;

namespace WatchReload.Daemon.Flow;

/// <param name="Release">Null when there is none: then the verdict says why, or it is a delta.</param>
/// <param name="Verdict">What the build came to: <c>build.finished</c>, or why there is no release.</param>
/// <param name="Commit">That was built.</param>
/// <param name="Clean">The tree was that commit and nothing else.</param>
internal sealed record BuildResult(Release? Release, BuildOutcome Outcome, string? Commit, bool Clean, DaemonEvent Verdict)
{
    /// <summary>What brings a node from what it has loaded to the tree, in place of a release.</summary>
    public (DeltaBase From, TreeDelta Delta)? Delta { get; init; }
}

/// <summary>From the tree as it is to a staged release, or to a delta.</summary>
internal sealed class BuildStage(PipelineSettings settings, BuilderHost builder, ReleaseStore releases, TimeProvider time)
{
    /// <summary>Mostly what was begun beforehand is there within this time, and else what was asked for; what takes longer is a release, which names its commit, so that git is asked.</summary>
    private static readonly TimeSpan DeltaPatience = TimeSpan.FromMilliseconds(40);

    private static readonly Task<(DeltaBase? From, string? NoDelta)> NoDelta = Task.FromResult<(DeltaBase?, string?)>((null, null));

    private const string UnsettledTree = "unsettled-";

    private readonly InputAccess _access = InputAccess.Of(settings.BuildUser, settings.Exported?.Directory ?? settings.Top ?? settings.Root);
    private readonly TreeHashes _hashes = new(time, InputAccess.Of(settings.BuildUser, settings.Root).Hash);

    /// <summary>The newest release, with the build of MSBuild that its content comes of: the builder has built nothing else since, or makes no deltas. Null when there is none.</summary>
    private (Release Release, Guid? BuildId)? _built;

    private KnownTree? _known = settings.Exported is null ? KnownTree.Load(settings) : null;

    /// <summary>What is made of a save before it is asked for.</summary>
    public AnticipatedDelta Anticipated { get; } = new(settings.BuildRequest, builder.Anticipate, time);

    /// <summary>Hash of the tree as it is now; null when only a build can tell what belongs to it.</summary>
    public string? TreeHash(CancellationToken cancellation = default) => Hash(_known, cancellation);

    /// <summary>Whether a build has seen all files that there are: one that came since may be an input of the next, whatever <see cref="TreeHash"/> says.</summary>
    public bool HasSeenAll => _known?.HasSeenAll() == true;

    /// <summary>Whether a build has named that file, or passed it over as one like its inputs.</summary>
    public bool Knows(string path) => _known?.Knows(path) == true;

    /// <summary>Of the last build, here or before; null when there was none.</summary>
    public BuildInputs? KnownInputs => _known?.Inputs;

    /// <summary>To a release, which somebody waits for.</summary>
    public Task<BuildResult> Run(Order order, Action<BuildInputs> learned, IEventSink events, CancellationToken cancellation) => Run(order, NoDelta, learned, events, cancellation);

    /// <summary>To a release, which nobody waits for.</summary>
    public Task<BuildResult> RunUnhurried(Order order, Action<BuildInputs> learned, IEventSink events, CancellationToken cancellation) =>
        Run(order, NoDelta, unhurried: true, learned, events, cancellation);

    /// <param name="order">Why.</param>
    /// <param name="finding">What a delta may be made against, which may be asked for still while the tree is looked at; null: a release is wanted, and why, if that is worth telling.</param>
    /// <param name="learned">Has the inputs.</param>
    /// <param name="events">What happens.</param>
    /// <param name="cancellation">Breaks it off.</param>
    public Task<BuildResult> Run(Order order, Task<(DeltaBase? From, string? NoDelta)> finding, Action<BuildInputs> learned, IEventSink events, CancellationToken cancellation) =>
        Run(order, finding, unhurried: false, learned, events, cancellation);

    private async Task<BuildResult> Run(Order order, Task<(DeltaBase? From, string? NoDelta)> finding, bool unhurried, Action<BuildInputs> learned, IEventSink events, CancellationToken cancellation)
    {
        events.Emit(new BuildStarted(order.Cause, settings.Project, settings.Configuration));
        if (await releases.NoRoom(settings.MinimumFreeSpace, settings.Keep, settings.MaximumSize, cancellation) is { } full)
            return new BuildResult(null, new BuildOutcome { Succeeded = false, Lane = BuildLane.Build }, null, false, Tell(events, new BuildFailed("build", null, 0, [EventDiagnostic.Error($"{full.Cause} {full.Remedy}")]) { Transient = true }));
        var (begun, asked, before) = (time.GetUtcNow().UtcDateTime, KnownTree.Asked(settings), _known);
        var (hashBefore, seen, listing) = Look(before, cancellation);
        // Which came before it began, and are the build's to see.
        var strangers = hashBefore is null ? before?.Strangers(_access) ?? [] : [];
        var (from, noDelta) = await finding;
        if (from?.Lacks(_built?.Release.Manifest) is { } lacks)
            (from, noDelta) = (null, lacks);
        var loaded = before is null ? null : from?.Loaded;
        if (loaded is not null && seen is not null && await Anticipated.Take(loaded, seen, _built?.BuildId, DeltaPatience, cancellation) is { } made)
        {
            learned(before!.Inputs);
            KnowAll(before, asked, listing);
            return Delta(from!, made, seen.SourceHash, events);
        }

        var building = builder.Build(settings.BuildRequest with { Loaded = loaded, BuildId = _built?.BuildId, AnalyzersLater = from is not null, Unhurried = unhurried }, cancellation);
        if (loaded is not null)
            await Task.WhenAny(building, Task.Delay(DeltaPatience, time, cancellation));
        var origin = building.IsCompleted && loaded is not null ? null : Origin(order, cancellation); // two git processes, beside the build
        var outcome = await building;
        if (outcome is { Succeeded: true, Lane: BuildLane.Delta })
        {
            if (Reached(outcome.Inputs, before!, hashBefore, asked, listing, strangers, begun, learned, cancellation) is { } tree)
                return Delta(from!, outcome, tree, events);
            (begun, asked) = (time.GetUtcNow().UtcDateTime, KnownTree.Asked(settings));
            outcome = await builder.Build(settings.BuildRequest, cancellation);
        }

        var (commit, clean, unknown) = await (origin ?? Origin(order, cancellation));
        if (outcome.Lane is BuildLane.Replay or BuildLane.Auto)
            outcome = outcome with { LaneReason = outcome.LaneReason ?? noDelta };
        learned(outcome.Inputs);
        if (!outcome.Succeeded)
            return new BuildResult(null, outcome, commit, clean, Tell(events, new BuildFailed(Lane(outcome), outcome.LaneReason, outcome.Milliseconds, Diagnostics(outcome))));

        Know(KnownTree.Of(outcome.Inputs, _access) with { Listing = Began(outcome.Inputs, before, listing) }, asked);
        var sourceHash = outcome.Unsettled || FilesCame(before, _known!, strangers, begun) ? Unsettled() : SourceHash(outcome.Inputs, before, hashBefore, begun, cancellation);
        var info = new StageInfo(settings.Configuration, sourceHash, commit, clean, order.By)
        {
            MinimumFreeSpace = settings.MinimumFreeSpace,
            Keep = settings.Keep,
            MaximumSize = settings.MaximumSize,
            PerVersion = settings.PerVersion,
            Open = settings.BuildUser is { } user ? OutputAccess.Of(user.Name) : OutputAccess.Any,
        };
        var staged = await releases.Stage(outcome, info, cancellation);
        if (!staged.Succeeded)
            return new BuildResult(null, outcome, commit, clean, Tell(events, new BuildFailed(Lane(outcome), outcome.LaneReason, outcome.Milliseconds, [EventDiagnostic.Error($"{staged.Cause} {staged.Remedy}")]) { Transient = staged.Transient }));
        _built = (staged.Release, outcome.BuildId);
        return new BuildResult(staged.Release, outcome, commit, clean, Tell(events, new BuildFinished(staged.Release.Id, Lane(outcome), outcome.LaneReason, outcome.Milliseconds)
        {
            Commit = commit,
            Clean = clean,
            SourceHash = staged.Release.Manifest.SourceHash,
            ContentHash = staged.Release.Manifest.ContentHash,
            Diagnostics = unknown is null ? Diagnostics(outcome) : [.. Diagnostics(outcome), EventDiagnostic.Warning($"The release carries no commit. {unknown.Cause} {unknown.Remedy}")],
        }));
    }

    /// <inheritdoc cref="BuilderHost.BecomesReady"/>
    public Task<bool> BuilderBecomesReady(CancellationToken cancellation) => builder.BecomesReady(cancellation);

    /// <summary>For an edit that nobody has made: looks at the tree, asks the builder, and compares what it has read. Nothing comes of it. False: it is not the time for it.</summary>
    /// <param name="round">From zero on.</param>
    /// <param name="loaded">What the node has.</param>
    /// <param name="cancellation">Breaks it off.</param>
    public async Task<bool> Practise(int round, IReadOnlyList<LoadedAssembly> loaded, CancellationToken cancellation)
    {
        if (_known is not { } known || Look(known, cancellation) is not ({ } before, var seen, _))
            return false;
        return await builder.Practise(settings.BuildRequest with { Loaded = loaded, BuildId = _built?.BuildId, AnalyzersLater = true, Round = round }, cancellation) is { } made && (made.Read == seen || Hash(known, cancellation) == before);
    }

    /// <summary>Runs the analyzers that the build of a release did not wait for.</summary>
    public async Task Analyze(Release release, IEventSink events, CancellationToken cancellation)
    {
        if (await builder.Analyze(settings.BuildRequest, cancellation) is { } outcome)
            events.Emit(new BuildAnalyzed(release.Id, outcome.Milliseconds, Diagnostics(outcome)));
    }

    /// <summary>The builder has grown over its limit.</summary>
    public bool IsBuilderTooLarge => builder.IsTooLarge;

    /// <inheritdoc cref="BuilderHost.Renew"/>
    public Task<bool> RenewBuilder(CancellationToken cancellation) => builder.Renew(settings.BuildRequest, cancellation);

    /// <summary>Hash of the tree that a delta leads to, which may have other files than before; null when something was saved meanwhile, so that it cannot be said what tree it is.</summary>
    private string? Reached(BuildInputs inputs, KnownTree before, string? hashBefore, string asked, TreeListing? listing, IReadOnlyList<string> strangers, DateTime begun, Action<BuildInputs> learned, CancellationToken cancellation)
    {
        if (hashBefore is not null && IsSame(inputs, before.Inputs))
        {
            learned(inputs); // they are the same, and something may have been built that was saved and undone meanwhile
            KnowAll(before, asked, listing);
            return Hash(before, cancellation) == hashBefore ? hashBefore : null;
        }

        var known = KnownTree.Of(inputs, _access) with { Listing = Began(inputs, before, listing) };
        if (!known.Bystanders.All(file => before.Knows(file) || strangers.Contains(file)))
            return null;
        learned(inputs);
        Know(known, asked);
        var hash = SourceHash(inputs, before, hashBefore, begun, cancellation);
        return IsSettled(hash) ? hash : null;
    }

    /// <summary>
    /// Whether a source file that is none of the inputs may have come since the build began: it may or may not be in it. Other files a build may make itself. Where it is not known what there was before, the file system tells since when it
    /// is there, or the directories that it came with.
    /// </summary>
    private static bool FilesCame(KnownTree? before, KnownTree after, IReadOnlyList<string> strangers, DateTime begun) => after.Bystanders
        .Where(file => file.EndsWith(".cs", StringComparison.OrdinalIgnoreCase) && !strangers.Contains(file))
        .Any(file => before?.Covers(file) == true ? !before.Knows(file) : after.MayHaveCome(file, begun));

    /// <param name="tree">That was built.</param>
    /// <param name="asked">What was asked for when the build began: the SDK may be another by now.</param>
    private void Know(KnownTree tree, string asked)
    {
        _known = tree;
        if (settings.Exported is null)
            (tree with { AskedFor = asked }).Save(settings.State);
    }

    /// <summary>The inputs are what they were, with whatever else has come.</summary>
    private void KnowAll(KnownTree tree, string asked, TreeListing? listing)
    {
        if (listing?.Hash is { } hash && hash != tree.Listing)
            Know(tree with { Listing = hash }, asked);
    }

    /// <summary>Which files there were when the build began, so that one that came while it ran counts as not seen; now, where it was not known yet whose directories are its projects'.</summary>
    private string? Began(BuildInputs inputs, KnownTree? before, TreeListing? listing) =>
        (listing is not null && before!.Inputs.Projects.SequenceEqual(inputs.Projects) ? listing : Listing(inputs))?.Hash;

    private BuildResult Delta(DeltaBase from, BuildOutcome outcome, string tree, IEventSink events)
    {
        // Whether HEAD has moved is found out with the release: git would take longer than all the rest.
        var delta = new TreeDelta { SourceHash = tree, Commit = from.Status.Commit, Assemblies = outcome.Deltas };
        var finished = Tell(events, new BuildFinished(from.Release.Id, Lane(outcome), outcome.LaneReason, outcome.Milliseconds)
        {
            Commit = delta.Commit,
            SourceHash = tree,
            ContentHash = tree,
            Diagnostics = Diagnostics(outcome),
        });
        return new BuildResult(null, outcome, delta.Commit, false, finished) { Delta = (from, delta) };
    }

    /// <summary>The tree as it is now: its hash, as <see cref="Hash"/>; the same with the files that there are, null where no delta is made, or commits are built in, or not all may be looked at; and these files.</summary>
    private (string? Hash, SeenTree? Seen, TreeListing? Listing) Look(KnownTree? tree, CancellationToken cancellation)
    {
        var listing = tree is null ? null : Listing(tree.Inputs);
        var hash = Hash(tree, cancellation);
        return (hash, settings.Deltas && hash is not null && listing is { Doubt: null } && tree is { Inputs.Heads.Count: 0 } ? new SeenTree(hash, listing.Hash) : null, listing);
    }

    /// <summary>Null where not all may be looked at, and for a tree that nobody looks at again.</summary>
    private TreeListing? Listing(BuildInputs inputs) => settings.BuildUser is null && settings.Exported is null ? TreeListing.Of(inputs) : null;

    private string? Hash(KnownTree? tree, CancellationToken cancellation)
    {
        if (tree is null)
            return null;
        _hashes.Prepare(All(tree.Inputs), cancellation);
        return tree.Hash(settings.Root, _hashes.Of, _access, cancellation);
    }

    /// <summary>
    /// Of the tree that was built. A file that was saved while the build ran may or may not be in it; then the release must equal no
    /// tree, so that the next look at the tree builds again.
    /// </summary>
    private string SourceHash(BuildInputs inputs, KnownTree? before, string? hashBefore, DateTime begun, CancellationToken cancellation)
    {
        var after = Hash(_known, cancellation);
        if (hashBefore is not null && IsSame(before!.Inputs, inputs))
            return after == hashBefore ? after : Unsettled(); // whatever the times say: what was moved or copied in its place may have an older one
        return after is not null && !All(inputs).Concat(inputs.Heads.Where(_access.Walks).SelectMany(HeadFiles.Of)).Select(FileStamp.Of).Any(stamp => stamp.Exists && Math.Max(stamp.Written, stamp.Changed) >= begun.Ticks) ? after : Unsettled();
    }

    private static string Unsettled() => $"{UnsettledTree}{Guid.NewGuid():n}";

    private static bool IsSettled(string hash) => !hash.StartsWith(UnsettledTree, StringComparison.Ordinal);

    private static bool IsSame(BuildInputs one, BuildInputs other) => All(one).SequenceEqual(All(other)) && one.Heads.SequenceEqual(other.Heads) && one.Patterns.SequenceEqual(other.Patterns);

    /// <summary>Nobody asked for what <c>watch</c> brings, or a start: that goes without a commit, as without git, and says why. Other orders end with git's refusal.</summary>
    private async Task<(string? Commit, bool Clean, Refusal? Unknown)> Origin(Order order, CancellationToken cancellation)
    {
        if (settings.Exported is { } exported)
            return (exported.Commit, true, null);
        if (settings.Checkout is not { } checkout)
            return (null, false, null);
        try
        {
            var head = checkout.Head(cancellation);
            var clean = checkout.IsClean(cancellation);
            return ((await head).Commit, await clean, null);
        }
        catch (GitException e) when (order.Cause is "watch" or "run")
        {
            return (null, false, e.Why);
        }
    }

    private static IEnumerable<string> All(BuildInputs inputs) => inputs.Projects.Concat(inputs.Files).Concat(inputs.Imports);

    private static string Lane(BuildOutcome outcome) => outcome.Lane.ToString().ToLowerInvariant();

    private EventDiagnostic[] Diagnostics(BuildOutcome outcome) =>
        [.. outcome.Diagnostics.Select(EventDiagnostic.From).Select(d => settings.Exported is { } exported && d.File is { } file ? d with { File = exported.There(file) } : d)];

    private static DaemonEvent Tell(IEventSink events, DaemonEvent verdict)
    {
        events.Emit(verdict);
        return verdict;
    }
}
