using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Control;
using WatchReload.Daemon.Building;
using WatchReload.Daemon.Cli;
using WatchReload.Daemon.Delivery;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Flow;
using WatchReload.Daemon.Git;
using WatchReload.Daemon.Releases;
using WatchReload.Daemon.Tests.Git;
using WatchReload.Tests;

namespace WatchReload.Daemon.Tests.Flow;

public sealed class PipelineTests : IAsyncLifetime
{
    private static readonly TimeSpan EditsPause = TimeSpan.FromSeconds(2);
    private readonly Scratch _scratch = new();
    private readonly EventLog _events = new();
    private ReleaseStore _releases = null!;
    private FakeNode _node = null!;
    private NodeLink _link = null!;
    private BuilderHost _builder = null!;
    private Pipeline _pipeline = null!;
    private Release _old = null!;
    private string _tree = null!;

    public async ValueTask InitializeAsync()
    {
        _old = await StagedRelease.Stage(_scratch, "old");
        var now = await StagedRelease.Stage(_scratch, "now");
        var tree = KnownTree.Of(new BuildInputs { Projects = [_scratch.Write("src/S.csproj", "<Project />")], Files = [_scratch.Write("src/A.cs", "class A;")] });
        tree.Save(_scratch.State);
        _tree = tree.Hash(_scratch.Root)!;
        _node = await FakeNode.Start(_scratch.State);
        _node.Status = _node.Status with { Release = now.Id, SourceHash = _tree };

        _link = new NodeLink(_scratch.State, "main");
        _builder = new BuilderHost(new BuilderSettings(_scratch.State), TimeProvider.System, NullLogger<BuilderHost>.Instance);
        _releases = new ReleaseStore(_scratch.State, TimeProvider.System, NullLogger<ReleaseStore>.Instance);
        _pipeline = Make("Debug");
    }

    public async ValueTask DisposeAsync()
    {
        await _pipeline.DisposeAsync();
        await _builder.DisposeAsync();
        _link.Dispose();
        await _node.DisposeAsync();
        _scratch.Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_needs_to_be_built_when_the_node_runs_the_tree()
    {
        Assert.True(await IsSettled());
        _scratch.Write("src/A.cs", "class A2;");
        Assert.False(await IsSettled());
    }

    [Fact(Timeout = 60_000)]
    public async Task Tree_is_built_after_a_commit_without_an_edit_when_the_commit_is_built_in()
    {
        await Git("init", "-q");
        await Git("commit", "-q", "--allow-empty", "-m", "First");
        var tree = KnownTree.Of(KnownTree.Load(_scratch.State)!.Inputs with { Heads = [Path.Combine(_scratch.Root, "src")] });
        tree.Save(_scratch.State);
        _node.Status = _node.Status with { SourceHash = tree.Hash(_scratch.Root) };
        await using var pipeline = Make("Debug");
        var learned = 0;
        pipeline.Learned = _ => learned++;
        Assert.True(await pipeline.HasNothingToBuild(TestContext.Current.CancellationToken));
        Assert.Equal(1, learned); // the files to watch may be others, as after a switch of branches

        await Git("commit", "-q", "--allow-empty", "-m", "Second");

        Assert.False(await pipeline.HasNothingToBuild(TestContext.Current.CancellationToken));
        string[] ofGit = [Path.Combine(_scratch.Root, ".git", "HEAD")];
        Assert.True(pipeline.AreOfGit(ofGit));
        Assert.False(pipeline.AreOfGit([.. ofGit, Path.Combine(_scratch.Root, "src/A.cs")]));

        Task Git(params string[] arguments) => Tests.Git.Shell.Git(_scratch.Root, ["-c", "user.name=Test", "-c", "user.email=test@example.org", .. arguments]);
    }

    [Fact(Timeout = 60_000)]
    public async Task Tree_is_built_when_the_node_runs_its_other_configuration()
    {
        await using var release = Make("Release");

        Assert.False(await release.IsSettled(TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 60_000)]
    public async Task Tree_that_was_rolled_back_from_does_not_come_back_until_it_changes()
    {
        var verdict = await _pipeline.Rollback(new RollbackOrder { Cause = "rollback", Release = _old.Id }, _events, TestContext.Current.CancellationToken);
        _node.Status = _node.Status with { SourceHash = _old.Manifest.SourceHash };

        Assert.Equal("committed", Assert.IsType<RollbackFinished>(verdict).Verdict);
        Assert.True(await IsSettled());
        _scratch.Write("src/A.cs", "class A2;");
        Assert.False(await IsSettled());
    }

    [Fact(Timeout = 60_000)]
    public async Task Rollback_goes_to_the_release_itself_when_deltas_have_come_since()
    {
        _node.Status = _node.Status with { Deltas = 2 };

        await _pipeline.Rollback(new RollbackOrder { Cause = "rollback" }, _events, TestContext.Current.CancellationToken);

        var (request, _) = Assert.Single(_node.Requests);
        Assert.Equal((_node.Status.Release, true), (request.Release, request.Rollback));
    }

    [Fact(Timeout = 60_000)]
    public async Task Change_that_is_owed_is_tried_when_the_tree_needs_a_build_and_nobody_stands_against_it()
    {
        Assert.Equal(Owing.Nothing, await Owes("main"));
        _scratch.Write("src/A.cs", "class A2;");
        Assert.Equal(Owing.Now, await Owes("main"));

        new Freeze("ann", DateTimeOffset.UnixEpoch, null).Begin(_scratch.State);
        Assert.Equal(Owing.NotYet, await Owes("main"));
        Freeze.End(_scratch.State);
        Assert.Equal(Owing.Now, await Owes("main"));

        await _node.DisposeAsync();
        Assert.Equal(Owing.NotYet, await Owes("main")); // somebody may have stopped it
        Assert.Equal(Owing.Now, await Owes()); // it had not even started
    }

    [Fact(Timeout = 60_000)]
    public async Task Change_is_owed_no_more_when_somebody_has_rolled_back_since()
    {
        _node.Status = _node.Status with { Deltas = 2 };
        _scratch.Write("src/New.cs", "class New;"); // which no build knows: the tree cannot be named
        var came = DateTimeOffset.UtcNow;
        Assert.Equal(Owing.Now, await _pipeline.Owes(["main"], came, TestContext.Current.CancellationToken));

        await _pipeline.Rollback(new RollbackOrder { Cause = "rollback" }, _events, TestContext.Current.CancellationToken);

        Assert.Equal(Owing.Nothing, await _pipeline.Owes(["main"], came, TestContext.Current.CancellationToken));
        Assert.Equal(Owing.Now, await _pipeline.Owes(["main"], DateTimeOffset.UtcNow.AddMinutes(1), TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 60_000)]
    public async Task Way_to_the_node_is_open_when_the_save_settles_that_was_seen_to_begin()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The test listens on a socket.");
        var rendezvous = RendezvousFile.Read(_scratch.State, "main")! with { Address = Path.Combine(_scratch.State.Run, "test.sock") };
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(rendezvous.Address));
        listener.Listen();
        await File.WriteAllBytesAsync(_scratch.State.Rendezvous("main"), JsonSerializer.SerializeToUtf8Bytes(rendezvous, ControlJson.Default.Rendezvous), TestContext.Current.CancellationToken);

        _pipeline.Anticipate();

        using var connection = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        using var reader = new StreamReader(new NetworkStream(connection));
        Assert.Equal("GET /v1/nonce HTTP/1.1", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 60_000)]
    public async Task Save_that_begins_without_a_node_is_no_failure()
    {
        await _node.DisposeAsync();

        _pipeline.Anticipate();

        await _link.MakeReady(TestContext.Current.CancellationToken);
        Assert.False(await IsSettled());
    }

    [Fact(Timeout = 60_000)]
    public async Task Tree_is_built_when_its_node_does_not_say_what_it_runs()
    {
        Assert.True(await IsSettled());
        _node.CutsOffStatus = true;
        Assert.False(await IsSettled());
    }

    [Fact(Timeout = 60_000)]
    public async Task Tree_is_built_when_no_node_runs_it()
    {
        await _node.DisposeAsync();
        Assert.False(await IsSettled());
    }

    [Fact(Timeout = 60_000)]
    public async Task Rollback_to_what_is_not_there_is_refused_with_the_remedy()
    {
        var verdict = Assert.IsType<ReloadRefused>(await _pipeline.Rollback(new RollbackOrder { Cause = "rollback", Release = "r999999" }, _events, TestContext.Current.CancellationToken));

        Assert.NotEmpty(verdict.Problems);
        Assert.Equal((_node.Status.Version, true), (verdict.Version, verdict.NoSuchRelease));
        Assert.Empty(_node.Requests);
        var remembered = Assert.Single(new History(_scratch.State, TimeProvider.System, NullLogger<History>.Instance).Read());
        Assert.Equal(("rollback", "refused"), (remembered.Cause, remembered.Verdict));
    }

    [Fact(Timeout = 60_000)]
    public async Task Rollback_whose_outcome_is_not_known_is_told_so_and_what_it_left_does_not_come_back_by_itself()
    {
        _node.CutsOff = true;
        _node.Answer = (node, request) =>
        {
            node.Status = node.Status with { Instance = "i2" }; // it was started again meanwhile
            return FakeNode.Commit(node, request);
        };

        var verdict = await _pipeline.Rollback(new RollbackOrder { Cause = "rollback", Release = _old.Id }, _events, TestContext.Current.CancellationToken);

        Assert.Equal("unknown", Assert.IsType<RollbackFinished>(verdict).Verdict);
        Assert.Equal(ExitCode.NoNode, ExitCode.Of(verdict));
        Assert.True(await IsSettled());
    }

    [Fact(Timeout = 60_000)]
    public async Task Rollback_without_a_node_says_that_there_is_none_and_nothing_was_left()
    {
        await _node.DisposeAsync();

        var named = await _pipeline.Rollback(new RollbackOrder { Release = _old.Id }, _events, TestContext.Current.CancellationToken);
        var unnamed = await _pipeline.Rollback(new RollbackOrder(), _events, TestContext.Current.CancellationToken);

        Assert.Equal("noNode", Assert.IsType<RollbackFinished>(named).Verdict);
        Assert.Equal((ExitCode.NoNode, ExitCode.NoNode), (ExitCode.Of(named), ExitCode.Of(unnamed)));
        Assert.Contains("No node runs", Assert.Single(Assert.IsType<ReloadRefused>(unnamed).Problems));
        Assert.Null(new RolledBack(_scratch.State).Latest);
    }

    [Fact(Timeout = 60_000)]
    public async Task Packages_are_read_again_when_a_node_has_refused()
    {
        var release = await StagedRelease.Stage(_scratch, "packed", package: "package");
        var file = Path.Combine(_scratch.State.PackageSet(release.Manifest.Packages!.Hash), "Some.Package.dll");
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        Assert.True(_releases.IsWhole(release, TestContext.Current.CancellationToken));
        File.SetAttributes(file, FileAttributes.Normal);
        await File.WriteAllTextAsync(file, "PACKAGE", TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        Assert.True(_releases.IsWhole(release, TestContext.Current.CancellationToken)); // it looks as it did
        _node.Answer = (node, request) => FakeNode.Refuse("Some.Package.dll was changed.")(node, request) with { Transient = true };

        await _pipeline.Rollback(new RollbackOrder { Release = release.Id }, _events, TestContext.Current.CancellationToken);

        Assert.False(_releases.IsWhole(release, TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 60_000)]
    public void Rollback_to_what_is_not_there_is_known_to_come_to_nothing()
    {
        Assert.True(Attempts.Of(new RollbackOrder { Release = "r999999" }, _pipeline).IsVain);
        Assert.False(Attempts.Of(new RollbackOrder { Release = _old.Id }, _pipeline).IsVain);
        Assert.False(Attempts.Of(new RollbackOrder(), _pipeline).IsVain);
    }

    [Fact(Timeout = 60_000)]
    public async Task Reload_ends_with_the_refusal_of_git_when_that_cannot_read_the_checkout()
    {
        using var sandbox = await GitSandbox.Create();
        await File.WriteAllTextAsync(sandbox.At("live/.git/index"), "no index", TestContext.Current.CancellationToken);
        await using var pipeline = Make("Release", checkout: await sandbox.Checkout());

        var verdict = await Attempts.Of(new ReloadOrder(), pipeline).Work(_events, TestContext.Current.CancellationToken);

        Assert.Contains("index", Assert.IsType<GitRefused>(verdict).Cause);
        Assert.Equal(verdict, Assert.Single(_events.All));
        var remembered = Assert.Single(new History(_scratch.State, TimeProvider.System, NullLogger<History>.Instance).Read());
        Assert.Equal(("reload", "gitRefused"), (remembered.Cause, remembered.Verdict));
    }

    [Fact(Timeout = 60_000)]
    public async Task Trial_that_was_not_passed_is_told_and_recorded_once_when_the_node_tells_it_again()
    {
        var passed = new TrialEnd { Release = _old.Id, Version = 1, Outcome = TrialOutcome.Passed, Serves = 1, Time = DateTimeOffset.UnixEpoch };
        var back = passed with { Version = 2, Outcome = TrialOutcome.TakenBack, Serves = 3, Time = DateTimeOffset.UnixEpoch.AddSeconds(1), Problems = ["5 actors failed"] };
        var kept = back with { Version = 4, Outcome = TrialOutcome.Kept, Serves = 4, Time = DateTimeOffset.UnixEpoch.AddSeconds(2) };
        _node.Trials = [passed, back, kept];
        var seat = new NodeSeat(_link, new NodeDelivery(_link, new Fence(_scratch.State, "main", TimeProvider.System), TimeProvider.System), null);

        await _pipeline.FollowTrials(seat, TestContext.Current.CancellationToken);
        await _pipeline.FollowTrials(seat, TestContext.Current.CancellationToken);

        Assert.Collection(
            _events.All,
            e => Assert.Equal((true, 3, _old.Id), (Assert.IsType<ReloadRefused>(e).TakenBack, ((ReloadRefused)e).Version, ((ReloadRefused)e).Release)),
            e => Assert.Equal((4, _old.Id), (Assert.IsType<TrialFailed>(e).Version, ((TrialFailed)e).Release)));
        var history = new History(_scratch.State, TimeProvider.System, NullLogger<History>.Instance).Read();
        Assert.Equal([("probation", "trialFailed", _old.Manifest.ContentHash), ("probation", "takenBack", _old.Manifest.ContentHash)], history.Select(e => (e.Cause, e.Verdict, e.ContentHash!)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Bad_content_is_refused_unless_the_node_runs_it_already()
    {
        await File.WriteAllTextAsync(_scratch.State.Bad, _old.Manifest.ContentHash + "\n", TestContext.Current.CancellationToken);

        var refused = await _pipeline.Rollback(new RollbackOrder { Release = _old.Id }, _events, TestContext.Current.CancellationToken);
        Assert.Equal("refused", Assert.IsType<RollbackFinished>(refused).Verdict);
        Assert.Empty(_node.Requests);

        _node.Status = _node.Status with { ContentHash = _old.Manifest.ContentHash };
        _node.Answer = (node, request) => new ReloadReport { Verdict = ReloadVerdict.Unchanged, Release = request.Release, Version = node.Status.Version };
        var unchanged = await _pipeline.Rollback(new RollbackOrder { Release = _old.Id }, _events, TestContext.Current.CancellationToken);
        Assert.Equal("unchanged", Assert.IsType<RollbackFinished>(unchanged).Verdict);
    }

    [Fact(Timeout = 60_000)]
    public async Task Release_that_is_owed_for_deltas_is_built_when_edits_pause_though_the_tree_needs_no_build()
    {
        var time = new FakeTime();
        await using var pipeline = OwingNode(time);

        Assert.True(await pipeline.HasNothingToBuild(TestContext.Current.CancellationToken));
        await time.Armed(EditsPause);
        Assert.Empty(_events.All);
        time.Advance(EditsPause);

        await _events.Next<BuildFailed>();
    }

    [Theory(Timeout = 60_000)]
    [InlineData("src/A.cs")]
    [InlineData("src/B.cs")]
    public async Task Release_is_owed_still_when_the_tree_was_saved_and_the_save_undone_before_anybody_noticed(string file)
    {
        var time = new FakeTime();
        await using var pipeline = OwingNode(time);
        Assert.True(await pipeline.HasNothingToBuild(TestContext.Current.CancellationToken));
        await time.Armed(EditsPause);
        _scratch.Write(file, "class A2;");
        var again = time.ArmedAnew(2 * EditsPause);

        time.Advance(EditsPause);
        await again.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Empty(_events.All);
        if (file == "src/A.cs")
            _scratch.Write(file, "class A;");
        else
            File.Delete(Path.Combine(_scratch.Root, file));
        time.Advance(2 * EditsPause);

        await _events.Next<BuildFailed>();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_build_tells_whether_a_file_belongs_to_the_tree_that_came_and_that_nobody_brings()
    {
        var time = new FakeTime();
        await using var pipeline = OwingNode(time);
        Assert.True(await pipeline.HasNothingToBuild(TestContext.Current.CancellationToken));
        await time.Armed(EditsPause);
        _scratch.Write("src/B.cs", "class B;");

        foreach (var tries in (int[])[1, 2])
        {
            var again = time.ArmedAnew((1 << tries) * EditsPause);
            time.Advance((1 << (tries - 1)) * EditsPause);
            await again.WaitAsync(TestContext.Current.CancellationToken);
            Assert.Empty(_events.All);
        }

        time.Advance(4 * EditsPause);

        await _events.Next<BuildFailed>();
    }

    [Fact(Timeout = 60_000)]
    public async Task What_waits_for_edits_to_pause_is_done_all_the_same_when_a_rollback_is_refused()
    {
        var time = new FakeTime();
        await using var pipeline = OwingNode(time);
        Assert.True(await pipeline.HasNothingToBuild(TestContext.Current.CancellationToken));
        await time.Armed(EditsPause);
        _node.Answer = FakeNode.Refuse("not now");
        var again = time.ArmedAnew(EditsPause);

        var verdict = await pipeline.Rollback(new RollbackOrder { Cause = "rollback", Release = _old.Id }, _events, TestContext.Current.CancellationToken);

        Assert.Equal("refused", Assert.IsType<RollbackFinished>(verdict).Verdict);
        await again.WaitAsync(TestContext.Current.CancellationToken);
        time.Advance(EditsPause);
        await _events.Next<BuildFailed>();
    }

    /// <summary>Its node has the tree by deltas; a build is told of at once, as there is no room for a release.</summary>
    private Pipeline OwingNode(FakeTime time)
    {
        _node.Status = _node.Status with { Deltas = 2 };
        return Make("Debug", time, minimumFreeSpace: long.MaxValue);
    }

    private Pipeline Make(string configuration, TimeProvider? time = null, long minimumFreeSpace = 0, GitCheckout? checkout = null) => new(
        new PipelineSettings { State = _scratch.State, Root = _scratch.Root, Checkout = checkout, Project = Path.Combine(_scratch.Root, "src/S.csproj"), Configuration = configuration, MinimumFreeSpace = minimumFreeSpace },
        _builder,
        _releases,
        new History(_scratch.State, TimeProvider.System, NullLogger<History>.Instance),
        [new NodeSeat(_link, new NodeDelivery(_link, new Fence(_scratch.State, "main", TimeProvider.System), TimeProvider.System), null)],
        _events,
        time ?? TimeProvider.System,
        NullLoggerFactory.Instance);

    private Task<Owing> Owes(params string[] ran) => _pipeline.Owes(ran, DateTimeOffset.MaxValue, TestContext.Current.CancellationToken);

    private Task<bool> IsSettled() => _pipeline.IsSettled(TestContext.Current.CancellationToken);
}
