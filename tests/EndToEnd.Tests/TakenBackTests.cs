using System.Text.Json;
using WatchReload.EndToEnd.Tests.Support;

namespace WatchReload.EndToEnd.Tests;

/// <summary>Code that was live and should not have been: the node goes back, and whoever looks is told.</summary>
[Collection(nameof(Production))]
public sealed class TakenBackTests(Production production)
{
    private const int Clients = 6;
    private const string Behavior = Checkout.Service + "Connection.cs";
    private const string Service = Checkout.Service + "ChatService.cs";

    [Fact(Timeout = 300_000)]
    public async Task Node_that_goes_back_in_probation_is_told_and_in_the_history_and_the_content_is_refused_from_then_on()
    {
        var run = await production.Run();
        var before = await production.Status();
        await using var clients = await Traffic.Start(production.Checkout, Clients, "p");
        using var undo = production.Edit(Behavior, ("case \"/who\":", "case \"/who\":\n                if (self.Version > 0) throw new InvalidOperationException(\"who knows\");"));
        var committed = await production.Committed();

        await clients.Tell("/who");

        var refused = await run.Event("reload.refused");
        Assert.True(refused["takenBack"].GetBoolean());
        Assert.Equal((committed.Text("release"), before.Version + 2), (refused.Text("release"), refused.Version));
        Assert.Contains("actors failed", Assert.Single(refused.Texts("problems")), StringComparison.Ordinal);
        await clients.Round();
        var after = await production.Status();
        Assert.Equal((before.Release, before.ContentHash, before.Instance), (after.Release, after.ContentHash, after.Instance));
        var entry = (await production.Checkout.Run("history", "--count", "1")).Events[0];
        Assert.Equal(("probation", "takenBack", committed.Text("release")), (entry.Text("cause"), entry.Text("verdict"), entry.Text("release")));

        var again = await production.Checkout.Run("reload");
        Assert.Equal(4, again.ExitCode);
        Assert.Contains("failed on trial", Assert.Single(again.Events[^1].Texts("problems")), StringComparison.Ordinal);
        Assert.Equal(before.Version + 2, (await production.Status()).Version);

        // A daemon that comes later does not tell it again: the first that it tells is the next one. A node tells them in order.
        await run.Crash();
        var next = await production.Run();
        using var other = production.Edit(Behavior, ("\"who knows\"", "\"who knows better\""));
        var later = await production.Committed();
        await clients.Tell("/who");
        Assert.Equal(later.Text("release"), (await next.Event("reload.refused")).Text("release"));
        var history = (await production.Checkout.Run("history", "--count", "1000")).Events.Where(e => e.Text("cause") == "probation");
        Assert.Single(history, e => e.Text("release") == committed.Text("release"));
        await clients.Stop();
    }

    [Fact(Timeout = 300_000)]
    public async Task What_happened_while_there_was_no_daemon_is_told_by_the_next_one()
    {
        var run = await production.Run();
        await using var clients = await Traffic.Start(production.Checkout, Clients, "q");
        using var undo = production.Edit(Behavior, ("case \"/who\":", "case \"/who\":\n                if (self.Version > 0) throw new InvalidOperationException(\"nobody knows\");"));
        var committed = await production.Committed();
        await run.Crash();

        await clients.Tell("/who");
        await production.Until(s => s.Release != committed.Text("release"));

        var refused = await (await production.Run()).Event("reload.refused");
        Assert.Equal((true, committed.Text("release")), (refused["takenBack"].GetBoolean(), refused.Text("release")));
        Assert.Equal("takenBack", JsonDocument.Parse((await File.ReadAllLinesAsync(production.State.History, TestContext.Current.CancellationToken))[^1]).RootElement.GetProperty("verdict").GetString());
        await clients.Stop();
    }

    [Fact(Timeout = 300_000)]
    public async Task Old_code_serves_on_untouched_connections_when_CodeChange_throws()
    {
        var run = await production.Run();
        var before = await production.Status();
        await using var traffic = await Traffic.Start(production.Checkout, 16, "r");
        var served = await traffic.Agree("/version");
        using var undo = production.Edit(Service, ("Log.ServiceChanged(", "if (change.To > 0) throw new InvalidOperationException(\"not today\");\n        Log.ServiceChanged("));
        production.SaveNewVersion();

        var outcome = await production.Checkout.Run("reload");

        Assert.Equal(4, outcome.ExitCode);
        var refused = outcome.Events[^1];
        Assert.Equal(("reload.refused", true, before.Version + 2), (refused.Name, refused["takenBack"].GetBoolean(), refused.Version));
        Assert.Contains("not today", Assert.Single(refused.Texts("problems")), StringComparison.Ordinal);
        Assert.Equal(served, await traffic.Agree("/version"));
        var after = await production.Status();
        Assert.Equal((before.Release, 16, 0L), (after.Release, after.Connections, after.DeadLetters - before.DeadLetters));
        Assert.Empty(after.Parked);
        Assert.Equal("takenBack", (await production.Checkout.Run("history", "--count", "1")).Events[0].Text("verdict"));
        Assert.True((await run.Event("reload.refused"))["takenBack"].GetBoolean());
        await traffic.Stop();
    }
}
