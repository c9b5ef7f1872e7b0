using WatchReload.Control;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Supervision;
using WatchReload.Tests;

namespace WatchReload.Daemon.Tests.Supervision;

public sealed class FallbackTests
{
    private const string Newest = "r000003";
    private const string Older = "r000002";

    [Fact(Timeout = 60_000)]
    public async Task Node_that_cannot_start_on_its_newest_release_falls_back_once_and_says_so()
    {
        await using var stubs = new StubNodes();
        var supervisor = Supervise(stubs);

        var serving = await Start(stubs, supervisor);

        Assert.Equal((Older, Newest), (serving.Status.Release, serving.FellBackFrom));
        Assert.Equal(Newest, serving.Event("main").FellBackFrom);
        Assert.Equal([Newest + " cannot be loaded."], (await stubs.Events.Next<NodeExited>()).Problems);
    }

    [Fact(Timeout = 60_000)]
    public async Task Node_that_has_fallen_back_stays_there_however_often_it_dies()
    {
        await using var stubs = new StubNodes();
        var serving = await Start(stubs, Supervise(stubs));

        StubNodes.Kill(serving.Process.Pid);
        var again = await stubs.Events.Next<NodeStarted>();

        Assert.Equal(Older, again.Release);
        Assert.Equal(["-", Older, Older], stubs.Starts());
    }

    [Fact(Timeout = 60_000)]
    public async Task Another_daemon_does_not_try_it_again_either()
    {
        await using var stubs = new StubNodes();
        var first = Supervise(stubs);
        var serving = await Start(stubs, first);
        await first.Stop();

        Assert.Equal(Older, (await Start(stubs, Supervise(stubs))).Status.Release);
        Assert.Equal(["-", Older, Older], stubs.Starts());
        Assert.Null(ProcessIdentity.Of(serving.Process.Pid));
    }

    [Fact(Timeout = 60_000)]
    public async Task Release_that_was_built_when_neither_starts_is_started()
    {
        await using var stubs = new StubNodes();
        string? built = null;
        var first = Supervise(stubs, () => built);
        Assert.IsType<NodeStart.Failed>(await first.Start(null, TestContext.Current.CancellationToken, fallBack: true));
        Assert.IsType<NodeStart.Failed>(await first.Start(null, TestContext.Current.CancellationToken, fallBack: true));
        built = "r000004";

        var serving = await Start(stubs, first);

        Assert.Equal((built, Newest), (serving.Status.Release, serving.FellBackFrom));
        Assert.Equal(["-", Older, Older, Older, built], stubs.Starts());
        await first.Stop();
        Assert.Equal(built, (await Start(stubs, Supervise(stubs, () => null))).Status.Release);
    }

    [Fact(Timeout = 60_000)]
    public async Task Port_in_use_is_no_reason_to_fall_back()
    {
        await using var stubs = new StubNodes();
        var supervisor = stubs.Supervise("refuse");
        Configure(stubs, supervisor);

        var failed = Assert.IsType<NodeStart.Failed>(await supervisor.Start(null, TestContext.Current.CancellationToken, fallBack: true));

        Assert.True(failed.Transient);
        Assert.Equal(["-"], stubs.Starts());
    }

    [Fact(Timeout = 60_000)]
    public async Task Node_that_died_while_the_disk_was_full_is_started_when_there_is_room()
    {
        await using var stubs = new StubNodes();
        using var disk = SmallDisk.Mount(stubs.Scratch.State);
        Assert.SkipWhen(disk is null, SmallDisk.None);
        var supervisor = stubs.Supervise();
        Configure(stubs, supervisor);
        var first = await Start(stubs, supervisor);
        disk.Fill();
        StubNodes.Kill(first.Process.Pid);
        await stubs.Events.Next<NodeExited>();

        Assert.NotEmpty((await stubs.Events.Next<NodeExited>()).Problems);
        disk.Free();

        Assert.NotEqual(first.Process.Pid, (await stubs.Events.Next<NodeStarted>()).Pid);
        await supervisor.Stop();
    }

    [Fact(Timeout = 60_000)]
    public async Task Deploy_that_serves_ends_it()
    {
        await using var stubs = new StubNodes();
        var first = Supervise(stubs);
        await Start(stubs, first);
        await first.Stop();

        var next = Supervise(stubs);
        Assert.IsType<NodeStart.Serving>(await next.Start("r000004", TestContext.Current.CancellationToken));
        await next.Stop();

        Assert.Null(new Fallback(stubs.Scratch.State, "main", (_, _) => Older).Instead(null));
    }

    [Fact(Timeout = 60_000)]
    public async Task Restart_on_a_release_that_does_not_start_serves_as_before()
    {
        await using var stubs = new StubNodes();
        var supervisor = stubs.Supervise(refuses: Newest);
        Directory.CreateDirectory(stubs.Scratch.State.NodeDirectory("main"));
        DurableFile.Write(stubs.Scratch.State.Current("main"), Older + "\n");
        var before = await stubs.Start(supervisor);

        var restarted = await supervisor.Restart(Newest, stubs.Events, TestContext.Current.CancellationToken);

        Assert.Equal([Newest + " cannot be loaded."], Assert.IsType<NodeStart.Failed>(restarted.Start).Problems);
        Assert.NotNull(restarted.Instead);
        Assert.NotEqual(before.Process.Pid, restarted.Instead.Process.Pid);
        Assert.True((await stubs.Events.Next<NodeExited>()).Ordered);
        Assert.Equal([Older, Newest, "-"], stubs.Starts());
        await supervisor.Stop();
    }

    private static NodeSupervisor Supervise(StubNodes stubs, Func<string?>? mended = null)
    {
        var supervisor = stubs.Supervise(refuses: mended is null ? Newest : $"{Newest} {Older}");
        Configure(stubs, supervisor, mended);
        return supervisor;
    }

    private static void Configure(StubNodes stubs, NodeSupervisor supervisor, Func<string?>? mended = null)
    {
        Directory.CreateDirectory(stubs.Scratch.State.NodeDirectory("main"));
        DurableFile.Write(stubs.Scratch.State.Current("main"), Newest + "\n");
        supervisor.Other = (failed, tried) => failed != Newest ? null : tried is null ? Older : mended?.Invoke();
    }

    private static async Task<NodeStart.Serving> Start(StubNodes stubs, NodeSupervisor supervisor)
    {
        var serving = Assert.IsType<NodeStart.Serving>(await supervisor.Start(null, TestContext.Current.CancellationToken, fallBack: true));
        stubs.Remember(serving);
        return serving;
    }
}
