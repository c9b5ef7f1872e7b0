using WatchReload.EndToEnd.Tests.Support;

namespace WatchReload.EndToEnd.Tests;

/// <summary>One daemon, several nodes: a release is live on all of them or on none.</summary>
public sealed class SeveralNodesTests
{
    [Fact(Timeout = 600_000)]
    public async Task Release_is_live_on_all_nodes_or_on_none()
    {
        await using var checkout = await Checkout.Create();
        var other = Ports.Fresh();
        checkout.Save("watch.json", $$"""
            {
              "project": "src/Service/Service.csproj",
              "nodes": [
                { "name": "one", "arguments": ["--Chat:Endpoint={{checkout.Endpoint}}"] },
                { "name": "two", "arguments": ["--Chat:Endpoint={{other}}"] },
              ],
            }
            """);
        var run = checkout.Start("run");
        var started = new[] { await run.Verdict("node.started"), await run.Verdict("node.started") };
        Assert.Equal(["one", "two"], started.Select(s => s.Text("node")).Order());
        using var ann = await ChatClient.Connect(checkout.Endpoint, "ann");
        using var bob = await ChatClient.Connect(other, "bob");

        checkout.SaveVersion("2");
        var reload = await checkout.Run("reload");
        Assert.Equal(0, reload.ExitCode);
        Assert.Equal(["one", "two"], reload.Events.Where(e => e.Name == "reload.committed").Select(e => e.Text("node")).Order());
        Assert.Equal("version 2", await ann.Ask("/version"));
        Assert.Equal("version 2", await bob.Ask("/version"));

        // One of them cannot take it, so the other one, which could, does not.
        checkout.Save(Checkout.Service + "ConnectionState.cs", Shapes.UpgradeThatThrowsFor("bob"));
        checkout.SaveVersion("3");
        var refused = await checkout.Run("reload");

        Assert.Equal(4, refused.ExitCode);
        var verdicts = refused.Events.Where(e => e.Name == "reload.refused").ToDictionary(e => e.Text("node")!, e => Assert.Single(e.Texts("problems")));
        Assert.Contains("node two refused", verdicts["one"], StringComparison.Ordinal);
        Assert.Contains("No rank for bob", verdicts["two"], StringComparison.Ordinal);
        Assert.Equal("version 2", await ann.Ask("/version"));
        Assert.Equal("version 2", await bob.Ask("/version"));

        // Asked for alone, the one that can takes it.
        var one = await checkout.Run("reload", "--node", "one");
        Assert.Equal(0, one.ExitCode);
        Assert.Equal("version 3", await ann.Ask("/version"));
        Assert.Equal("version 2", await bob.Ask("/version"));
        run.Signal("TERM");
        Assert.Equal(0, await run.Exit());
    }
}
