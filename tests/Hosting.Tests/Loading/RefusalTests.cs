using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using WatchReload.Control;
using WatchReload.Hosting.Loading;

namespace WatchReload.Hosting.Tests.Loading;

/// <summary>Releases that are not what release.json says, or whose release.json is not what was asked for.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly LoadingBench _bench = new();
    private readonly WrittenRelease _release;

    public RefusalTests()
    {
        // A name that no other class of tests uses: they load theirs at the same time.
        var lobby = CompiledAssembly.From("RefusedLobby", Sources.Saying("1"));
        _release = _bench.Writer.Write(new ReleaseContents(lobby, Sources.Contracts())
        {
            Content = new Dictionary<string, byte[]> { ["appsettings.json"] = "{}"u8.ToArray(), ["wwwroot/index.html"] = "hello"u8.ToArray() },
        });
    }

    public void Dispose() => _bench.Dispose();

    [Fact(Timeout = 60_000)]
    public Task Untouched_release_is_loaded_with_what_it_says_of_itself()
    {
        var loaded = _bench.Load(_release);

        Assert.Equal(_release.Directory, loaded.ContentRoot);
        Assert.Equal(_release.ManifestHash, loaded.ManifestHash);
        Assert.Equal(_release.Manifest.Files[0].Mvid, loaded.Mvid);
        Assert.Equal("Service", loaded.ServiceType.FullName);
        Assert.Contains(loaded.ServiceType, loaded.Types);
        Assert.True(loaded.Has(loaded.Entry));
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Hash_is_not_compared_when_none_is_expected()
    {
        Assert.True(_bench.Loader.Load(_release.Directory, null, null).Succeeded);
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Release_is_held_from_its_load_to_its_retirement_and_not_after_a_refusal()
    {
        var loaded = _bench.Load(_release);
        Assert.Null(FileLock.TryAcquire(_bench.State.ReleaseLock(_release.Manifest.Id)));
        loaded.Retire();
        FileLock.TryAcquire(_bench.State.ReleaseLock(_release.Manifest.Id))!.Dispose();

        Flip("appsettings.json");
        _bench.Refused(_release);
        FileLock.TryAcquire(_bench.State.ReleaseLock(_release.Manifest.Id))!.Dispose();
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Release_that_is_being_deleted_is_refused()
    {
        using var pruning = FileLock.TryAcquire(_bench.State.ReleaseLock(_release.Manifest.Id));
        Assert.Contains("is being deleted", Assert.Single(_bench.Refused(_release)).Cause, StringComparison.Ordinal);
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task All_damage_is_told_at_once()
    {
        File.WriteAllBytes(InRelease("RefusedLobby.dll"), [.. File.ReadAllBytes(InRelease("RefusedLobby.dll")), 0]);
        Flip("Contracts.dll");
        File.Delete(InRelease("wwwroot/index.html"));
        File.WriteAllText(InRelease("wwwroot/extra.html"), "");

        var causes = _bench.Refused(_release).Select(problem => problem.Cause).ToList();
        Assert.Equal(4, causes.Count);
        Assert.Contains(causes, cause => cause.Contains("RefusedLobby.dll was changed: it has", StringComparison.Ordinal));
        Assert.Contains(causes, cause => cause.Contains("Contracts.dll was changed: its SHA-256 is", StringComparison.Ordinal));
        Assert.Contains(causes, cause => cause.Contains("wwwroot/index.html is missing", StringComparison.Ordinal));
        Assert.Contains(causes, cause => cause.Contains("wwwroot/extra.html is there but not in release.json", StringComparison.Ordinal));
        return Task.CompletedTask;
    }

    [Theory(Timeout = 60_000)]
    [InlineData("RefusedLobby.dll")]
    [InlineData("RefusedLobby.pdb")]
    [InlineData("appsettings.json")]
    public Task Tampered_file_is_refused_and_nothing_loaded(string file)
    {
        Flip(file);
        var loads = new List<string?>();
        void Note(object? sender, AssemblyLoadEventArgs args) => loads.Add(args.LoadedAssembly.GetName().Name);
        AppDomain.CurrentDomain.AssemblyLoad += Note;
        try
        {
            Assert.Contains($"{file} was changed", Assert.Single(_bench.Refused(_release)).Cause, StringComparison.Ordinal);
        }
        finally
        {
            AppDomain.CurrentDomain.AssemblyLoad -= Note;
        }

        Assert.DoesNotContain("RefusedLobby", loads);
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Link_is_refused_wherever_it_leads()
    {
        var elsewhere = Path.Combine(_bench.State.Root, "elsewhere.dll");
        File.Move(InRelease("RefusedLobby.dll"), elsewhere);
        File.CreateSymbolicLink(InRelease("RefusedLobby.dll"), elsewhere);
        Directory.Move(InRelease("wwwroot"), InRelease("real"));
        Directory.CreateSymbolicLink(InRelease("wwwroot"), InRelease("real"));

        var causes = _bench.Refused(_release).Select(problem => problem.Cause).ToList();
        Assert.Contains(causes, cause => cause.EndsWith("RefusedLobby.dll is a link.", StringComparison.Ordinal));
        Assert.Contains(causes, cause => cause.EndsWith("wwwroot is a link.", StringComparison.Ordinal));
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Release_that_is_a_link_is_refused()
    {
        var elsewhere = Path.Combine(_bench.State.Root, "elsewhere");
        Directory.Move(_release.Directory, elsewhere);
        Directory.CreateSymbolicLink(_release.Directory, elsewhere);

        Assert.Contains("is a link", Assert.Single(_bench.Refused(_release)).Cause, StringComparison.Ordinal);
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Directory_outside_the_state_directory_is_refused()
    {
        foreach (var directory in new[] { Path.GetTempPath(), _bench.State.Root, Path.Combine(_release.Directory, "wwwroot"), Path.Combine(_bench.State.Releases, "..", "nodes") })
        {
            var problem = Assert.Single(_bench.Loader.Load(directory, null, null).Problems);
            Assert.Contains("is not a release of this node", problem.Cause, StringComparison.Ordinal);
            Assert.Contains(_bench.State.Releases, problem.Remedy, StringComparison.Ordinal);
        }

        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Release_that_is_not_there_is_refused()
    {
        var problem = Assert.Single(_bench.Loader.Load(_bench.State.Release("r999999"), null, null).Problems);
        Assert.Contains("r999999", problem.Cause, StringComparison.Ordinal);
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Other_manifest_than_asked_for_is_refused()
    {
        var other = _release with { ManifestHash = ReleaseWriter.Hash("other"u8.ToArray()) };
        Assert.Contains("is not the one that was asked for", Assert.Single(_bench.Refused(other)).Cause, StringComparison.Ordinal);
        return Task.CompletedTask;
    }

    [Theory(Timeout = 60_000)]
    [InlineData("", "cannot be read")]
    [InlineData("{", "cannot be read")]
    [InlineData("[]", "cannot be read")]
    [InlineData("null", "cannot be read")]
    [InlineData("{\"format\":1}", "cannot be read")]
    [InlineData("{\"format\":2,\"novelty\":true}", "has format 2; this node reads format 1")]
    [InlineData("{}", "has format 0; this node reads format 1")]
    public Task Manifest_that_cannot_be_understood_is_refused(string json, string cause)
    {
        Assert.Contains(cause, Assert.Single(RefusedWith(Encoding.UTF8.GetBytes(json))).Cause, StringComparison.Ordinal);
        return Task.CompletedTask;
    }

    [Theory(Timeout = 60_000)]
    [InlineData("../r000002/RefusedLobby.dll")]
    [InlineData("wwwroot/../../cookie")]
    [InlineData("/etc/passwd")]
    [InlineData("./RefusedLobby.dll")]
    [InlineData("wwwroot//index.html")]
    [InlineData("wwwroot\\\\index.html")]
    [InlineData("C:/RefusedLobby.dll")]
    [InlineData("")]
    public Task Path_that_leaves_the_release_is_refused(string path)
    {
        var problem = Assert.Single(RefusedWith(manifest => manifest["files"]![0]!["path"] = JsonNode.Parse($"\"{path}\"")));
        Assert.Contains("is not a path within the release", problem.Cause, StringComparison.Ordinal);
        return Task.CompletedTask;
    }

    [Theory(Timeout = 60_000)]
    [InlineData("../releases")]
    [InlineData("..")]
    [InlineData("")]
    public Task Package_set_that_is_not_named_by_a_hash_is_refused(string hash)
    {
        var problem = Assert.Single(RefusedWith(manifest => manifest["packages"] = new JsonObject { ["hash"] = hash, ["files"] = new JsonArray() }));
        Assert.Contains("not named by a hash", problem.Cause, StringComparison.Ordinal);
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Nulls_duplicates_and_another_id_in_a_manifest_are_told_together()
    {
        var problem = Assert.Single(RefusedWith(manifest =>
        {
            manifest["id"] = "r000077";
            manifest["files"]![0] = null;
            manifest["files"]![1] = manifest["files"]![2]!.DeepClone();
        }));
        Assert.Contains("r000077", problem.Cause, StringComparison.Ordinal);
        Assert.Contains("'' is not a path within the release", problem.Cause, StringComparison.Ordinal);
        Assert.Contains("there twice", problem.Cause, StringComparison.Ordinal);
        return Task.CompletedTask;
    }

    private string InRelease(string path) => Path.Combine(_release.Directory, path);

    private void Flip(string file)
    {
        var bytes = File.ReadAllBytes(InRelease(file));
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(InRelease(file), bytes);
    }

    private IReadOnlyList<LoadProblem> RefusedWith(Action<JsonNode> edit)
    {
        var manifest = JsonSerializer.SerializeToNode(_release.Manifest, ControlJson.Default.ReleaseManifest)!;
        edit(manifest);
        return RefusedWith(Encoding.UTF8.GetBytes(manifest.ToJsonString()));
    }

    private IReadOnlyList<LoadProblem> RefusedWith(byte[] manifest) =>
        _bench.Refused(_release with { ManifestHash = ReleaseWriter.WriteManifest(_release.Directory, manifest) });
}
