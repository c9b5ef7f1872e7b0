using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>Old versions in memory: what Erlang/OTP's own suites test of code that lingers, by the same sentences.</summary>
public sealed class LingeringScenarios
{
    private static readonly CountingService V1 = new();
    private static readonly CountingService V2 = new() { Version = "v2" };
    private static readonly CountingService V3 = new() { Version = "v3" };

    [Fact(Timeout = 60_000)]
    public async Task A_third_version_while_two_are_in_use_each_worker_still_answering_with_its_own()
    {
        using HeldTurn first = new(), second = new();
        await using var node = await NodeHarness.Start(V1 with { Commands = Work(first, "v1") });
        var (one, two, three) = (await node.Connect(), await node.Connect(), await node.Connect());
        await one.Send("work");
        await first.Entered;
        await Commit(node, V2 with { Commands = Work(second, "v2") });
        await two.Send("work");
        await second.Entered;

        await Commit(node, V3);

        Assert.Equal("v3 0", await three.Ask("count"));
        Assert.Equal([1, 2], node.Status.OldVersions.Select(version => version.Version));
        second.Release();
        first.Release();
        Assert.Equal(("v1 works", "v2 works"), (await one.Read(), await two.Read()));
        Assert.Equal(("v3 0", "v3 0"), (await one.Ask("count"), await two.Ask("count")));
        await node.Until(AllUnloaded);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_delegate_from_v1_keeps_running_v1()
    {
        using var held = new HeldObject();
        await using var node = await NodeHarness.Start(V1 with { Commands = Hold(held) });
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("hold"));

        await Commit(node, V2);

        Assert.Equal("v2 0", await client.Ask("count"));
        Assert.Equal("v1 code", held.Call());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_held_delegate_blocks_the_unload_and_is_named_dropping_it_unblocks()
    {
        var time = new FakeTime();
        using var held = new HeldObject();
        await using var node = await NodeHarness.Start(V1 with { Commands = Hold(held) }, time);
        Assert.Equal("ok", await (await node.Connect()).Ask("hold"));
        await Commit(node, V2);

        await Until(node, time, status => status.OldVersions is [{ State: "lingering" }]);
        var holder = Assert.Single(Assert.Single(node.Status.OldVersions).Holders);
        Assert.Contains("of Counting", holder, StringComparison.Ordinal);
        Assert.Contains("docs/investigating.md", holder, StringComparison.Ordinal);
        held.Drop();
        await Until(node, time, AllUnloaded);
    }

    [Fact(Timeout = 60_000)]
    public async Task No_false_dependency_after_returning()
    {
        using var turn = new HeldTurn();
        await using var node = await NodeHarness.Start(V1 with { Commands = turn.Command });
        var client = await node.Connect();
        await client.Send("wait");
        await turn.Entered;
        await Commit(node, V2);
        Assert.Contains("lines#1 (Counting.Conn), in a turn since", Assert.Single(Assert.Single(node.Status.OldVersions).Holders), StringComparison.Ordinal);

        turn.Release();

        Assert.Equal("waited", await client.Read());
        await node.Until(AllUnloaded);
    }

    [Fact(Timeout = 60_000)]
    public async Task Ten_cycles_leak_nothing()
    {
        await using var node = await NodeHarness.Start(V1);
        var client = await node.Connect();
        var releases = new[] { V1, V2 }.Select(service => node.Releases.Write(service.Compile())).ToArray();
        for (var cycle = 1; cycle <= 10; cycle++)
        {
            Assert.Equal("ok", await client.Ask("add"));
            Assert.Equal(ReloadVerdict.Committed, (await node.Reload(releases[cycle % 2])).Verdict);
        }

        await node.Until(status => status.OldVersions.Count == 10 && AllUnloaded(status));
        Assert.Equal("v1 10", await client.Ask("count"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_caught_exceptions_stack_trace_pins_nothing_as_text()
    {
        using var held = new HeldObject();
        await using var node = await NodeHarness.Start(V1 with
        {
            Commands = $"case \"catch\": try {{ throw new Failure(); }} catch (Exception e) {{ {held.Set("e.ToString()")} }} self.WriteLine(\"ok\"); break;",
            More = "public sealed class Failure : Exception;",
        });
        Assert.Equal("ok", await (await node.Connect()).Ask("catch"));

        await Commit(node, V2);

        await node.Until(AllUnloaded);
        Assert.Contains("Counting.Failure", (string)held.Value!, StringComparison.Ordinal);
        Assert.Contains("/source/Counting.cs:line", (string)held.Value!, StringComparison.Ordinal);
    }

    /// <summary>An exception of the framework, in a shared resource: for each method on its way that is of a version the runtime puts what holds that into the trace.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData("try { throw new InvalidOperationException(); } catch (Exception e) { caught.Enqueue(e); }")]
    [InlineData("try { int.Parse(line); } catch (Exception e) { caught.Enqueue(e); }")]
    [InlineData("try { int.Parse(line); } catch (Exception e) { caught.Enqueue(new InvalidOperationException(e.Message, e)); }")]
    public async Task A_caught_exceptions_stack_trace_pins_its_version_dropping_it_unblocks(string command)
    {
        var time = new FakeTime();
        var service = Catching(command);
        await using var node = await NodeHarness.Start(service, time);
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("catch"));
        await Commit(node, service with { Version = "v2" });

        await Until(node, time, status => status.OldVersions is [{ State: "lingering" }]);
        Assert.Contains("of Counting", Assert.Single(Assert.Single(node.Status.OldVersions).Holders), StringComparison.Ordinal);
        Assert.Equal("ok", await client.Ask("drop"));
        await Until(node, time, AllUnloaded);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("caught.Enqueue(new InvalidOperationException());")]
    [InlineData("try { int.Parse(line); } catch (Exception e) { caught.Enqueue(new InvalidOperationException(e.ToString())); }")]
    public async Task An_exception_that_was_not_thrown_pins_nothing(string command)
    {
        var service = Catching(command);
        await using var node = await NodeHarness.Start(service);
        Assert.Equal("ok", await (await node.Connect()).Ask("catch"));

        await Commit(node, service with { Version = "v2" });

        await node.Until(status => status.OldVersions is [{ State: not "retiring" }]);
        Assert.Equal("unloaded", Assert.Single(node.Status.OldVersions).State);
    }

    /// <param name="command">Statements for <c>catch</c>: <c>caught</c> is of the framework, and is there as long as the node.</param>
    private static CountingService Catching(string command) => V1 with
    {
        Configure = "service.ConfigureShared(shared => shared.Singleton(\"caught\", _ => new System.Collections.Concurrent.ConcurrentQueue<Exception>()));",
        Members = "private readonly System.Collections.Concurrent.ConcurrentQueue<Exception> caught; public Conn(System.Collections.Concurrent.ConcurrentQueue<Exception> queue) => caught = queue;",
        Commands = $"case \"catch\": {command} self.WriteLine(\"ok\"); break; case \"drop\": caught.Clear(); self.WriteLine(\"ok\"); break;",
    };

    private static bool AllUnloaded(NodeStatus status) => status.OldVersions.Count > 0 && status.OldVersions.All(version => version.State == "unloaded");

    private static string Work(HeldTurn turn, string version) => $"case \"work\": {turn.Suspend} self.WriteLine(\"{version} works\"); break;";

    private static string Hold(HeldObject held) => $"case \"hold\": {held.Set("new Func<string>(() => \"v1 code\")")} self.WriteLine(\"ok\"); break;";

    private static async Task Commit(NodeHarness node, CountingService service) => Assert.Equal(ReloadVerdict.Committed, (await node.Reload(service)).Verdict);

    private static Task Until(NodeHarness node, FakeTime time, Func<NodeStatus, bool> condition) => node.Until(status =>
    {
        if (condition(status)) return true;
        time.Advance(TimeSpan.FromSeconds(1));
        return false;
    });
}
