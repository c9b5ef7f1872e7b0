using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Control;
using WatchReload.Daemon.Cli;
using WatchReload.Daemon.Releases;
using WatchReload.Tests;

namespace WatchReload.Daemon.Tests.Cli;

public sealed class NodeAloneTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly Scratch _elsewhere = new();
    private readonly StringWriter _error = new();
    private ProcessStartInfo? _program;

    public NodeAloneTests() => _scratch.Configure();

    public void Dispose()
    {
        _scratch.Dispose();
        _elsewhere.Dispose();
        _error.Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task Run_becomes_the_node_on_the_newest_release_until_it_has_served()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A process cannot become another there.");
        await StagedRelease.Stage(_scratch, "one");
        var newest = await StagedRelease.Stage(_scratch, "two");

        Assert.Equal((0, ""), (await Run("run", "--exec"), _error.ToString()));

        Assert.Equal(newest.Id, Option("--release"));
        Assert.Equal((_scratch.State.Root, "main"), (Option("--state"), Option("--name")));
        Assert.Contains("--foreground", _program!.ArgumentList);

        Directory.CreateDirectory(_scratch.State.NodeDirectory("main"));
        DurableFile.Write(_scratch.State.Current("main"), "r000001\n");
        Assert.Equal(0, await Run("run", "--exec"));
        Assert.Null(Option("--release")); // its own choice
    }

    [Fact(Timeout = 60_000)]
    public async Task Run_does_not_become_a_new_node_on_what_was_only_rehearsed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A process cannot become another there.");
        var built = await StagedRelease.Stage(_scratch, "one");
        var atTheGate = await StagedRelease.Stage(_scratch, "two");
        await new History(_scratch.State, TimeProvider.System, NullLogger<History>.Instance).Append(
            new HistoryEntry { Time = DateTimeOffset.UnixEpoch, Cause = "hook", Verdict = "refused", Node = "main", Release = atTheGate.Id, Rehearsed = true },
            TestContext.Current.CancellationToken);

        Assert.Equal(0, await Run("run", "--exec"));

        Assert.Equal(built.Id, Option("--release"));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false, "/none is no directory.")]
    [InlineData(true, "/none holds no release.")]
    public async Task Directory_without_a_release_is_told_from_one_that_is_not_there(bool there, string cause)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A process cannot become another there.");
        var none = Path.Combine(_elsewhere.Root, "none");
        if (there)
            Directory.CreateDirectory(none);

        Assert.Equal(2, await RunIn(_elsewhere.Root, "run", "--release", "none", "--state", "state"));

        Assert.Contains(cause, _error.ToString());
    }

    [Fact(Timeout = 60_000)]
    public async Task Node_that_did_not_start_on_its_newest_release_is_started_on_the_one_before_and_stays_there()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A process cannot become another there.");
        var older = await StagedRelease.Stage(_scratch, "one");
        var newest = await StagedRelease.Stage(_scratch, "two");
        Directory.CreateDirectory(_scratch.State.NodeDirectory("main"));
        DurableFile.Write(_scratch.State.Current("main"), newest.Id + "\n");

        await Failed(newest.Id, transient: true);
        await Run("run", "--exec");
        Assert.Null(Option("--release"));

        await Failed(newest.Id, transient: false);
        await Run("run", "--exec");
        Assert.Equal(older.Id, Option("--release"));
        Assert.Contains($"could not start on {newest.Id}", _error.ToString());

        await Failed(older.Id, transient: false);
        await Run("run", "--exec");
        Assert.Equal(older.Id, Option("--release"));

        var mended = await StagedRelease.Stage(_scratch, "three");
        await Run("run", "--exec");
        Assert.Equal(mended.Id, Option("--release"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Exit_code_is_one_over_which_no_supervisor_gives_up_when_there_is_no_room_to_start()
    {
        using var disk = SmallDisk.Mount(_scratch.State);
        Assert.SkipWhen(disk is null, SmallDisk.None);
        OwnedPath.EnsureNode(_scratch.State, "main");
        DurableFile.Write(_scratch.State.Current("main"), "r000001\n");
        disk.Fill();

        Assert.Equal(6, await RunIn(_scratch.Root, copiesNode: true, "run", "--exec"));

        Assert.Null(_program);
        Assert.Contains("cannot be copied into", _error.ToString());
    }

    [Fact(Timeout = 60_000)]
    public async Task Portable_release_is_taken_in_where_there_is_neither_project_nor_checkout_and_runs()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A process cannot become another there.");
        var release = await StagedRelease.Stage(_scratch, "one");
        var directory = Path.Combine(_elsewhere.Root, "image");
        new PortableRelease(directory).Write(release, _scratch.State, TestContext.Current.CancellationToken);

        Assert.Equal(0, await RunIn(_elsewhere.Root, "run", "--release", "image", "--state", "state"));

        var state = new StateDirectory(Path.Combine(_elsewhere.Root, "state"));
        var taken = new ReleaseStore(state, TimeProvider.System, NullLogger<ReleaseStore>.Instance).Find(Option("--release")!).Release!;
        Assert.Equal((release.Manifest.ContentHash, state.Root), (taken.Manifest.ContentHash, Option("--state")));
        Assert.Equal(0, await RunIn(_elsewhere.Root, "run", "--release", "image", "--state", "state"));
        Assert.Equal(taken.Id, Option("--release")); // not a second time
    }

    [Theory(Timeout = 60_000)]
    [InlineData("trial")]
    [InlineData("bad")]
    public async Task Portable_release_that_the_node_died_on_is_not_started_again_where_another_has_passed(string told)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A process cannot become another there.");
        var passed = await StagedRelease.Stage(_scratch, "one");
        var release = await StagedRelease.Stage(_scratch, "two");
        var directory = Path.Combine(_elsewhere.Root, "image");
        new PortableRelease(directory).Write(release, _scratch.State, TestContext.Current.CancellationToken);
        OwnedPath.EnsureNode(_scratch.State, "main");
        DurableFile.Write(_scratch.State.Current("main"), passed.Id + "\n");
        DurableFile.Write(told == "bad" ? _scratch.State.Bad : _scratch.State.Trial("main"), (told == "bad" ? release.Manifest.ContentHash : release.Id) + "\n");

        Assert.Equal(0, await RunIn(_elsewhere.Root, "run", "--release", "image", "--state", _scratch.State.Root));

        Assert.Null(Option("--release")); // the node's own choice
        Assert.Contains($"Release {release.Id} failed on trial, and node main starts on {passed.Id}.", _error.ToString());
    }

    [Fact(Timeout = 60_000)]
    public async Task Portable_release_with_packages_that_are_loaded_with_each_version_is_taken_in_with_their_names()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A process cannot become another there.");
        var release = await StagedRelease.Stage(_scratch, "one", "package", ["Some.*"]);
        Assert.Equal(["Some.Package"], release.Manifest.PerVersion);
        new PortableRelease(Path.Combine(_elsewhere.Root, "image")).Write(release, _scratch.State, TestContext.Current.CancellationToken);

        Assert.Equal((0, ""), (await RunIn(_elsewhere.Root, "run", "--release", "image", "--state", "state"), _error.ToString()));

        var taken = Assert.Single(Taken());
        Assert.Equal((release.Manifest.ContentHash, taken.Id), (taken.Manifest.ContentHash, Option("--release")));
        Assert.Equal(["Some.Package"], taken.Manifest.PerVersion);
    }

    [Fact(Timeout = 60_000)]
    public async Task Portable_release_that_was_changed_is_refused_and_not_kept()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A process cannot become another there.");
        var release = await StagedRelease.Stage(_scratch, "one");
        var directory = Path.Combine(_elsewhere.Root, "image");
        new PortableRelease(directory).Write(release, _scratch.State, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(directory, "releases", release.Id, "content.txt"), "other", TestContext.Current.CancellationToken);

        Assert.Equal(2, await RunIn(_elsewhere.Root, "run", "--release", "image", "--state", "state"));

        Assert.Null(_program);
        Assert.Contains("changed after it was written", _error.ToString());
        Assert.Empty(Taken());
        Assert.Equal(2, await RunIn(_elsewhere.Root, "run", "--release", ".", "--state", "state"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Build_does_not_write_into_a_directory_that_holds_something()
    {
        var run = await CommandRun.In(_scratch.Root, "build", "--output", ".");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("not empty", run.Error);
    }

    /// <summary>What the state directory elsewhere has.</summary>
    private IReadOnlyList<Release> Taken() => new ReleaseStore(new StateDirectory(Path.Combine(_elsewhere.Root, "state")), TimeProvider.System, NullLogger<ReleaseStore>.Instance).List();

    private Task<int> Run(params string[] args) => RunIn(_scratch.Root, args);

    private Task<int> RunIn(string directory, params string[] args) => RunIn(directory, false, args);

    private async Task<int> RunIn(string directory, bool copiesNode, params string[] args)
    {
        using var stop = new StopSignal(TimeProvider.System);
        var context = CommandRun.Context(directory, TextWriter.Null, _error) with
        {
            CopiesNode = copiesNode,
            Become = program =>
            {
                _program = program;
                return 0;
            },
        };
        return await CommandLine.Run(args, context, stop);
    }

    private string? Option(string name) => _program!.ArgumentList.IndexOf(name) is >= 0 and var i ? _program.ArgumentList[i + 1] : null;

    private async Task Failed(string release, bool transient) => await File.WriteAllTextAsync(
        _scratch.State.StartFailure("main"),
        System.Text.Json.JsonSerializer.Serialize(new ReloadReport { Verdict = ReloadVerdict.Refused, Release = release, Problems = ["Why."], Transient = transient }, ControlJson.Default.ReloadReport),
        TestContext.Current.CancellationToken);
}
