using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Control;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Tests.Releases;

/// <summary>A fresh state directory, and beside it a build output that a test writes: a real assembly and what goes with it.</summary>
internal sealed class Workshop : IDisposable
{
    public static readonly StageInfo Info = new("Release", SourceHash: new string('5', 64), Commit: new string('c', 40), Clean: true, By: "ann");

    private readonly string _root = Directory.CreateTempSubdirectory("watchreload-releases-").FullName;

    public Workshop()
    {
        State = new StateDirectory(Path.Combine(_root, "state"));
        Output = Path.Combine(_root, "output");
        Directory.CreateDirectory(Output);
        File.Copy(typeof(StateDirectory).Assembly.Location, Source("Service.dll"));
        Write("appsettings.json", "{}");
        Store = NewStore();
        History = new History(State, TimeProvider.System, NullLogger<History>.Instance);
    }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public StateDirectory State { get; }
    public string Output { get; }
    public ReleaseStore Store { get; }
    public History History { get; }

    /// <summary>The assembly, its settings, and two package files.</summary>
    public BuildOutcome Build => new()
    {
        Succeeded = true,
        Lane = BuildLane.Build,
        LaneReason = "a project file changed",
        EntryAssembly = "Service",
        Sdk = "10.0.100",
        ActorsVersion = "0.1.0",
        Runtime = "10.0",
        Outputs = [new(Source("Service.dll"), "Service.dll", ReleaseFileKind.Hot), new(Source("appsettings.json"), "config/appsettings.json", ReleaseFileKind.Content)],
    };

    public BuildOutcome BuildWithPackages => Build with
    {
        Outputs = [.. Build.Outputs, new(Write("Some.Package.dll", "package"), "Some.Package.dll", ReleaseFileKind.Package, "Some.Package"), new(Write("lib.so", "native"), "runtimes/linux-x64/native/lib.so", ReleaseFileKind.Package, "Some.Package")],
    };

    /// <summary>As another process has it.</summary>
    public ReleaseStore NewStore() => new(State, TimeProvider.System, NullLogger<ReleaseStore>.Instance);

    public string Source(string name) => Path.Combine(Output, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(Source(name), text);
        return Source(name);
    }

    public async Task<Release> Stage(BuildOutcome? build = null, StageInfo? info = null)
    {
        var result = await Store.Stage(build ?? Build, info ?? Info, Cancellation);
        Assert.True(result.Succeeded, result.Cause);
        Assert.False(result.Existing);
        return result.Release;
    }

    /// <summary>A release whose content is as no other's.</summary>
    public Task<Release> StageNew(StageInfo? info = null)
    {
        Write("appsettings.json", Guid.NewGuid().ToString());
        return Stage(info: info);
    }

    public async Task<(string Cause, string Remedy)> FailToStage(BuildOutcome build, StageInfo? info = null)
    {
        var result = await Store.Stage(build, info ?? Info, Cancellation);
        Assert.False(result.Succeeded);
        AssertNothingHalf();
        return (result.Cause, result.Remedy);
    }

    public void AssertNothingHalf()
    {
        Assert.All(Directory.EnumerateDirectories(State.Releases), directory => Assert.NotNull(ManifestFile.Read(directory).Release));
        Assert.DoesNotContain(Directory.EnumerateDirectories(State.Packages), directory => Path.GetFileName(directory)[0] == '.');
    }

    public void Node(string name, string? current = null, string? trial = null)
    {
        Directory.CreateDirectory(State.NodeDirectory(name));
        if (current is not null)
            DurableFile.Write(State.Current(name), current + "\n");
        if (trial is not null)
            DurableFile.Write(State.Trial(name), trial + "\n");
    }

    public void Dispose() => SealedDirectory.Delete(_root);
}
