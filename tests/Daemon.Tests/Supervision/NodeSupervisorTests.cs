using WatchReload.Daemon.Events;
using WatchReload.Daemon.Supervision;

namespace WatchReload.Daemon.Tests.Supervision;

public sealed class NodeSupervisorTests
{
    [Fact(Timeout = 60_000)]
    public async Task Serves_once_its_pipe_answers_with_a_version()
    {
        await using var stubs = new StubNodes();
        var supervisor = stubs.Supervise();

        var serving = await stubs.Start(supervisor);

        Assert.Equal((1, "r000002"), (serving.Status.Version, serving.Status.Release));
        Assert.True(supervisor.StartedHere);
    }

    [Fact(Timeout = 60_000)]
    public async Task Start_tells_the_nodes_own_reasons_when_it_cannot_serve()
    {
        await using var stubs = new StubNodes();

        var failed = Assert.IsType<NodeStart.Failed>(await stubs.Supervise("refuse").Start("r000002", TestContext.Current.CancellationToken));

        Assert.Equal(4, failed.ExitCode);
        Assert.Equal(["127.0.0.1:7000 is in use. Stop the other process, or set Chat:Endpoint."], failed.Problems);
        Assert.True(failed.Transient);
    }

    [Fact(Timeout = 60_000)]
    public async Task Start_tells_the_exit_code_when_the_node_gave_no_reason()
    {
        await using var stubs = new StubNodes();

        var failed = Assert.IsType<NodeStart.Failed>(await stubs.Supervise("crash").Start("r000002", TestContext.Current.CancellationToken));

        Assert.Contains("exit code 134", Assert.Single(failed.Problems));
    }

    [Fact(Timeout = 60_000)]
    public async Task Start_is_given_up_and_the_process_ended_when_it_never_serves()
    {
        await using var stubs = new StubNodes();
        var supervisor = stubs.Supervise("silent", startDeadline: TimeSpan.FromMilliseconds(300));

        var failed = Assert.IsType<NodeStart.Failed>(await supervisor.Start("r000002", TestContext.Current.CancellationToken));

        Assert.Contains("did not serve within", Assert.Single(failed.Problems));
        Assert.Null(Control.ProcessIdentity.Of(failed.Pid));
    }

    [Fact(Timeout = 60_000)]
    public async Task Restarted_on_its_own_choice_of_release_when_it_dies()
    {
        await using var stubs = new StubNodes();
        var first = await stubs.Start(stubs.Supervise());

        StubNodes.Kill(first.Process.Pid);

        var exited = await stubs.Events.Next<NodeExited>();
        Assert.Equal((first.Process.Pid, false), (exited.Pid, exited.Ordered));
        Assert.NotNull(exited.RestartInMs);
        var again = await stubs.Events.Next<NodeStarted>();
        Assert.NotEqual(first.Process.Pid, again.Pid);
        Assert.Equal(["r000002", "-"], stubs.Starts());
    }

    [Fact(Timeout = 60_000)]
    public async Task What_a_node_says_of_its_end_is_told_before_that_it_serves_again()
    {
        await using var stubs = new StubNodes();
        var supervisor = stubs.Supervise();
        var first = await stubs.Start(supervisor);
        supervisor.Began = status =>
        {
            stubs.Events.Emit(new TrialFailed(status.Node, status.Version, status.Release!, []));
            return Task.CompletedTask;
        };

        StubNodes.Kill(first.Process.Pid);
        await stubs.Events.Next<NodeStarted>();

        Assert.Equal([typeof(NodeExited), typeof(TrialFailed), typeof(NodeStarted)], stubs.Events.All.Select(happened => happened.GetType()));
    }

    [Fact(Timeout = 60_000)]
    public async Task Stays_down_when_it_was_stopped()
    {
        await using var stubs = new StubNodes();
        var supervisor = stubs.Supervise();
        await stubs.Start(supervisor);

        await supervisor.Stop();

        var exited = await stubs.Events.Next<NodeExited>();
        Assert.Equal((0, true, null), (exited.ExitCode, exited.Ordered, exited.RestartInMs));
        Assert.False(supervisor.IsAlive);
        Assert.Null(await supervisor.Start(null, TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 60_000)]
    public async Task Stays_down_and_tells_when_somebody_else_stopped_it()
    {
        await using var stubs = new StubNodes();
        var supervisor = stubs.Supervise();
        await stubs.Start(supervisor);

        using (var link = new Daemon.Delivery.NodeLink(stubs.Scratch.State, "main"))
            await link.Stop(TestContext.Current.CancellationToken);

        await supervisor.StoppedByOthers.Task;
        Assert.True((await stubs.Events.Next<NodeExited>()).Ordered);
    }

    [Fact(Timeout = 60_000)]
    public async Task Taken_up_and_watched_when_it_outlived_its_daemon()
    {
        await using var stubs = new StubNodes();
        var before = stubs.Supervise();
        var node = await stubs.Start(before);
        await before.DisposeAsync(); // a daemon that ends leaves it alone

        var after = stubs.Supervise();
        Assert.True(await after.Adopt(TestContext.Current.CancellationToken));

        var adopted = await stubs.Events.Next<NodeAdopted>();
        Assert.Equal((node.Process.Pid, "r000002"), (adopted.Pid, adopted.Release));
        Assert.False(after.StartedHere);
        StubNodes.Kill(adopted.Pid);
        Assert.NotEqual(adopted.Pid, (await stubs.Events.Next<NodeStarted>()).Pid);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("serve", 0)]
    [InlineData("policy", 1)]
    public async Task Started_again_when_it_was_taken_up_and_its_orderly_end_has_an_exit_code_that_says_so(string mode, int code)
    {
        await using var stubs = new StubNodes();
        var before = stubs.Supervise(mode);
        var node = await stubs.Start(before);
        await before.DisposeAsync();
        var after = stubs.Supervise();
        Assert.True(await after.Adopt(TestContext.Current.CancellationToken));

        using (var link = new Daemon.Delivery.NodeLink(stubs.Scratch.State, "main"))
            await link.Stop(TestContext.Current.CancellationToken);

        var exited = await stubs.Events.Next<NodeExited>();
        Assert.Equal((node.Process.Pid, code, code == 0), (exited.Pid, exited.ExitCode, exited.Ordered));
        if (code == 0)
            await after.StoppedByOthers.Task;
        else
            Assert.NotEqual(exited.Pid, (await stubs.Events.Next<NodeStarted>()).Pid);
    }

    [Fact(Timeout = 60_000)]
    public async Task Not_taken_up_when_what_it_left_behind_is_all_there_is()
    {
        await using var stubs = new StubNodes();
        var before = stubs.Supervise();
        var node = await stubs.Start(before);
        await before.DisposeAsync();
        StubNodes.Kill(node.Process.Pid);

        Assert.True(File.Exists(stubs.Scratch.State.Rendezvous("main")));
        Assert.False(await stubs.Supervise().Adopt(TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 60_000)]
    public async Task Tried_again_when_what_prevents_its_start_is_gone()
    {
        await using var stubs = new StubNodes();
        var first = await stubs.Start(stubs.Supervise());
        var inTheWay = Path.Combine(stubs.Scratch.State.NodeDirectory("main"), "fallback");
        Directory.CreateDirectory(inTheWay);
        StubNodes.Kill(first.Process.Pid);
        await stubs.Events.Next<NodeExited>();

        var failed = await stubs.Events.Next<NodeExited>();
        Directory.Delete(inTheWay);

        Assert.Contains("Node main could not be started", Assert.Single(failed.Problems));
        Assert.NotNull(failed.RestartInMs);
        Assert.NotEqual(first.Process.Pid, (await stubs.Events.Next<NodeStarted>()).Pid);
    }

    [Fact(Timeout = 60_000)]
    public async Task Told_that_it_serves_again_though_that_cannot_be_remembered()
    {
        await using var stubs = new StubNodes();
        var supervisor = stubs.Supervise();
        supervisor.Revived = _ => throw new IOException("No space left on device");
        var first = await stubs.Start(supervisor);

        StubNodes.Kill(first.Process.Pid);

        Assert.NotEqual(first.Process.Pid, (await stubs.Events.Next<NodeStarted>()).Pid);
    }

    [Fact(Timeout = 60_000)]
    public async Task Brought_back_when_its_restart_failed_after_it_was_stopped()
    {
        await using var stubs = new StubNodes();
        var supervisor = stubs.Supervise();
        var first = await stubs.Start(supervisor);

        await Assert.ThrowsAsync<IOException>(() => supervisor.Restart(null, new Gone(), TestContext.Current.CancellationToken));

        Assert.NotEqual(first.Process.Pid, (await stubs.Events.Next<NodeStarted>()).Pid);
        Assert.False(supervisor.StoppedByOthers.Task.IsCompleted); // run goes on
        await supervisor.Stop();
    }

    [Fact(Timeout = 60_000)]
    public async Task Restarted_when_it_was_taken_up_and_dies_with_its_rendezvous_damaged()
    {
        await using var stubs = new StubNodes();
        var before = stubs.Supervise();
        var node = await stubs.Start(before);
        await before.DisposeAsync();
        var after = stubs.Supervise();
        Assert.True(await after.Adopt(TestContext.Current.CancellationToken));
        await File.WriteAllTextAsync(stubs.Scratch.State.Rendezvous("main"), "{", TestContext.Current.CancellationToken);

        StubNodes.Kill(node.Process.Pid);

        Assert.NotEqual(node.Process.Pid, (await stubs.Events.Next<NodeStarted>()).Pid);
    }

    [Fact(Timeout = 60_000)]
    public async Task Not_started_again_and_ended_with_what_started_it_though_it_was_dead_at_that_moment()
    {
        await using var stubs = new StubNodes();
        var supervisor = stubs.Supervise();
        StubNodes.Kill((await stubs.Start(supervisor)).Process.Pid);
        await stubs.Events.Next<NodeExited>();

        await supervisor.StopIfStartedHere();

        Assert.Null(await supervisor.Start(null, TestContext.Current.CancellationToken));
        Assert.False(supervisor.IsAlive);
    }

    [Fact(Timeout = 60_000)]
    public async Task Ended_with_what_started_it_though_it_was_just_starting()
    {
        await using var stubs = new StubNodes();
        var supervisor = stubs.Supervise();
        var starting = supervisor.Start("r000002", TestContext.Current.CancellationToken);

        await supervisor.StopIfStartedHere();

        stubs.Remember(Assert.IsType<NodeStart.Serving>(await starting));
        Assert.False(supervisor.IsAlive);
    }

    [Fact(Timeout = 60_000)]
    public async Task Goes_on_when_what_took_it_up_ends()
    {
        await using var stubs = new StubNodes();
        var before = stubs.Supervise();
        await stubs.Start(before);
        await before.DisposeAsync();
        var after = stubs.Supervise();
        Assert.True(await after.Adopt(TestContext.Current.CancellationToken));

        await after.StopIfStartedHere();

        Assert.True(after.IsAlive);
    }

    [Fact(Timeout = 60_000)]
    public async Task Only_one_process_when_two_start_it_at_once()
    {
        await using var stubs = new StubNodes();
        var supervisor = stubs.Supervise();

        var starts = await Task.WhenAll(supervisor.Start("r000002", TestContext.Current.CancellationToken), supervisor.Start("r000003", TestContext.Current.CancellationToken));

        Assert.Single(starts, s => s is NodeStart.Serving);
        Assert.Single(starts, s => s is null);
        Assert.Single(stubs.Starts());
        await supervisor.Stop();
    }

    /// <summary>A terminal that went away.</summary>
    private sealed class Gone : IEventSink
    {
        public void Emit(DaemonEvent happened) => throw new IOException("Input/output error");
    }
}
