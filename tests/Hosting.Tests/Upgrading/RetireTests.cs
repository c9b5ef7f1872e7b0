using WatchReload.Control;
using WatchReload.Hosting.Tests.Loading;

namespace WatchReload.Hosting.Tests.Upgrading;

public sealed class RetireTests
{
    private static readonly CountingService V1 = new();

    [Fact(Timeout = 60_000)]
    public async Task A_version_retires_when_its_callbacks_and_its_objects_throw_at_the_end()
    {
        await using var node = await NodeHarness.Start(V1);
        var bad = V1 with
        {
            Version = "v2",
            More = "public sealed class Bad : IDisposable { public void Dispose() => throw new InvalidOperationException(\"at the end\"); }",
            Configure = "Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<Bad>(service.Services);",
            CodeChange = """
                _ = change.Services.GetService(typeof(Bad));
                ((IServiceVersion)change.Services.GetService(typeof(IServiceVersion))!).Retired.Register(() => throw new InvalidOperationException("told"));
                """,
        };
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(bad)).Verdict);

        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V1 with { Version = "v3" })).Verdict);

        await node.Until(s => s.OldVersions.Count == 2 && s.OldVersions.All(v => v.State == "unloaded"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_callback_that_does_not_return_is_named_and_holds_up_no_reload()
    {
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(V1);
        var client = await node.Connect();
        var waits = V1 with { Version = "v2", CodeChange = $"((IServiceVersion)change.Services.GetService(typeof(IServiceVersion))!).Retired.Register(() => _ = {held.Block});" };
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(waits)).Verdict);

        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V1 with { Version = "v3" })).Verdict);
        await held.Entered;
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V1 with { Version = "v4" })).Verdict);

        Assert.Equal("v4 0", await client.Ask("count"));
        await node.Until(s => s.OldVersions is [{ State: "unloaded" }, _, { State: "unloaded" }]);
        Assert.Contains("a callback of IServiceVersion.Retired that does not return, called since", Assert.Single(node.Status.OldVersions[1].Holders), StringComparison.Ordinal);
        held.Release();
        await node.Until(s => s.OldVersions.All(version => version.State == "unloaded"));
    }

    /// <summary>By a package that caches types, as it is told that these go.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_version_unloads_when_a_handler_of_a_package_throws()
    {
        var told = 0;
        ToldHandler.When("ThrowsAtItsEnd", _ =>
        {
            Interlocked.Increment(ref told);
            throw new InvalidOperationException("fault");
        });
        await using var node = await NodeHarness.Start(V1 with { More = "public sealed class ThrowsAtItsEnd;" });

        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V1 with { Version = "v2" })).Verdict);

        await node.Until(s => s.OldVersions is [{ State: "unloaded" }]);
        Assert.Equal(1, told);
    }

    /// <param name="isRefused">The version that goes has never served.</param>
    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_handler_of_a_package_that_hangs_holds_up_neither_a_report_nor_the_next_reload(bool isRefused)
    {
        var name = isRefused ? "HangsWhenRefused" : "HangsAtItsEnd";
        var (entered, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        ToldHandler.When(name, _ =>
        {
            entered.TrySetResult();
            released.Task.Wait();
        });
        var time = new FakeTime();
        var goes = V1 with { More = $"public sealed class {name};" };
        await using var node = await NodeHarness.Start(isRefused ? V1 : goes, time);
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("add"));

        var reloading = node.Reload(isRefused ? goes with { Configure = "throw new InvalidOperationException(\"fault\");" } : V1 with { Version = "v2" });
        await entered.Task;
        Assert.Equal(isRefused ? ReloadVerdict.Refused : ReloadVerdict.Committed, (await time.PassUntil(reloading, TimeSpan.FromSeconds(5))).Verdict);

        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V1 with { Version = "v3" })).Verdict);
        Assert.Equal("v3 1", await client.Ask("count"));
        released.SetResult();
    }

    [Fact(Timeout = 60_000)]
    public async Task The_container_is_named_when_it_keeps_its_version()
    {
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(V1 with
        {
            More = $"public sealed class Slow : IDisposable {{ public void Dispose() => {held.Wait}.Wait(); }}",
            Configure = """
                Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<Slow>(service.Services);
                Microsoft.Extensions.DependencyInjection.ServiceCollectionHostedServiceExtensions.AddHostedService<Host>(service.Services);
                """,
            Messages = """
                public abstract record ConnMessage;
                public sealed class Host(Slow slow) : Microsoft.Extensions.Hosting.IHostedService
                {
                    public Task StartAsync(CancellationToken stop) => Task.CompletedTask;
                    public Task StopAsync(CancellationToken stop) { GC.KeepAlive(slow); return Task.CompletedTask; }
                }
                """,
            Receive = "return new(s);",
        });
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V1 with { Version = "v2", Messages = "public abstract record ConnMessage;", Receive = "return new(s);" })).Verdict);
        await node.Until(s => s.OldVersions is [{ State: "retiring", Holders: [var holder] }] && holder.Contains("container", StringComparison.Ordinal));
        held.Release();
        await node.Until(s => s.OldVersions is [{ State: "unloaded" }]);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_refused_version_whose_container_does_not_end_holds_up_neither_its_report_nor_the_next_reload()
    {
        var time = new FakeTime();
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(V1, time);
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("add"));
        var refused = V1 with
        {
            Version = "v2",
            More = $"public sealed class Slow : IDisposable {{ public void Dispose() => _ = {held.Block}; }}",
            Configure = "Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<Slow>(service.Services);",
            Members = "private readonly Slow slow; public Conn(Slow slow) => this.slow = slow;",
            State = "public sealed record ConnState(string Count);",
            First = "new ConnState(\"\")",
        };

        var reloading = node.Reload(refused);
        await held.EnteredBy(reloading);
        Assert.Equal(ReloadVerdict.Refused, (await time.PassUntil(reloading, TimeSpan.FromSeconds(5))).Verdict);

        Assert.Contains("container", Assert.Single(Assert.Single(node.Status.OldVersions).Holders), StringComparison.Ordinal);
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V1 with { Version = "v3" })).Verdict);
        Assert.Equal("v3 1", await client.Ask("count"));
        held.Release();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_version_unloads_when_states_still_refer_to_its_stopped_actors()
    {
        var service = V1 with
        {
            Messages = """
                public abstract record ConnMessage;
                public sealed class Child : Behavior<int, string> { public override ValueTask<int> Receive(int s, string m, Context self) { self.Stop(); return new(s); } }
                """,
            State = "public sealed record ConnState(int Count, ActorRef<string> Child);",
            First = "new ConnState(0, default)",
            Commands = "case \"spawn\": s = s with { Child = self.Spawn<Child, int, string>(0) }; s.Child.Send(\"stop\"); self.WriteLine(\"ok\"); break;",
            Receive = "return new(s);",
        };
        await using var node = await NodeHarness.Start(service);
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("spawn"));
        await node.Until(s => s.Actors.Total == 1);

        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(service with { Version = "v2" })).Verdict);

        await node.Until(s => Assert.Single(s.OldVersions).State == "unloaded");
        Assert.Equal("v2 0", await client.Ask("count"));
    }
}
