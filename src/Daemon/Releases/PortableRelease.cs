using WatchReload.Control;

namespace WatchReload.Daemon.Releases;

/// <summary>
/// A release with all that it needs, in a directory that can be taken elsewhere: <c>releases/ID/</c> and <c>packages/HASH/</c>, as in a state
/// directory. Other users can read it, as an image is seldom built by the user who runs it; what is in it is checked when it is taken in.
/// </summary>
internal sealed class PortableRelease(string directory)
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private readonly StateDirectory _layout = new(directory);

    public void Write(Release release, StateDirectory state, CancellationToken cancellation)
    {
        Copy(release.Directory, _layout.Release(release.Id), [ReleaseManifest.FileName, .. release.Manifest.Files.Select(f => f.Path)], cancellation);
        if (release.Manifest.Packages is { } packages)
            Copy(state.PackageSet(packages.Hash), _layout.PackageSet(packages.Hash), [.. packages.Files.Select(f => f.Path)], cancellation);
    }

    /// <summary>Takes the release into the store, whose it is from then on, under an id of its own; nothing is written when it is there already.</summary>
    /// <param name="store">Takes it.</param>
    /// <param name="minimumFreeSpace">As <see cref="StageInfo.MinimumFreeSpace"/>.</param>
    /// <param name="keep">As <see cref="StageInfo.Keep"/>.</param>
    /// <param name="maximumSize">As <see cref="StageInfo.MaximumSize"/>.</param>
    /// <param name="cancellation">Breaks it off.</param>
    public async Task<StageResult> TakeIn(ReleaseStore store, long minimumFreeSpace, int keep, long maximumSize, CancellationToken cancellation)
    {
        if (!Directory.Exists(directory))
            return StageResult.Failed($"{directory} is no directory.", "Name a directory that watchreload build --output has written.", transient: false);
        var ids = Directory.Exists(_layout.Releases) ? Directory.EnumerateDirectories(_layout.Releases).Select(path => Path.GetFileName(path)!).ToArray() : [];
        if (ids is not [var id])
            return StageResult.Failed($"{directory} holds {(ids.Length == 0 ? "no release" : $"{ids.Length} releases, not one")}.", "Name a directory that watchreload build --output has written.", transient: false);
        var (release, damage) = ManifestFile.Read(_layout.Release(id));
        if (release is null)
            return StageResult.Failed($"The release in {directory} is damaged: {damage}", "Write it anew: watchreload build --output", transient: false);
        var manifest = release.Manifest;
        var build = new BuildOutcome
        {
            Succeeded = true,
            Lane = Enum.TryParse<BuildLane>(manifest.Lane, ignoreCase: true, out var lane) ? lane : BuildLane.Build,
            EntryAssembly = manifest.EntryAssembly,
            Sdk = manifest.Sdk,
            ActorsVersion = manifest.ActorsVersion,
            Runtime = manifest.Runtime,
            Outputs =
            [
                .. manifest.Files.Select(f => new BuildOutput(Path.Combine(_layout.Release(id), f.Path), f.Path, f.Kind)),
                .. manifest.Packages?.Files.Select(f => new BuildOutput(Path.Combine(_layout.PackageSet(manifest.Packages.Hash), f.Path), f.Path, f.Kind)) ?? [],
            ],
        };
        var info = new StageInfo(manifest.Configuration, manifest.SourceHash, manifest.Commit, manifest.Clean, manifest.By)
        {
            MinimumFreeSpace = minimumFreeSpace,
            Keep = keep,
            MaximumSize = maximumSize,
            PerVersionAssemblies = manifest.PerVersion,
            Refuses = staged => staged.ContentHash == manifest.ContentHash ? null : new Failure(
                $"What lies in {directory} is not what its {ReleaseManifest.FileName} says: it was changed after it was written.",
                "Write it anew: watchreload build --output"),
        };
        return await store.Stage(build, info, cancellation);
    }

    private static void Copy(string from, string to, IReadOnlyList<string> files, CancellationToken cancellation)
    {
        foreach (var file in files)
        {
            cancellation.ThrowIfCancellationRequested();
            var (source, target) = (Path.Combine(from, file), Path.Combine(to, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(source, target);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(target, (File.GetUnixFileMode(source) & UnixFileMode.UserExecute) != 0 ? Readable | Executable : Readable);
        }
    }
}
