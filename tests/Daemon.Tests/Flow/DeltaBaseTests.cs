using WatchReload.Control;
using WatchReload.Daemon.Flow;

namespace WatchReload.Daemon.Tests.Flow;

public sealed class DeltaBaseTests : IDisposable
{
    private static readonly ReleaseFile[] _files =
    [
        new("Service.dll", 4, "d1", ReleaseFileKind.Hot),
        new("Service.pdb", 4, "p1", ReleaseFileKind.Symbols),
        new("appsettings.json", 4, "a1", ReleaseFileKind.Content),
        new("de/Service.resources.dll", 4, "t1", ReleaseFileKind.Hot),
    ];

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task A_node_lacks_nothing_but_code_when_content_and_packages_are_those_of_the_last_build()
    {
        await Task.CompletedTask;
        Assert.Null(Lacking(built => built with { Id = "r000009", SourceHash = "another", Files = [_files[3], _files[2], _files[0] with { Sha256 = "d2" }, _files[1] with { Sha256 = "p2" }] }));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_node_lacks_what_a_delta_does_not_bring()
    {
        await Task.CompletedTask;
        Func<ReleaseManifest, ReleaseManifest>[] others =
        [
            built => built with { Files = [.. _files[..2], _files[2] with { Sha256 = "a2" }, _files[3]] },
            built => built with { Files = [.. _files[..3], _files[3] with { Sha256 = "t2" }] },
            built => built with { Files = _files[..3] },
            built => built with { Files = [.. _files, new("Added.dll", 4, "d3", ReleaseFileKind.Hot)] },
            built => built with { Files = [.. _files, new("wwwroot/page.html", 4, "h1", ReleaseFileKind.Content)] },
            built => built with { Packages = new PackageSet("k2", []) },
            built => built with { Packages = null },
            built => built with { PerVersion = ["Other"] },
            built => built with { EntryAssembly = "Other" },
        ];
        foreach (var other in others)
            Assert.Equal("release r000001, which the node runs, has other assemblies, texts, content or packages than the tree", Lacking(other));
        Assert.StartsWith("no release has been built here yet", Lacking(_ => null), StringComparison.Ordinal);
    }

    private string? Lacking(Func<ReleaseManifest, ReleaseManifest?> built)
    {
        var release = StagedRelease.Make(_scratch.State, "r000001");
        var manifest = release.Manifest with { Files = _files, Packages = new PackageSet("k1", []), PerVersion = ["Caching"] };
        return new DeltaBase(null!, new NodeStatus { Node = "main", Pid = 1, Instance = "i1", Version = 1, Release = "r000001" }, release with { Manifest = manifest }).Lacks(built(manifest));
    }
}
