using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Control;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Tests;

internal static class StagedRelease
{
    /// <summary>A release as far as delivery looks at it; nothing on disk.</summary>
    public static Release Make(StateDirectory state, string id = "r000002", string content = "c2") => new(
        new ReleaseManifest
        {
            Id = id,
            SourceHash = "s" + id,
            ContentHash = content,
            Lane = "build",
            Configuration = "Debug",
            Sdk = "10.0.401",
            ActorsVersion = "0.1.0",
            Runtime = "10.0",
            Time = DateTimeOffset.UnixEpoch,
            EntryAssembly = "Service",
            Files = [],
        },
        state.Release(id),
        new string('a', 64));

    /// <summary>A real one in the store, whose content differs by <paramref name="content"/>.</summary>
    /// <param name="scratch">Where.</param>
    /// <param name="content">Of a file.</param>
    /// <param name="package">What the one file of its packages has; null: it has no packages.</param>
    /// <param name="perVersion">Packages that are loaded with each version.</param>
    /// <param name="keep">How many stay when room is made; 0: none is made.</param>
    public static async Task<Release> Stage(Scratch scratch, string content, string? package = null, IReadOnlyList<string>? perVersion = null, int keep = 0)
    {
        var assembly = typeof(Fixtures.StubNode.StubMarker).Assembly;
        var build = new BuildOutcome
        {
            Succeeded = true,
            Lane = BuildLane.Build,
            EntryAssembly = assembly.GetName().Name,
            Sdk = "10.0.401",
            ActorsVersion = "0.1.0",
            Runtime = "10.0",
            Outputs =
            [
                new BuildOutput(assembly.Location, Path.GetFileName(assembly.Location), ReleaseFileKind.Hot),
                new BuildOutput(scratch.Write($"content-{content}.txt", content), "content.txt", ReleaseFileKind.Content),
                .. package is null ? Array.Empty<BuildOutput>() : [new BuildOutput(scratch.Write("Some.Package.dll", package), "Some.Package.dll", ReleaseFileKind.Package, "Some.Package")],
            ],
        };
        var store = new ReleaseStore(scratch.State, TimeProvider.System, NullLogger<ReleaseStore>.Instance);
        var staged = await store.Stage(build, new StageInfo("Debug", "s" + content, null, false, "test") { PerVersion = perVersion ?? [], Keep = keep }, TestContext.Current.CancellationToken);
        return staged.Release ?? throw new InvalidOperationException($"{staged.Cause} {staged.Remedy}");
    }
}
