using WatchReload.Daemon.Events;
using WatchReload.Daemon.Flow;
using WatchReload.Tests;

namespace WatchReload.Daemon.Tests.Flow;

/// <summary>What is owed to a node, and brought later: a change that circumstances ended, the release of deltas.</summary>
public sealed class PipelineOwingTests : IAsyncLifetime
{
    private static readonly TimeSpan EditsPause = TimeSpan.FromSeconds(2);
    private PipelineBed _bed = null!;

    public async ValueTask InitializeAsync() => _bed = await PipelineBed.Create();

    public ValueTask DisposeAsync() => _bed.DisposeAsync();

    [Fact(Timeout = 60_000)]
    public async Task Change_that_is_owed_is_tried_when_the_tree_needs_a_build_and_nobody_stands_against_it()
    {
        Assert.Equal(Owing.Nothing, await Owes("main"));
        _bed.Scratch.Write("src/A.cs", "class A2;");
        Assert.Equal(Owing.Now, await Owes("main"));

        new Freeze("ann", DateTimeOffset.UnixEpoch, null).Begin(_bed.Scratch.State);
        Assert.Equal(Owing.NotYet, await Owes("main"));
        Freeze.End(_bed.Scratch.State);
        Assert.Equal(Owing.Now, await Owes("main"));

        await _bed.Node.DisposeAsync();
        Assert.Equal(Owing.NotYet, await Owes("main")); // somebody may have stopped it
        Assert.Equal(Owing.Now, await Owes()); // it had not even started
    }

    [Fact(Timeout = 60_000)]
    public async Task Change_is_owed_no_more_when_somebody_has_rolled_back_since()
    {
        _bed.Node.Status = _bed.Node.Status with { Deltas = 2 };
        _bed.Scratch.Write("src/New.cs", "class New;"); // which no build knows: the tree cannot be named
        var came = DateTimeOffset.UtcNow;
        Assert.Equal(Owing.Now, await _bed.Pipeline.Owes(["main"], came, TestContext.Current.CancellationToken));

        await _bed.Pipeline.Rollback(new RollbackOrder { Cause = "rollback" }, _bed.Events, TestContext.Current.CancellationToken);

        Assert.Equal(Owing.Nothing, await _bed.Pipeline.Owes(["main"], came, TestContext.Current.CancellationToken));
        Assert.Equal(Owing.Now, await _bed.Pipeline.Owes(["main"], DateTimeOffset.UtcNow.AddMinutes(1), TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 60_000)]
    public async Task Release_that_is_owed_for_deltas_is_built_when_edits_pause_though_the_tree_needs_no_build()
    {
        var time = new FakeTime();
        await using var pipeline = _bed.OwingNode(time);

        Assert.True(await pipeline.HasNothingToBuild(TestContext.Current.CancellationToken));
        await time.Armed(EditsPause);
        Assert.Empty(_bed.Events.All);
        time.Advance(EditsPause);

        await _bed.Events.Next<BuildFailed>();
    }

    [Theory(Timeout = 60_000)]
    [InlineData("src/A.cs")]
    [InlineData("src/B.cs")]
    public async Task Release_is_owed_still_when_the_tree_was_saved_and_the_save_undone_before_anybody_noticed(string file)
    {
        var time = new FakeTime();
        await using var pipeline = _bed.OwingNode(time);
        Assert.True(await pipeline.HasNothingToBuild(TestContext.Current.CancellationToken));
        await time.Armed(EditsPause);
        _bed.Scratch.Write(file, "class A2;");
        var again = time.ArmedAnew(2 * EditsPause);

        time.Advance(EditsPause);
        await again.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Empty(_bed.Events.All);
        if (file == "src/A.cs")
            _bed.Scratch.Write(file, "class A;");
        else
            File.Delete(Path.Combine(_bed.Scratch.Root, file));
        time.Advance(2 * EditsPause);

        await _bed.Events.Next<BuildFailed>();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_build_tells_whether_a_file_belongs_to_the_tree_that_came_and_that_nobody_brings()
    {
        var time = new FakeTime();
        await using var pipeline = _bed.OwingNode(time);
        Assert.True(await pipeline.HasNothingToBuild(TestContext.Current.CancellationToken));
        await time.Armed(EditsPause);
        _bed.Scratch.Write("src/B.cs", "class B;");

        foreach (var tries in (int[])[1, 2])
        {
            var again = time.ArmedAnew((1 << tries) * EditsPause);
            time.Advance((1 << (tries - 1)) * EditsPause);
            await again.WaitAsync(TestContext.Current.CancellationToken);
            Assert.Empty(_bed.Events.All);
        }

        time.Advance(4 * EditsPause);

        await _bed.Events.Next<BuildFailed>();
    }

    [Fact(Timeout = 60_000)]
    public async Task What_waits_for_edits_to_pause_is_done_all_the_same_when_a_rollback_is_refused()
    {
        var time = new FakeTime();
        await using var pipeline = _bed.OwingNode(time);
        Assert.True(await pipeline.HasNothingToBuild(TestContext.Current.CancellationToken));
        await time.Armed(EditsPause);
        _bed.Node.Answer = FakeNode.Refuse("not now");
        var again = time.ArmedAnew(EditsPause);

        var verdict = await pipeline.Rollback(new RollbackOrder { Cause = "rollback", Release = _bed.Old.Id }, _bed.Events, TestContext.Current.CancellationToken);

        Assert.Equal("refused", Assert.IsType<RollbackFinished>(verdict).Verdict);
        await again.WaitAsync(TestContext.Current.CancellationToken);
        time.Advance(EditsPause);
        await _bed.Events.Next<BuildFailed>();
    }

    private Task<Owing> Owes(params string[] ran) => _bed.Pipeline.Owes(ran, DateTimeOffset.MaxValue, TestContext.Current.CancellationToken);
}
