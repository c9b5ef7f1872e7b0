namespace WatchReload.Bench.Tests.Peers;

/// <summary>A peer that did its own work badly would flatter us: the recipe must do what its users rely on.</summary>
public sealed class ErlangRecipeTests
{
    [Fact(Timeout = 180_000)]
    public async Task Connections_and_the_listener_stay_when_the_code_changes_again_and_again()
    {
        Assert.SkipUnless(ErlangRecipe.IsInstalled, "Erlang is not installed here (on Debian: apt-get install erlang-base erlang-dev); nothing of the recipe was tested.");
        await using var recipe = await ErlangRecipe.Start();
        await using var ada = await Named(recipe, "ada");
        Assert.Equal("version 1", await ada.Ask("/version"));
        Assert.Equal("pong x 1", await ada.Ask("/ping x"));

        await recipe.Edit("2");
        await Reaches(ada, "2");
        Assert.Equal("pong y 2", await ada.Ask("/ping y"));
        await using var bob = await Named(recipe, "bob");

        // The second change purges the code that the first one replaced, and whoever would still be in it.
        await recipe.Edit("3");
        await Reaches(ada, "3");
        await Reaches(bob, "3");
        Assert.Equal("pong z 3", await ada.Ask("/ping z"));
        Assert.Equal("who ada bob", await ada.Ask("/who"));
        await using var eve = await Named(recipe, "eve");
        await eve.Send("hello");
        Assert.Equal("eve: hello", await ada.Read());
    }

    private static async Task<LineClient> Named(ErlangRecipe recipe, string name)
    {
        var client = await LineClient.Connect(recipe.Endpoint);
        Assert.Equal($"hello {name}", await client.Ask(name));
        return client;
    }

    /// <summary>The recipe only sends word of the change: a line that is there before it is still answered by the old code.</summary>
    private static async Task Reaches(LineClient client, string version)
    {
        while (await client.Ask("/version") != $"version {version}") TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
    }
}
