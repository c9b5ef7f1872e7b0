using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Control;
using WatchReload.Daemon.Cli;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Flow;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Tests.Flow;

/// <summary>Rollbacks, and what they leave.</summary>
public sealed class PipelineRollbackTests : IAsyncLifetime
{
    private PipelineBed _bed = null!;

    public async ValueTask InitializeAsync() => _bed = await PipelineBed.Create();

    public ValueTask DisposeAsync() => _bed.DisposeAsync();

    [Fact(Timeout = 60_000)]
    public async Task Tree_that_was_rolled_back_from_does_not_come_back_until_it_changes()
    {
        var verdict = await _bed.Pipeline.Rollback(new RollbackOrder { Cause = "rollback", Release = _bed.Old.Id }, _bed.Events, TestContext.Current.CancellationToken);
        _bed.Node.Status = _bed.Node.Status with { SourceHash = _bed.Old.Manifest.SourceHash };

        Assert.Equal("committed", Assert.IsType<RollbackFinished>(verdict).Verdict);
        Assert.True(await _bed.IsSettled());
        _bed.Scratch.Write("src/A.cs", "class A2;");
        Assert.False(await _bed.IsSettled());
    }

    [Fact(Timeout = 60_000)]
    public async Task Node_that_died_on_trial_is_told_of_once_as_dead()
    {
        var end = new TrialEnd { Release = _bed.Old.Id, Version = 0, Outcome = TrialOutcome.TakenBack, Serves = 1, Time = DateTimeOffset.UnixEpoch, Problems = ["The node died."] };
        _bed.Node.Status = _bed.Node.Status with { LastTrial = end };
        _bed.Node.Trials = [end];

        await Task.WhenAll(_bed.Pipeline.Began(_bed.Node.Status), _bed.Pipeline.Began(_bed.Node.Status));

        var refused = Assert.IsType<ReloadRefused>(Assert.Single(_bed.Events.All));
        Assert.Equal((true, true, _bed.Old.Id), (refused.TakenBack, refused.Died, refused.Release));
        Assert.Single(new History(_bed.Scratch.State, TimeProvider.System, NullLogger<History>.Instance).Read());
    }

    [Fact(Timeout = 60_000)]
    public async Task History_has_the_content_that_did_not_pass_its_trial_not_that_of_the_release_that_deltas_came_to()
    {
        var end = new TrialEnd { Release = _bed.Old.Id, ContentHash = "tree", Version = 2, Outcome = TrialOutcome.TakenBack, Serves = 3, Time = DateTimeOffset.UnixEpoch };

        await _bed.Pipeline.Began(_bed.Node.Status with { LastTrial = end });
        await _bed.Pipeline.Began(_bed.Node.Status with { LastTrial = end with { ContentHash = null, Version = 0, Time = DateTimeOffset.UnixEpoch.AddHours(1) } });

        var history = new History(_bed.Scratch.State, TimeProvider.System, NullLogger<History>.Instance).Read();
        Assert.Equal([_bed.Old.Manifest.ContentHash, "tree"], history.Select(entry => entry.ContentHash));
    }

    [Fact(Timeout = 60_000)]
    public async Task Rollback_goes_to_the_release_itself_when_deltas_have_come_since()
    {
        _bed.Node.Status = _bed.Node.Status with { Deltas = 2 };

        await _bed.Pipeline.Rollback(new RollbackOrder { Cause = "rollback" }, _bed.Events, TestContext.Current.CancellationToken);

        var (request, _) = Assert.Single(_bed.Node.Requests);
        Assert.Equal((_bed.Node.Status.Release, true), (request.Release, request.Rollback));
    }

    [Fact(Timeout = 60_000)]
    public async Task Rollback_goes_to_what_served_though_another_process_started_it_and_not_to_what_was_refused()
    {
        var refused = _bed.Node.Status.Release;
        var third = await StagedRelease.Stage(_bed.Scratch, "third");
        _bed.Node.Status = _bed.Node.Status with { Release = _bed.Old.Id };
        _bed.Node.Answer = FakeNode.Refuse("no");
        await _bed.Pipeline.Rollback(new RollbackOrder { Cause = "pull", Release = refused }, _bed.Events, TestContext.Current.CancellationToken);
        _bed.Node.Answer = FakeNode.Commit;
        await _bed.Pipeline.Rollback(new RollbackOrder { Cause = "pull", Release = third.Id }, _bed.Events, TestContext.Current.CancellationToken);

        await _bed.Pipeline.Rollback(new RollbackOrder { Cause = "rollback" }, _bed.Events, TestContext.Current.CancellationToken);

        Assert.Equal([refused, third.Id, _bed.Old.Id], _bed.Node.Requests.Select(r => r.Request.Release));
        var history = new History(_bed.Scratch.State, TimeProvider.System, NullLogger<History>.Instance).Read();
        Assert.Equal([("start", "started", _bed.Old.Id), ("pull", "refused", refused), ("pull", "committed", third.Id), ("rollback", "committed", _bed.Old.Id)], history.Reverse().Select(e => (e.Cause, e.Verdict, e.Release)));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_came_of_a_delivery_is_remembered_though_it_was_given_up_when_it_was_at_the_node()
    {
        using var giveUp = new CancellationTokenSource();
        _bed.Node.Before = _ => giveUp.CancelAsync();

        var verdict = await _bed.Pipeline.Rollback(new RollbackOrder { Cause = "rollback", Release = _bed.Old.Id }, _bed.Events, giveUp.Token);

        Assert.Equal("committed", Assert.IsType<RollbackFinished>(verdict).Verdict);
        Assert.Equal(("rollback", "committed", _bed.Old.Id), new History(_bed.Scratch.State, TimeProvider.System, NullLogger<History>.Instance).Read(1).Select(e => (e.Cause, e.Verdict, e.Release)).Single());
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_delivered_that_was_given_up_before()
    {
        using var giveUp = new CancellationTokenSource();
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _bed.Pipeline.Rollback(new RollbackOrder { Cause = "rollback", Release = _bed.Old.Id }, _bed.Events, giveUp.Token));

        Assert.Empty(_bed.Node.Requests);
    }

    [Fact(Timeout = 60_000)]
    public async Task Rollback_to_what_is_not_there_is_refused_with_the_remedy()
    {
        var verdict = Assert.IsType<ReloadRefused>(await _bed.Pipeline.Rollback(new RollbackOrder { Cause = "rollback", Release = "r999999" }, _bed.Events, TestContext.Current.CancellationToken));

        Assert.NotEmpty(verdict.Problems);
        Assert.Equal((_bed.Node.Status.Version, true), (verdict.Version, verdict.NoSuchRelease));
        Assert.Empty(_bed.Node.Requests);
        var remembered = Assert.Single(new History(_bed.Scratch.State, TimeProvider.System, NullLogger<History>.Instance).Read());
        Assert.Equal(("rollback", "refused"), (remembered.Cause, remembered.Verdict));
    }

    [Fact(Timeout = 60_000)]
    public async Task Rollback_whose_outcome_is_not_known_is_told_so_and_what_it_left_does_not_come_back_by_itself()
    {
        _bed.Node.CutsOff = true;
        _bed.Node.Answer = (node, request) =>
        {
            node.Status = node.Status with { Instance = "i2" }; // it was started again meanwhile
            return FakeNode.Commit(node, request);
        };

        var verdict = await _bed.Pipeline.Rollback(new RollbackOrder { Cause = "rollback", Release = _bed.Old.Id }, _bed.Events, TestContext.Current.CancellationToken);

        Assert.Equal("unknown", Assert.IsType<RollbackFinished>(verdict).Verdict);
        Assert.Equal(ExitCode.NoNode, ExitCode.Of(verdict));
        Assert.True(await _bed.IsSettled());
    }

    [Fact(Timeout = 60_000)]
    public async Task Rollback_without_a_node_says_that_there_is_none_and_nothing_was_left()
    {
        await _bed.Node.DisposeAsync();

        var named = await _bed.Pipeline.Rollback(new RollbackOrder { Release = _bed.Old.Id }, _bed.Events, TestContext.Current.CancellationToken);
        var unnamed = await _bed.Pipeline.Rollback(new RollbackOrder(), _bed.Events, TestContext.Current.CancellationToken);

        Assert.Equal("noNode", Assert.IsType<RollbackFinished>(named).Verdict);
        Assert.Equal((ExitCode.NoNode, ExitCode.NoNode), (ExitCode.Of(named), ExitCode.Of(unnamed)));
        Assert.Contains("No node runs", Assert.Single(Assert.IsType<ReloadRefused>(unnamed).Problems));
        Assert.Null(new RolledBack(_bed.Scratch.State).Latest);
    }

    [Fact(Timeout = 60_000)]
    public async Task Packages_are_read_again_when_a_node_has_refused()
    {
        var release = await StagedRelease.Stage(_bed.Scratch, "packed", package: "package");
        var file = Path.Combine(_bed.Scratch.State.PackageSet(release.Manifest.Packages!.Hash), "Some.Package.dll");
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        Assert.True(_bed.Releases.IsWhole(release, TestContext.Current.CancellationToken));
        File.SetAttributes(file, FileAttributes.Normal);
        await File.WriteAllTextAsync(file, "PACKAGE", TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        Assert.True(_bed.Releases.IsWhole(release, TestContext.Current.CancellationToken)); // it looks as it did
        _bed.Node.Answer = (node, request) => FakeNode.Refuse("Some.Package.dll was changed.")(node, request) with { Transient = true };

        await _bed.Pipeline.Rollback(new RollbackOrder { Release = release.Id }, _bed.Events, TestContext.Current.CancellationToken);

        Assert.False(_bed.Releases.IsWhole(release, TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 60_000)]
    public void Rollback_to_what_is_not_there_is_known_to_come_to_nothing()
    {
        Assert.True(Attempts.Of(new RollbackOrder { Release = "r999999" }, _bed.Pipeline).IsVain);
        Assert.False(Attempts.Of(new RollbackOrder { Release = _bed.Old.Id }, _bed.Pipeline).IsVain);
        Assert.False(Attempts.Of(new RollbackOrder(), _bed.Pipeline).IsVain);
    }

    [Fact(Timeout = 60_000)]
    public async Task Bad_content_is_refused_unless_the_node_runs_it_already()
    {
        await File.WriteAllTextAsync(_bed.Scratch.State.Bad, _bed.Old.Manifest.ContentHash + "\n", TestContext.Current.CancellationToken);

        var refused = await _bed.Pipeline.Rollback(new RollbackOrder { Release = _bed.Old.Id }, _bed.Events, TestContext.Current.CancellationToken);
        Assert.Equal("refused", Assert.IsType<RollbackFinished>(refused).Verdict);
        Assert.Empty(_bed.Node.Requests);

        _bed.Node.Status = _bed.Node.Status with { ContentHash = _bed.Old.Manifest.ContentHash };
        _bed.Node.Answer = (node, request) => new ReloadReport { Verdict = ReloadVerdict.Unchanged, Release = request.Release, Version = node.Status.Version };
        var unchanged = await _bed.Pipeline.Rollback(new RollbackOrder { Release = _bed.Old.Id }, _bed.Events, TestContext.Current.CancellationToken);
        Assert.Equal("unchanged", Assert.IsType<RollbackFinished>(unchanged).Verdict);
    }
}
