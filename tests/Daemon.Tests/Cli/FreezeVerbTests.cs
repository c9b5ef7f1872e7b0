using System.Text.Json;
using WatchReload.Daemon.Flow;

namespace WatchReload.Daemon.Tests.Cli;

public sealed class FreezeVerbTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public FreezeVerbTests() => _scratch.Configure();

    public void Dispose() => _scratch.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Reload_and_pull_are_refused_with_who_and_why_until_it_is_lifted()
    {
        await using var node = await FakeNode.Start(_scratch.State);

        var freeze = await CommandRun.In(_scratch.Root, "freeze", "fair", "week", "--by", "ann", "--json");
        var reload = await CommandRun.In(_scratch.Root, "reload", "--json");
        var pull = await CommandRun.In(_scratch.Root, "pull");

        var frozen = Event(freeze);
        Assert.Equal(("deploy.frozen", "ann", "fair week"), (frozen.GetProperty("event").GetString(), frozen.GetProperty("by").GetString(), frozen.GetProperty("reason").GetString()));
        Assert.Equal((0, 4, 4), (freeze.ExitCode, reload.ExitCode, pull.ExitCode));
        Assert.Equal(("reload.refused", true), (Event(reload).GetProperty("event").GetString(), Event(reload).GetProperty("notTried").GetBoolean()));
        Assert.Contains("frozen by ann", pull.Output);
        Assert.Equal("ann", JsonDocument.Parse(Assert.Single((await CommandRun.In(_scratch.Root, "status", "--json")).Lines)).RootElement.GetProperty("frozen").GetProperty("by").GetString());
        Assert.Equal(["notTried", "notTried"], (await CommandRun.In(_scratch.Root, "history", "--json")).Lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("verdict").GetString()));

        var unfreeze = await CommandRun.In(_scratch.Root, "unfreeze", "--json");

        Assert.Equal(("deploy.unfrozen", true), (Event(unfreeze).GetProperty("event").GetString(), Event(unfreeze).GetProperty("wasFrozen").GetBoolean()));
        Assert.Equal(5, (await CommandRun.In(_scratch.Root, "pull")).ExitCode); // there is no git: it got that far
        Assert.Equal(0, (await CommandRun.In(_scratch.Root, "unfreeze")).ExitCode);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(2, null, "--bye", "bob")]
    [InlineData(0, "--bye bob", "--", "--bye", "bob")]
    [InlineData(0, "--bye bob", "--bye bob")]
    [InlineData(0, "-5 degrees - and falling", "-5", "degrees", "-", "and", "falling")]
    public async Task What_looks_like_an_option_is_no_reason_unless_it_is_meant_as_one(int code, string? reason, params string[] words)
    {
        Assert.Equal(code, (await CommandRun.In(_scratch.Root, ["freeze", .. words])).ExitCode);

        Assert.Equal(reason, Freeze.Read(_scratch.State)?.Reason);
    }

    private static JsonElement Event(CommandRun run) => JsonDocument.Parse(Assert.Single(run.Lines)).RootElement;
}
