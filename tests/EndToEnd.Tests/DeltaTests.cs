using WatchReload.EndToEnd.Tests.Support;

namespace WatchReload.EndToEnd.Tests;

/// <summary>Edits of bodies are applied to what is loaded; what is more than that is loaded; and both again.</summary>
public sealed class DeltaTests
{
    private const string Connection = Checkout.Service + "Connection.cs";
    private const string State = Checkout.Service + "ConnectionState.cs";

    [Fact(Timeout = 600_000)]
    public async Task Edit_goes_the_cheapest_way_that_is_right_and_the_connection_stays()
    {
        await using var checkout = await Checkout.Create();
        var watch = await checkout.Watch();
        using var client = await checkout.Connect("ann");
        Assert.Equal("pong a 1", await client.Ask("/ping a"));
        await Until(() => Task.FromResult(Log(checkout).Contains("Ready:", StringComparison.Ordinal)), "that the builder is ready");

        Assert.Equal("delta", await Edit(Connection, "$\"pong {text}", "$\"PONG {text}"));
        Assert.Equal("PONG a 2", await client.Ask("/ping a"));

        Assert.Equal("replay", await Edit(State, "int Pings)", "int Pings, string? Mood = null)"));
        Assert.Equal("PONG a 3", await client.Ask("/ping a"));

        Assert.Equal("delta", await Edit(Connection, "$\"PONG {text}", "$\"Pong {text}"));
        Assert.Equal("Pong a 4", await client.Ask("/ping a"));

        // The release of the tree follows, and only gives its name.
        var built = await watch.Event("build.finished", e => e.Text("lane") == "replay" && e.Text("release") is not null);
        await Until(async () => (await checkout.Status()).Text("release") == built.Text("release"), "that the release has given its name");
        Assert.Equal(4, (await checkout.Status()).Version);
        Assert.Equal("Pong a 5", await client.Ask("/ping a"));

        async Task<string?> Edit(string path, string old, string edited)
        {
            checkout.Edit(path, (old, edited));
            return (await watch.Committed()).Text("lane");
        }
    }

    private static string Log(Checkout checkout)
    {
        var path = Path.Combine(checkout.State.Root, "logs", "builder.log");
        return File.Exists(path) ? File.ReadAllText(path) : "";
    }

    private static Task Until(Func<Task<bool>> condition, string what) => Deadline.Within(
        async cancellation =>
        {
            while (!await condition())
                await Task.Delay(100, cancellation);
        },
        () => what);
}
