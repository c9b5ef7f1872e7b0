using WatchReload.Daemon.Events;
using WatchReload.Daemon.Flow;

namespace WatchReload.Daemon.Tests.Flow;

public sealed class AttemptQueueTests
{
    private readonly EventLog _all = new();
    private readonly TaskCompletionSource _go = new();
    private readonly TaskCompletionSource _started = new();
    private readonly List<string> _done = [];

    [Fact(Timeout = 60_000)]
    public async Task Only_the_newest_of_several_waiting_is_done_and_answers_the_others()
    {
        await using var queue = new AttemptQueue(_all, TimeProvider.System);
        var first = queue.Submit(Deploy("first"));
        await _started.Task;
        var told = new EventLog();
        var second = queue.Submit(Deploy("second"), told);
        var third = queue.Submit(Deploy("third"));
        _go.SetResult();

        Assert.Equal("first", Release(await first));
        Assert.Equal("third", Release(await third));
        Assert.Equal("third", Release(await second));
        Assert.Equal(["first", "third"], _done);
        Assert.Equal(["ReloadSuperseded", "ReloadCommitted"], told.All.Select(e => e.GetType().Name));
    }

    [Fact(Timeout = 60_000)]
    public async Task Superseded_is_the_verdict_when_the_newer_one_is_of_another_kind()
    {
        await using var queue = new AttemptQueue(_all, TimeProvider.System);
        var running = queue.Submit(Deploy("running"));
        await _started.Task;
        var remembered = new List<string>();
        var deploy = queue.Submit(Deploy("deploy") with { WhenSuperseded = Remember("deploy") });
        var later = queue.Submit(Deploy("later") with { WhenSuperseded = Remember("later") });
        var rollback = queue.Submit(Of(AttemptKind.Rollback, "rollback", new RollbackOrder { Cause = "rollback" }));
        _go.SetResult();

        Assert.Equal("rollback", Assert.IsType<ReloadSuperseded>(await deploy).By);
        Assert.Equal("rollback", Assert.IsType<ReloadSuperseded>(await later).By);
        Assert.Equal("rollback", Release(await rollback));
        Assert.Equal("running", Release(await running));
        Assert.Equal(["running", "rollback"], _done);
        Assert.Equal(["deploy by later", "later by rollback"], remembered);

        Func<ReloadSuperseded, Task> Remember(string name) => superseded =>
        {
            remembered.Add($"{name} by {superseded.By}");
            return Task.CompletedTask;
        };
    }

    [Fact(Timeout = 60_000)]
    public async Task Whoever_joins_has_the_events_so_far_and_the_verdict()
    {
        await using var queue = new AttemptQueue(_all, TimeProvider.System);
        Assert.Null(queue.Attach(new EventLog()));
        var told = new EventLog();
        var running = queue.Submit(new Attempt(AttemptKind.Deploy, new ReloadOrder(), async (events, _) =>
        {
            events.Emit(new BuildStarted("reload", "S.csproj", "Release"));
            _started.SetResult();
            await _go.Task;
            var verdict = new ReloadUnchanged("main", 1, "r000001");
            events.Emit(verdict);
            return verdict;
        }));
        await _started.Task;

        var attached = queue.Attach(told);
        Assert.NotNull(attached);
        Assert.Equal(["BuildStarted"], told.All.Select(e => e.GetType().Name));
        _go.SetResult();

        Assert.Equal(await running, await attached);
        Assert.Equal(["BuildStarted", "ReloadUnchanged"], told.All.Select(e => e.GetType().Name));
        Assert.Null(queue.Attach(told));
    }

    [Fact(Timeout = 60_000)]
    public async Task Restart_waits_its_turn_and_overtakes_nothing()
    {
        await using var queue = new AttemptQueue(_all, TimeProvider.System);
        var running = queue.Submit(Deploy("running"));
        await _started.Task;
        var waiting = queue.Submit(Deploy("waiting"));
        var restart = queue.Submit(Of(AttemptKind.Restart, "restart", new RestartOrder { Cause = "restart" }));
        _go.SetResult();

        await Task.WhenAll(running, waiting, restart);
        Assert.Equal(["running", "waiting", "restart"], _done);
    }

    [Fact(Timeout = 60_000)]
    public async Task Rehearsals_neither_overtake_nor_are_overtaken()
    {
        await using var queue = new AttemptQueue(_all, TimeProvider.System);
        var running = queue.Submit(Deploy("running"));
        await _started.Task;
        var waiting = queue.Submit(Deploy("waiting"));
        var rehearsal = queue.Submit(Of(AttemptKind.Rehearsal, "rehearsal", new ReloadOrder { Rehearse = true }));
        var newest = queue.Submit(Deploy("newest"));
        _go.SetResult();

        await Task.WhenAll(running, waiting, rehearsal, newest);
        Assert.Equal(["running", "rehearsal", "newest"], _done);
    }

    [Fact(Timeout = 60_000)]
    public async Task One_for_other_nodes_is_not_overtaken()
    {
        await using var queue = new AttemptQueue(_all, TimeProvider.System);
        var running = queue.Submit(Deploy("running"));
        await _started.Task;
        var a = queue.Submit(Of(AttemptKind.Deploy, "a", new ReloadOrder { Nodes = ["a"] }));
        var b = queue.Submit(Of(AttemptKind.Deploy, "b", new ReloadOrder { Nodes = ["b"] }));
        _go.SetResult();

        await Task.WhenAll(running, a, b);
        Assert.Equal(["running", "a", "b"], _done);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("rollback", "poll")]
    [InlineData("rollback", "push")] // it may be refused, as deploys are frozen or it does not build
    [InlineData("rollback", "reload --force")]
    [InlineData("rollback --force", "rollback")]
    [InlineData("reload", "poll")]
    [InlineData("reload", "pull")]
    [InlineData("reload", "updated checkout")]
    [InlineData("pull --force", "poll")]
    [InlineData("pull --force", "push")]
    [InlineData("reload --force", "reload")]
    [InlineData("push", "reload")] // which does not pull
    public async Task What_waits_is_done_when_the_newer_one_need_not_bring_it(string waiting, string newer)
    {
        await using var queue = new AttemptQueue(_all, TimeProvider.System);
        var running = queue.Submit(Deploy("running"));
        await _started.Task;
        var older = queue.Submit(Named(waiting));
        var later = queue.Submit(Named(newer));
        _go.SetResult();

        Assert.Equal(waiting, Release(await older));
        Assert.Equal(newer, Release(await later));
        await running;
        Assert.Equal(["running", waiting, newer], _done);
        Assert.DoesNotContain(_all.All, e => e is ReloadSuperseded);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("reload", "reload")]
    [InlineData("updated checkout", "reload")]
    [InlineData("poll", "push")]
    [InlineData("push", "pull --force")]
    [InlineData("reload --force", "reload --force")]
    [InlineData("rollback", "rollback")]
    public async Task What_waits_is_answered_by_the_newer_one_that_brings_it_too(string waiting, string newer)
    {
        await using var queue = new AttemptQueue(_all, TimeProvider.System);
        var running = queue.Submit(Deploy("running"));
        await _started.Task;
        var older = queue.Submit(Named(waiting));
        var later = queue.Submit(Named(newer));
        _go.SetResult();

        Assert.Equal(await later, await older);
        await running;
        Assert.Equal(["running", newer], _done);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_known_to_come_to_nothing_overtakes_nothing()
    {
        await using var queue = new AttemptQueue(_all, TimeProvider.System);
        var running = queue.Submit(Deploy("running"));
        await _started.Task;
        var push = queue.Submit(Named("push"));
        var rollback = queue.Submit(Named("rollback") with { IsVain = true });
        _go.SetResult();

        await Task.WhenAll(running, push, rollback);
        Assert.Equal(["running", "push", "rollback"], _done);
    }

    [Fact(Timeout = 60_000)]
    public async Task Queue_goes_on_when_an_attempt_fails_by_a_defect()
    {
        await using var queue = new AttemptQueue(_all, TimeProvider.System);
        var defect = queue.Submit(new Attempt(AttemptKind.Deploy, new ReloadOrder(), (_, _) => throw new InvalidOperationException("defect")));
        await Assert.ThrowsAsync<InvalidOperationException>(() => defect);
        _go.SetResult();

        Assert.Equal("next", Release(await queue.Submit(Deploy("next"))));
    }

    [Fact(Timeout = 60_000)]
    public async Task Those_waiting_are_cancelled_when_the_queue_ends()
    {
        var queue = new AttemptQueue(_all, TimeProvider.System);
        var running = queue.Submit(new Attempt(AttemptKind.Deploy, new ReloadOrder(), async (_, cancellation) =>
        {
            _started.SetResult();
            await new TaskCompletionSource().Task.WaitAsync(cancellation);
            throw new InvalidOperationException("unreachable");
        }));
        await _started.Task;
        var waiting = queue.Submit(Deploy("waiting"));
        await queue.DisposeAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private Attempt Deploy(string name) => Of(AttemptKind.Deploy, name, new ReloadOrder { Cause = name });

    private Attempt Named(string name)
    {
        var force = name.EndsWith("--force", StringComparison.Ordinal);
        return name.Split(' ')[0] switch
        {
            "rollback" => Of(AttemptKind.Rollback, name, new RollbackOrder { Cause = "rollback", Force = force }),
            "poll" => Of(AttemptKind.Deploy, name, new PullOrder { Cause = "pull", By = "poll", OnlyNew = true }),
            "push" => Of(AttemptKind.Deploy, name, new PullOrder { Cause = "hook", Commit = "0123456789abcdef0123456789abcdef01234567" }),
            "pull" => Of(AttemptKind.Deploy, name, new PullOrder { Cause = "pull", Force = force }),
            "updated" => Of(AttemptKind.Deploy, name, new ReloadOrder { Cause = "hook", Commit = "0123456789abcdef0123456789abcdef01234567" }),
            _ => Of(AttemptKind.Deploy, name, new ReloadOrder { Cause = "reload", Force = force }),
        };
    }

    private Attempt Of(AttemptKind kind, string name, Order order) => new(kind, order, async (events, _) =>
    {
        _started.TrySetResult();
        await _go.Task;
        _done.Add(name);
        var verdict = new ReloadCommitted("main", 1, name);
        events.Emit(verdict);
        return verdict;
    });

    private static string Release(DaemonEvent verdict) => Assert.IsType<ReloadCommitted>(verdict).Release;
}
