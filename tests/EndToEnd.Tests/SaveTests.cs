using WatchReload.EndToEnd.Tests.Support;

namespace WatchReload.EndToEnd.Tests;

/// <summary>The main job: a file is saved, and connections that were open before have the new code.</summary>
public sealed class SaveTests
{
    [Fact(Timeout = 300_000)]
    public async Task Save_is_live_on_64_pinging_connections_when_watching()
    {
        await using var checkout = await Checkout.Create();
        var watch = await checkout.Watch();
        await using var traffic = await Traffic.Start(checkout);
        Assert.Equal("version 1", await traffic.Agree("/version"));

        checkout.SaveVersion("2");
        var committed = await watch.Committed();

        Assert.Equal("version 2", await traffic.Agree("/version"));
        Assert.Equal(2, committed.Version);
        Assert.Equal(Traffic.Usual + 1, committed.Number("mapped"));
        Assert.Empty(committed.Items("late"));
        Assert.Empty(committed.Items("parked"));
        await traffic.Round();
        var status = await checkout.Status();
        Assert.Equal(Traffic.Usual, status.Number("connections"));
        Assert.Equal(0, status.Number("deadLetters"));
        Assert.All(await traffic.Stop(), pings => Assert.True(pings > 0));
    }
}
