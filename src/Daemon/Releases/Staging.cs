using System.Text.Json;
using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Daemon.Releases;

/// <summary>
/// Makes a release of a build. Theory of operation: under the lock of the releases everything is copied, hashed and synced in a workspace
/// beside the releases; then the sources are looked at once more (a build that ran meanwhile would have mixed two builds); then the
/// manifest is written, and one rename makes the release. Before the rename there is no release, after it a whole one that is never
/// written to again. A number is taken from the sequence just before, so a gap in the ids is a staging that failed. Where the disk is full,
/// releases that are not kept go, and it is tried once more: else nothing would ever make room, as releases go after a delivery alone.
/// </summary>
internal sealed class Staging(StateDirectory state, TimeProvider time, ReleaseCatalog catalog, PackageSets packages, Pruning pruning, Sequence sequence, ILogger log)
{
    public StageResult Run(BuildOutcome build, StageInfo info, CancellationToken cancellation)
    {
        if (info.Keep == 0)
            return RunOnce(build, info, cancellation);
        try
        {
            if (RunOnce(build, info, cancellation) is { IsFull: false } result)
                return result;
        }
        catch (IOException e) when (Failure.IsFull(e))
        {
            // Its workspace is gone again.
        }

        pruning.Run(info.Keep, info.MaximumSize);
        return RunOnce(build, info, cancellation);
    }

    private StageResult RunOnce(BuildOutcome build, StageInfo info, CancellationToken cancellation)
    {
        Workspace.RemoveLeftovers(state.Releases, log);
        Workspace.RemoveLeftovers(state.Packages, log);
        if (FreeSpace.LacksFor(state, build, info.MinimumFreeSpace) is { } full)
            return StageResult.Full(full);

        using var workspace = Workspace.Create(state.Releases, log);
        var copies = FileCopies.Make([.. build.Outputs.Where(output => output.Kind != ReleaseFileKind.Package)], workspace.Directory, info.Open, cancellation);
        PausePoint.Reach("staging");
        var (set, changed) = packages.Put([.. build.Outputs.Where(output => output.Kind == ReleaseFileKind.Package)], info.Open, cancellation);
        changed ??= FileCopies.FindChanged(copies, time, info.Open, cancellation) is { } source
            ? Failure.Changed(source)
            : null;
        if (changed is not null)
            return StageResult.Failed(changed.Cause, changed.Remedy);

        var manifest = Describe(build, info, [.. copies.Select(copy => copy.Copied).OrderBy(file => file.Path, StringComparer.Ordinal)], set);
        if (info.Refuses(manifest) is { } refused)
            return StageResult.Failed(refused.Cause, refused.Remedy, transient: false);
        if (catalog.Read().FirstOrDefault() is { } newest && IsSame(newest.Manifest, manifest) && newest.IsWhole(cancellation))
            return StageResult.Kept(newest);

        cancellation.ThrowIfCancellationRequested(); // from here on it is short, and ends with a release
        manifest = manifest with { Id = ReleaseId.Of(sequence.Next()) };
        var hash = ManifestFile.Write(workspace.Directory, manifest);
        workspace.Publish(state.Release(manifest.Id));
        BuildLog.Write(state, manifest, build, log);
        return StageResult.Staged(new Release(manifest, state.Release(manifest.Id), hash));
    }

    // The source hash too: a node compares it with the tree's, and a new tree that builds to the same must not look stale for ever.
    private static bool IsSame(ReleaseManifest newest, ReleaseManifest made) =>
        newest.ContentHash == made.ContentHash && newest.Commit == made.Commit && newest.Clean == made.Clean
        && newest.SourceHash == made.SourceHash && newest.Configuration == made.Configuration;

    private ReleaseManifest Describe(BuildOutcome build, StageInfo info, IReadOnlyList<ReleaseFile> files, PackageSet? set) => new()
    {
        Id = "",
        Commit = info.Commit,
        Clean = info.Clean,
        SourceHash = info.SourceHash,
        ContentHash = ContentHashes.OfRelease(files, set?.Hash, build.EntryAssembly!, info.PerVersionOf(build.Outputs)),
        Lane = JsonNamingPolicy.CamelCase.ConvertName(build.Lane.ToString()),
        Configuration = info.Configuration,
        Sdk = build.Sdk ?? "unknown",
        ActorsVersion = build.ActorsVersion ?? "unknown",
        Runtime = build.Runtime ?? "unknown",
        Time = time.GetUtcNow(),
        By = info.By,
        EntryAssembly = build.EntryAssembly!,
        Files = files,
        Packages = set,
        PerVersion = info.PerVersionOf(build.Outputs),
    };
}
