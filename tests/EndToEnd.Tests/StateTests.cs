using WatchReload.EndToEnd.Tests.Support;

namespace WatchReload.EndToEnd.Tests;

/// <summary>The state's type changes while its objects live.</summary>
public sealed class StateTests
{
    private const string State = Checkout.Service + "ConnectionState.cs";
    private const string Behavior = Checkout.Service + "Connection.cs";

    [Fact(Timeout = 900_000)]
    public async Task State_is_carried_over_shape_by_shape_and_back_by_rollback()
    {
        await using var checkout = await Checkout.Create();
        var watch = await checkout.Watch("--no-delta"); // what is gone back to is a release each time
        await using var traffic = await Traffic.Start(checkout);

        // Members are added; a collection of records among them.
        checkout.Save(State, Shapes.WithNotes);
        await watch.Committed();
        checkout.Edit(Behavior, Shapes.Commands);
        await watch.Committed();
        Assert.Equal("noted", await traffic.Agree("/note red"));
        Assert.Equal("noted", await traffic.Agree("/note green"));
        Assert.Equal("noted", await traffic.Agree("/mood glad"));
        await Everyone(traffic, name => $"notes {name} glad unsent red:1 green:2");

        // One is removed, one renamed, two widened, of which one in the collection's records; those get a new member.
        checkout.Save(State, Shapes.Renamed);
        var renamed = await watch.Committed();
        await Everyone(traffic, name => $"renamed {name} glad red:1:False green:2:False");
        Assert.Contains(renamed.Texts("warnings"), w => w.Contains("Draft", StringComparison.Ordinal) && w.Contains("removed", StringComparison.Ordinal));
        Assert.Equal("lossy", renamed.Text("reversible"));

        // The type says itself how it comes to be, and goes.
        checkout.Save(State, Shapes.Upgraded);
        await watch.Committed();
        await Everyone(traffic, name => $"upgraded {name} glad, red 1, green 2");
        Assert.Equal("noted", await traffic.Agree("/note blue"));

        // And back, with what has been noted since. The tree is left alone, and nothing builds it.
        Assert.Equal(0, (await checkout.Run("rollback")).ExitCode);
        await Everyone(traffic, name => $"renamed {name} glad red:1:False green:2:False blue:3:False");
        Assert.Equal(0, (await checkout.Run("rollback")).ExitCode);
        await Everyone(traffic, name => $"notes {name} glad unsent red:1 green:2 blue:3");

        var status = await checkout.Status();
        Assert.Equal(7, status.Version);
        Assert.Equal(Traffic.Usual, status.Number("connections"));
        Assert.Equal(0, status.Number("deadLetters"));
        Assert.Empty(status.Items("parked"));
        await traffic.Stop();
    }

    [Fact(Timeout = 600_000)]
    public async Task Migration_that_throws_on_one_actor_of_many_is_refused()
    {
        await using var checkout = await Checkout.Create();
        var watch = await checkout.Watch();
        await using var traffic = await Traffic.Start(checkout);
        var before = await checkout.Status();

        checkout.Save(State, Shapes.UpgradeThatThrowsFor(Traffic.NameOf(42)));
        var refused = await watch.Verdict("reload.refused");

        var problem = Assert.Single(refused.Texts("problems"));
        Assert.Contains("No rank for c42", problem, StringComparison.Ordinal);
        Assert.Contains("WatchReload.Service.Connection", problem, StringComparison.Ordinal);
        Assert.False(refused["takenBack"].GetBoolean());
        var after = await checkout.Status();
        Assert.Equal((before.Version, before.Text("mvid")), (after.Version, after.Text("mvid")));
        Assert.Equal(1, after["reloads"].GetProperty("refused").GetInt32());
        Assert.Empty(after.Items("parked"));
        await traffic.Round();

        var again = await checkout.Run("reload");
        Assert.Equal(4, again.ExitCode);
        Assert.Equal("reload.refused", again.Events[^1].Name);
        await watch.Verdict("reload.refused"); // the daemon did it

        checkout.Save(State, Shapes.UpgradeThatThrowsFor("nobody"));
        Assert.Equal(2, (await watch.Committed()).Version);
        await traffic.Round();
        await traffic.Stop();
    }

    private static async Task Everyone(Traffic traffic, Func<string, string> state) =>
        Assert.Equal(Enumerable.Range(0, traffic.Count).Select(i => state(Traffic.NameOf(i))), await traffic.Ask("/state"));
}
