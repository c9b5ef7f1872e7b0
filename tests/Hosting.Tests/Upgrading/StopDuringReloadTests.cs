using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>The node stops past the point of no return: what was committed is what it has been, and what it starts on again.</summary>
public sealed class StopDuringReloadTests
{
    private static readonly CountingService V1 = new() { Members = "public override ValueTask Stopping(ConnState s, StopReason why, Context self) { self.WriteLine($\"v1 bye {s.Count}\"); return default; }" };

    [Theory(Timeout = 60_000)]
    [InlineData("code change")]
    [InlineData("sweep")]
    public async Task The_new_version_is_what_ends_when_the_node_stops_after_the_commit(string step)
    {
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(V1);
        var (client, other) = (await node.Connect(), await node.Connect());
        Assert.Equal(("ok", "ok"), (await client.Ask("add"), await other.Ask("add")));
        var reloading = node.Reload(Held(step, held));
        await held.Entered;

        var stopping = node.Node.StopInOrder();
        held.Release();
        Assert.True(await stopping);
        var report = await reloading;

        Assert.Equal((ReloadVerdict.Committed, 2), (report.Verdict, report.Version));
        Assert.Equal(("v2 bye 1", "v2 bye 1"), (await client.Read(), await other.Read()));
        Assert.Equal("r000002", (await File.ReadAllTextAsync(node.State.Current("main"), TestContext.Current.CancellationToken)).Trim());
        Assert.False(File.Exists(node.State.Trial("main")));
        Assert.Equal(0L, node.Status.DeadLetters);
    }

    private static CountingService Held(string step, HeldTurn held)
    {
        var v2 = V1 with { Version = "v2", Members = V1.Members.Replace("v1", "v2", StringComparison.Ordinal) };
        return step == "sweep"
            ? v2 with { Members = v2.Members + $"public override ValueTask<ConnState> Started(ConnState s, StartReason why, Context self) {{ if (why == StartReason.CodeChanged) _ = {held.Block}; return new(s); }}" }
            : v2 with { CodeChange = held.Suspend };
    }
}
