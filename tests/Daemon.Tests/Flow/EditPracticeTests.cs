using WatchReload.Control;
using WatchReload.Daemon.Flow;
using WatchReload.Tests;

namespace WatchReload.Daemon.Tests.Flow;

/// <summary>Edits that nobody makes, and what else is done while nobody edits.</summary>
public sealed class EditPracticeTests : BuildStageBed
{
    [Fact(Timeout = 120_000)]
    public async Task Edits_that_nobody_makes_begin_when_all_is_warm()
    {
        var (released, has) = await Released();
        Practice(released, has, TimeProvider.System);
        var asked = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        Bed.Node.Before = request =>
        {
            if (request.Cause != "warmup")
                asked.TrySetResult(request.Cause);
            return Task.CompletedTask;
        };
        await using var pipeline = Bed.Make("Debug", builder: Builder, deltas: true);

        pipeline.Beforehand.WarmUp(Task.CompletedTask);
        Assert.Equal("practice", await asked.Task.WaitAsync(TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 120_000)]
    public async Task Releases_beyond_those_that_are_kept_go_after_one_more()
    {
        await Released();
        var pipeline = Bed.Make("Debug", builder: Builder, keep: 1);
        Assert.True(Directory.Exists(Bed.Old.Directory));
        Write(body: 2, content: 2);
        await pipeline.Reload(new ReloadOrder { Cause = "reload" }, Bed.Events, TestContext.Current.CancellationToken);
        await pipeline.DisposeAsync(); // what is being removed is removed

        Assert.False(Directory.Exists(Bed.Old.Directory));
    }

    [Fact(Timeout = 120_000)]
    public async Task Edits_that_nobody_makes_go_to_builder_and_node_and_leave_nothing_behind()
    {
        var (released, has) = await Released();
        var log = await File.ReadAllTextAsync(released.Outcome.Log!, TestContext.Current.CancellationToken);
        await Practice(released, has, TimeProvider.System).Run(TestContext.Current.CancellationToken);

        Assert.Equal(40, Bed.Node.Requests.Count);
        Assert.All(Bed.Node.Requests, asked => Assert.Equal(("practice", "?rehearse=true", released.Release!.Id), (asked.Request.Cause, asked.Query, asked.Request.Release)));
        Assert.Equal(log, await File.ReadAllTextAsync(released.Outcome.Log!, TestContext.Current.CancellationToken));
        Write(body: 2, content: 1);
        Assert.Equal(1, Assert.Single((await Build(On(released, has))).Delta!.Value.Delta.Assemblies).Generation);
    }

    [Fact(Timeout = 120_000)]
    public async Task They_wait_while_somebody_edits()
    {
        var (released, has) = await Released();
        var (look, between) = (TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(20));
        var time = new FakeTime();
        var practice = Practice(released, has, time);
        Assert.True(await Stage.BuilderBecomesReady(TestContext.Current.CancellationToken)); // the builder's time is the real one
        var asked = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        Bed.Node.Before = _ =>
        {
            asked.TrySetResult(TimeSpan.FromTicks(time.GetTimestamp()));
            return Task.CompletedTask;
        };
        using var over = new CancellationTokenSource();
        practice.GiveWay();
        var run = practice.Run(over.Token);

        Assert.InRange(await time.PassUntil(asked.Task, look, between), TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(5));
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact(Timeout = 120_000)]
    public async Task They_end_when_the_node_takes_no_deltas()
    {
        var (released, has) = await Released();
        var time = new FakeTime();
        var practice = Practice(released, has, time);
        Bed.Node.Status = Bed.Node.Status with { Loaded = null };

        var run = practice.Run(TestContext.Current.CancellationToken).ContinueWith(_ => TimeSpan.FromTicks(time.GetTimestamp()), TaskScheduler.Default);
        Assert.Equal(TimeSpan.FromMilliseconds(250), await time.PassUntil(run, TimeSpan.FromMilliseconds(250)));
        Assert.Empty(Bed.Node.Requests);
    }

    private EditPractice Practice(BuildResult released, LoadedAssembly has, TimeProvider time)
    {
        Bed.Node.Status = Bed.Node.Status with { Release = released.Release!.Id, Loaded = [has] };
        Bed.Node.Answer = (node, request) => new ReloadReport { Verdict = ReloadVerdict.Unchanged, Release = request.Release, Version = node.Status.Version };
        return new EditPractice(Stage, On(released, has).Seat, Bed.Releases, time);
    }
}
