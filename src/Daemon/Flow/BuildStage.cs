using WatchReload.Control;
using WatchReload.Daemon.Building;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Flow;

/// <param name="Release">Null when there is none: then the verdict says why.</param>
/// <param name="Commit">That was built.</param>
/// <param name="Clean">The tree was that commit and nothing else.</param>
internal sealed record BuildResult(Release? Release, BuildOutcome Outcome, string? Commit, bool Clean, DaemonEvent? Verdict);

/// <summary>From the tree as it is to a staged release.</summary>
internal sealed class BuildStage(PipelineSettings settings, BuilderHost builder, ReleaseStore releases, TimeProvider time)
{
    private KnownTree? _known = KnownTree.Load(settings.State);

    /// <summary>Hash of the tree as it is now; null when only a build can tell what belongs to it.</summary>
    public string? TreeHash() => _known?.Hash(settings.Root);

    /// <summary>Of the last build, here or before; null when there was none.</summary>
    public BuildInputs? KnownInputs => _known?.Inputs;

    public async Task<BuildResult> Run(Order order, Action<BuildInputs> learned, IEventSink events, CancellationToken cancellation)
    {
        events.Emit(new BuildStarted(order.Cause, settings.Project, settings.Configuration));
        var (begun, before) = (time.GetUtcNow().UtcDateTime, _known);
        var hashBefore = before?.Hash(settings.Root);
        var origin = Origin(cancellation); // two git processes, beside the build
        var outcome = await builder.Build(settings.BuildRequest, cancellation);
        var (commit, clean) = await origin;
        if (HasInputs(outcome.Inputs))
            learned(outcome.Inputs);
        if (!outcome.Succeeded)
            return new BuildResult(null, outcome, commit, clean, Tell(events, new BuildFailed(Lane(outcome), outcome.LaneReason, outcome.Milliseconds, Diagnostics(outcome))));

        _known = KnownTree.Of(outcome.Inputs);
        _known.Save(settings.State);
        var info = new StageInfo(settings.Configuration, SourceHash(outcome.Inputs, before, hashBefore, begun), commit, clean, order.By) { MinimumFreeSpace = settings.MinimumFreeSpace };
        var staged = await releases.Stage(outcome, info, cancellation);
        if (!staged.Succeeded)
            return new BuildResult(null, outcome, commit, clean, Tell(events, new BuildFailed(Lane(outcome), outcome.LaneReason, outcome.Milliseconds, [EventDiagnostic.Error($"{staged.Cause} {staged.Remedy}")]) { Transient = staged.Transient }));
        events.Emit(new BuildFinished(staged.Release.Id, Lane(outcome), outcome.LaneReason, outcome.Milliseconds)
        {
            Commit = commit,
            Clean = clean,
            SourceHash = staged.Release.Manifest.SourceHash,
            ContentHash = staged.Release.Manifest.ContentHash,
            Diagnostics = Diagnostics(outcome),
        });
        return new BuildResult(staged.Release, outcome, commit, clean, null);
    }

    /// <summary>
    /// Of the tree that was built. A file that was saved while the build ran may or may not be in it; then the release must equal no
    /// tree, so that the next look at the tree builds again.
    /// </summary>
    private string SourceHash(BuildInputs inputs, KnownTree? before, string? hashBefore, DateTime begun)
    {
        if (hashBefore is not null && All(before!.Inputs).SequenceEqual(All(inputs)))
            return hashBefore;
        var after = _known!.Hash(settings.Root);
        return after is not null && !All(inputs).Any(f => File.GetLastWriteTimeUtc(f) >= begun) ? after : $"unsettled-{Guid.NewGuid():n}";
    }

    private async Task<(string? Commit, bool Clean)> Origin(CancellationToken cancellation)
    {
        if (settings.Checkout is not { } checkout)
            return (null, false);
        var head = checkout.Head(cancellation);
        var clean = checkout.IsClean(cancellation);
        return ((await head).Commit, await clean);
    }

    private static IEnumerable<string> All(BuildInputs inputs) => inputs.Projects.Concat(inputs.Files).Concat(inputs.Imports);

    private static bool HasInputs(BuildInputs inputs) => inputs.Projects.Count > 0;

    private static string Lane(BuildOutcome outcome) => outcome.Lane.ToString().ToLowerInvariant();

    private static EventDiagnostic[] Diagnostics(BuildOutcome outcome) => [.. outcome.Diagnostics.Select(EventDiagnostic.From)];

    private static DaemonEvent Tell(IEventSink events, DaemonEvent verdict)
    {
        events.Emit(verdict);
        return verdict;
    }
}
