using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Control;
using WatchReload.Daemon.Delivery;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Flow;
using WatchReload.Daemon.Releases;
using WatchReload.Daemon.Tests.Git;

namespace WatchReload.Daemon.Tests.Flow;

/// <summary>What the pipeline takes for a tree that needs no build, and what it does around a build.</summary>
public sealed class PipelineTests : IAsyncLifetime
{
    private PipelineBed _bed = null!;

    public async ValueTask InitializeAsync() => _bed = await PipelineBed.Create();

    public ValueTask DisposeAsync() => _bed.DisposeAsync();

    /// <summary>Else it would never be otherwise, whatever is configured: releases go after a delivery, and none comes to one.</summary>
    [Fact(Timeout = 60_000)]
    public async Task What_is_not_kept_goes_before_a_build_that_there_is_no_room_for()
    {
        await using var pipeline = _bed.Make("Debug", minimumFreeSpace: long.MaxValue, keep: 1);

        var verdict = await pipeline.Reload(new ReloadOrder { Cause = "reload" }, _bed.Events, TestContext.Current.CancellationToken);

        Assert.True(Assert.IsType<BuildFailed>(verdict).Transient);
        Assert.False(Directory.Exists(_bed.Old.Directory));
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_needs_to_be_built_when_the_node_runs_the_tree()
    {
        Assert.True(await _bed.IsSettled());
        _bed.Scratch.Write("src/A.cs", "class A2;");
        Assert.False(await _bed.IsSettled());
    }

    [Theory(Timeout = 60_000)]
    [InlineData("src/Directory.Build.props")]
    [InlineData("Directory.Packages.props")]
    [InlineData(".editorconfig")]
    [InlineData("src/.globalconfig")]
    [InlineData("nuget.config")]
    [InlineData("src/Texts.resx")]
    [InlineData("src/appsettings.json")]
    [InlineData("src/Linked.cs", "aside/B.cs")]
    [InlineData("src/linked", "aside")]
    public async Task Tree_is_built_and_owed_when_a_file_came_that_no_input_is_like(string path, string? target = null)
    {
        Assert.SkipWhen(target is not null && OperatingSystem.IsWindows(), "There links need a privilege.");
        var from = _bed.Scratch.Write("aside/B.cs", "class B;");
        Assert.True(await _bed.IsSettled());
        var came = Path.Combine(_bed.Scratch.Root, path);
        if (target is null)
            _bed.Scratch.Write(path, "");
        else if (target == "aside")
            Directory.CreateSymbolicLink(came, Path.GetDirectoryName(from)!);
        else
            File.CreateSymbolicLink(came, from);

        Assert.False(await _bed.Pipeline.TakeUp(TestContext.Current.CancellationToken));
        Assert.Equal(Owing.Now, await _bed.Pipeline.Owes(["main"], DateTimeOffset.MaxValue, TestContext.Current.CancellationToken));
    }

    /// <summary>What the looks of a watcher find, with no build since that could say what it is.</summary>
    [Fact(Timeout = 60_000)]
    public async Task File_has_come_when_no_build_has_named_it_and_it_is_there()
    {
        var (named, other) = (Path.Combine(_bed.Scratch.Root, "src/A.cs"), _bed.Scratch.Write("Common.props", "<Project />"));

        Assert.False(_bed.Pipeline.HasCome([named]));
        Assert.True(_bed.Pipeline.HasCome([named, other]));
        File.Delete(other);
        Assert.False(_bed.Pipeline.HasCome([named, other]));
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task Tree_is_built_after_a_commit_without_an_edit_when_the_commit_is_built_in()
    {
        await Git("init", "-q");
        await Git("commit", "-q", "--allow-empty", "-m", "First");
        var tree = KnownTree.Of(KnownTree.Load(_bed.Scratch.State)!.Inputs with { Heads = [Path.Combine(_bed.Scratch.Root, "src")] }) with { AskedFor = KnownTree.Asked(_bed.Settings("Debug")) };
        tree.Save(_bed.Scratch.State);
        _bed.Node.Status = _bed.Node.Status with { SourceHash = tree.Hash(_bed.Scratch.Root) };
        await using var pipeline = _bed.Make("Debug");
        var learned = 0;
        pipeline.Learned = _ => learned++;
        Assert.True(await pipeline.HasNothingToBuild(TestContext.Current.CancellationToken));
        Assert.Equal(1, learned); // the files to watch may be others, as after a switch of branches

        await Git("commit", "-q", "--allow-empty", "-m", "Second");

        Assert.False(await pipeline.HasNothingToBuild(TestContext.Current.CancellationToken));
        string[] ofGit = [Path.Combine(_bed.Scratch.Root, ".git", "HEAD")];
        Assert.True(pipeline.AreOfGit(ofGit));
        Assert.False(pipeline.AreOfGit([.. ofGit, Path.Combine(_bed.Scratch.Root, "src/A.cs")]));

        Task Git(params string[] arguments) => Tests.Git.Shell.Git(_bed.Scratch.Root, ["-c", "user.name=Test", "-c", "user.email=test@example.org", .. arguments]);
    }

    /// <summary>What runs was built of the same files, and a start would build something else of them.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Tree_is_built_when_another_project_or_another_build_of_it_is_asked_for()
    {
        await using var same = _bed.Make(settings => settings with { Keep = 3 });
        await using var project = _bed.Make(settings => settings with { Project = Path.Combine(_bed.Scratch.Root, "src/T.csproj") });
        await using var packages = _bed.Make(settings => settings with { PerVersion = ["Our.Mapper"] });

        Assert.True(await same.IsSettled(TestContext.Current.CancellationToken));
        Assert.False(await project.IsSettled(TestContext.Current.CancellationToken));
        Assert.False(await packages.IsSettled(TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 60_000)]
    public async Task Tree_is_built_when_the_node_runs_its_other_configuration()
    {
        await using var release = _bed.Make("Release");

        Assert.False(await release.IsSettled(TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 60_000)]
    public async Task Way_to_the_node_is_open_when_the_save_settles_that_was_seen_to_begin()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The test listens on a socket.");
        var rendezvous = RendezvousFile.Read(_bed.Scratch.State, "main")! with { Address = Path.Combine(_bed.Scratch.State.Run, "test.sock") };
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(rendezvous.Address));
        listener.Listen();
        await File.WriteAllBytesAsync(_bed.Scratch.State.Rendezvous("main"), JsonSerializer.SerializeToUtf8Bytes(rendezvous, ControlJson.Default.Rendezvous), TestContext.Current.CancellationToken);

        _ = _bed.Pipeline.Beforehand.Anticipate();

        using var connection = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        using var reader = new StreamReader(new NetworkStream(connection));
        Assert.Equal("GET /v1/nonce HTTP/1.1", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 60_000)]
    public async Task Save_that_begins_without_a_node_is_no_failure()
    {
        await _bed.Node.DisposeAsync();

        await _bed.Pipeline.Beforehand.Anticipate();

        await _bed.Link.MakeReady(TestContext.Current.CancellationToken);
        Assert.False(await _bed.IsSettled());
    }

    [Fact(Timeout = 60_000)]
    public async Task Tree_is_built_when_its_node_does_not_say_what_it_runs()
    {
        Assert.True(await _bed.IsSettled());
        _bed.Node.CutsOffStatus = true;
        Assert.False(await _bed.IsSettled());
    }

    [Fact(Timeout = 60_000)]
    public async Task Tree_is_built_when_no_node_runs_it()
    {
        await _bed.Node.DisposeAsync();
        Assert.False(await _bed.IsSettled());
    }

    [Fact(Timeout = 60_000)]
    public async Task Reload_ends_with_the_refusal_of_git_when_that_cannot_read_the_checkout()
    {
        using var sandbox = await GitSandbox.Create();
        await File.WriteAllTextAsync(sandbox.At("live/.git/index"), "no index", TestContext.Current.CancellationToken);
        await using var pipeline = _bed.Make("Release", checkout: await sandbox.Checkout());

        var verdict = await Attempts.Of(new ReloadOrder(), pipeline).Work(_bed.Events, TestContext.Current.CancellationToken);

        Assert.Contains("index", Assert.IsType<GitRefused>(verdict).Cause);
        Assert.Equal(verdict, Assert.Single(_bed.Events.All));
        var remembered = Assert.Single(new History(_bed.Scratch.State, TimeProvider.System, NullLogger<History>.Instance).Read());
        Assert.Equal(("reload", "gitRefused"), (remembered.Cause, remembered.Verdict));
    }

    [Fact(Timeout = 60_000)]
    public async Task Trial_that_was_not_passed_is_told_and_recorded_once_when_the_node_tells_it_again()
    {
        var passed = new TrialEnd { Release = _bed.Old.Id, Version = 1, Outcome = TrialOutcome.Passed, Serves = 1, Time = DateTimeOffset.UnixEpoch };
        var back = passed with { Version = 2, Outcome = TrialOutcome.TakenBack, Serves = 3, Time = DateTimeOffset.UnixEpoch.AddSeconds(1), Problems = ["5 actors failed"] };
        var kept = back with { Version = 4, Outcome = TrialOutcome.Kept, Serves = 4, Time = DateTimeOffset.UnixEpoch.AddSeconds(2) };
        _bed.Node.Trials = [passed, back, kept];
        var seat = new NodeSeat(_bed.Link, new NodeDelivery(_bed.Link, new Fence(_bed.Scratch.State, "main", TimeProvider.System), TimeProvider.System), null);

        await _bed.Pipeline.FollowTrials(seat, TestContext.Current.CancellationToken);
        await _bed.Pipeline.FollowTrials(seat, TestContext.Current.CancellationToken);

        Assert.Collection(
            _bed.Events.All,
            e => Assert.Equal((true, 3, _bed.Old.Id), (Assert.IsType<ReloadRefused>(e).TakenBack, ((ReloadRefused)e).Version, ((ReloadRefused)e).Release)),
            e => Assert.Equal((4, _bed.Old.Id), (Assert.IsType<TrialFailed>(e).Version, ((TrialFailed)e).Release)));
        var history = new History(_bed.Scratch.State, TimeProvider.System, NullLogger<History>.Instance).Read();
        Assert.Equal([("probation", "trialFailed", _bed.Old.Manifest.ContentHash), ("probation", "takenBack", _bed.Old.Manifest.ContentHash)], history.Select(e => (e.Cause, e.Verdict, e.ContentHash!)));
    }
}
