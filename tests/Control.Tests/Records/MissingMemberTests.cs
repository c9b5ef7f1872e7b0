using System.Text.Json;
using System.Text.Json.Nodes;

namespace WatchReload.Control.Tests.Records;

/// <summary>What a record reads when its JSON lacks a member: the default that its source says, or a refusal; never null where none may be.</summary>
public sealed class MissingMemberTests
{
    private static readonly ReleaseManifest _manifest = new()
    {
        Id = "r000001",
        SourceHash = "a",
        ContentHash = "b",
        Lane = "build",
        Configuration = "Release",
        Sdk = "10.0.100",
        ActorsVersion = "0.1.0",
        Runtime = "10.0",
        Time = DateTimeOffset.UnixEpoch,
        EntryAssembly = "Service",
        Files = [new ReleaseFile("Service.dll", 1, "c", ReleaseFileKind.Hot)],
        Packages = new PackageSet("d", []),
    };

    [Fact(Timeout = 60_000)]
    public async Task A_list_is_empty_when_a_manifest_of_before_lacks_it()
    {
        await Task.Yield();
        Assert.Empty(Read(json => json.Remove("perVersion"))!.PerVersion);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_file_without_a_path_or_a_package_set_without_files_is_refused()
    {
        await Task.Yield();
        Assert.Throws<JsonException>(() => Read(json => json["files"]![0]!.AsObject().Remove("path")));
        Assert.Throws<JsonException>(() => Read(json => json["packages"]!.AsObject().Remove("files")));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_reload_that_does_not_say_its_probation_is_refused()
    {
        await Task.Yield();
        var request = new ReloadRequest { Release = "r000001", Directory = "/x", ManifestHash = "a", ExpectInstance = "i", ExpectVersion = 1, Fence = 1, Cause = "reload" };
        var json = JsonSerializer.SerializeToNode(request, ControlJson.Default.ReloadRequest)!.AsObject();
        Assert.Equal(30, json.Deserialize(ControlJson.Default.ReloadRequest)!.ProbationSeconds);
        json.Remove("probationSeconds");
        Assert.Throws<JsonException>(() => json.Deserialize(ControlJson.Default.ReloadRequest));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_report_comes_back_as_it_was_when_nothing_optional_is_in_it()
    {
        await Task.Yield();
        var outcome = new BuildOutcome { Succeeded = false, Lane = BuildLane.Build, Diagnostics = [new BuildDiagnostic(DiagnosticSeverity.Error, "X1", "wrong", null, 0, 0, 0, 0, null)] };
        var read = JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(outcome, ControlJson.Default.BuildOutcome), ControlJson.Default.BuildOutcome)!;
        Assert.Equal(outcome.Diagnostics, read.Diagnostics);
        Assert.Equal(new BuilderStatus(1, null, 0, false), JsonSerializer.Deserialize(JsonSerializer.Serialize(new BuilderStatus(1, null, 0, false), ControlJson.Default.BuilderStatus), ControlJson.Default.BuilderStatus));
    }

    private static ReleaseManifest? Read(Action<JsonObject> change)
    {
        var json = JsonSerializer.SerializeToNode(_manifest, ControlJson.Default.ReleaseManifest)!.AsObject();
        change(json);
        return json.Deserialize(ControlJson.Default.ReleaseManifest);
    }
}
