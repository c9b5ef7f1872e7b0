using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Loading;

/// <summary>Whatever release.json says: a release that is as it says, or a refusal that names cause and remedy. Nothing outside the release is read.</summary>
public sealed class DamagedManifestTests : IDisposable
{
    private readonly LoadingBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact(Timeout = Fuzz.Longest)]
    public async Task A_release_is_loaded_or_refused_whatever_its_manifest_says()
    {
        // Names that no other class of tests uses: they load theirs at the same time.
        var lobby = CompiledAssembly.From("DamagedLobby", Sources.Saying("1"));
        var release = _bench.Writer.Write(new ReleaseContents(lobby)
        {
            Content = new Dictionary<string, byte[]> { ["appsettings.json"] = "{}"u8.ToArray() },
            Packages = new Dictionary<string, byte[]> { ["libx.so"] = "native"u8.ToArray() },
        });
        var good = await File.ReadAllBytesAsync(Path.Combine(release.Directory, ReleaseManifest.FileName), TestContext.Current.CancellationToken);
        var files = Contents();

        await Fuzz.Each(1_200, [good], input =>
        {
            ReleaseWriter.WriteManifest(release.Directory, input);
            var result = _bench.Loader.Load(release.Directory, null, null);
            if (result.Succeeded)
            {
                var loaded = result.Release;
                Assert.Equal((release.Manifest.Id, "DamagedLobby"), (loaded.Manifest.Id, loaded.Manifest.EntryAssembly));
                loaded.Retire();
                return;
            }

            Assert.NotEmpty(result.Problems);
            Assert.All(result.Problems, problem => Assert.True(problem is { Cause.Length: > 0, Remedy.Length: > 0 }));
        });

        ReleaseWriter.WriteManifest(release.Directory, good);
        Assert.Equal(files, Contents());
        _bench.Load(release).Retire();
    }

    // What lies in the state directory, by content; but for locks, which say nothing.
    private string[] Contents() =>
        [.. Directory.EnumerateFiles(_bench.State.Root, "*", SearchOption.AllDirectories).Where(path => !path.Contains(".lock", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(path => $"{path} {ReleaseWriter.Hash(File.ReadAllBytes(path))}")];
}
