using WatchReload.EndToEnd.Tests.Support;

namespace WatchReload.EndToEnd.Tests;

/// <summary>A push to the very checkout that serves (<c>receive.denyCurrentBranch updateInstead</c>), past a gate: git writes its files only when it is accepted.</summary>
public sealed class UpdatedCheckoutTests(UpdatedDeployment deployment) : IClassFixture<UpdatedDeployment>
{
    private const string Edited = Checkout.Service + "ServiceVersion.cs";

    private Checkout Checkout => deployment.Checkout;

    [Fact(Timeout = 300_000)]
    public async Task Push_that_passes_updates_the_checkout_and_deploys_the_release_of_the_gate_which_is_not_built_again()
    {
        await using var traffic = await Traffic.Start(Checkout);
        var builtBefore = Builds();

        var (commit, told) = await deployment.Push("pushed", CheckoutFiles.ServiceVersion("passed"));

        Assert.Equal("version passed", await traffic.Agree("/version"));
        Assert.Equal((commit, ""), (await Checkout.Git("rev-parse", "HEAD"), await Checkout.Git("status", "--porcelain")));
        Assert.Equal(CheckoutFiles.ServiceVersion("passed"), Checkout.Read(Edited));
        var status = await Checkout.Status();
        Assert.Equal(commit, status.Text("commit"));
        Assert.Single(told, l => l.Contains($"version {status.Version} ", StringComparison.Ordinal));
        var history = (await Checkout.Run("history", "--count", "2")).Events;
        Assert.Equal(["committed", "rehearsed"], history.Select(e => e.Text("verdict")));
        Assert.Single(history.Select(e => e.Text("release")).Append(status.Text("release")).Distinct());
        Assert.Equal(builtBefore + 1, Builds());
        await traffic.Stop();
    }

    [Fact(Timeout = 300_000)]
    public async Task Push_that_does_not_build_leaves_checkout_and_service_as_they_are_and_the_pusher_reads_why()
    {
        await using var traffic = await Traffic.Start(Checkout, names: "r");
        var (served, text, before) = (await traffic.Agree("/version"), Checkout.Read(Edited), await Standing());

        var push = await deployment.TryPush("broken", CheckoutFiles.ServiceVersion("broken").Replace("const string", "const int", StringComparison.Ordinal));

        Assert.False(push.Accepted);
        Assert.Contains(push.Told, l => l.StartsWith("src/Service/ServiceVersion.cs(5,29): error CS0029", StringComparison.Ordinal));
        Assert.Contains(push.Told, l => l.Contains("REJECTED", StringComparison.Ordinal) && l.Contains("does not build", StringComparison.Ordinal));
        Assert.Equal((served, text, before), (await traffic.Agree("/version"), Checkout.Read(Edited), await Standing()));
        await traffic.Stop();
    }

    [Fact(Timeout = 300_000)]
    public async Task Push_that_builds_and_is_refused_by_the_node_leaves_checkout_and_service_as_they_are_and_the_pusher_reads_why()
    {
        await using var traffic = await Traffic.Start(Checkout, names: "m");
        var (served, text, before) = (await traffic.Agree("/version"), Checkout.Read(Edited), await Standing());

        // A service has one class that implements IService.
        var push = await deployment.TryPush("unfit", CheckoutFiles.ServiceVersion("unfit") + "\npublic sealed class Broken : WatchReload.Actors.IService { public void Configure(WatchReload.Actors.IServiceBuilder service) { } }");

        Assert.False(push.Accepted);
        Assert.Contains(push.Told, l => l.Contains("REJECTED", StringComparison.Ordinal) && l.Contains("it is refused", StringComparison.Ordinal));
        Assert.Equal((served, text, before), (await traffic.Agree("/version"), Checkout.Read(Edited), await Standing()));
        await traffic.Stop();
    }

    /// <summary>Git itself would refuse to update such a checkout, but only after the gate had built for nothing.</summary>
    [Fact(Timeout = 300_000)]
    public async Task Push_is_rejected_at_the_gate_and_the_edit_kept_when_the_checkout_was_edited()
    {
        var (before, builds, text) = (await Standing(), Builds(), Checkout.Read(Edited));
        Checkout.Save(Edited, text + "// edited here\n");
        try
        {
            var push = await deployment.TryPush("over an edit", CheckoutFiles.ServiceVersion("over"));

            Assert.False(push.Accepted);
            Assert.Contains(push.Told, l => l.Contains($"changes that are not committed: {Edited}", StringComparison.Ordinal));
            Assert.EndsWith("// edited here\n", Checkout.Read(Edited), StringComparison.Ordinal);
            Assert.Equal(builds, Builds());
        }
        finally
        {
            Checkout.Save(Edited, text);
        }

        Assert.Equal(before, await Standing());
    }

    /// <summary>How often the daemon has built.</summary>
    private int Builds() => deployment.Daemon.Events.All.Count(e => e.Name == "build.started");

    /// <summary>Where the checkout and the node are.</summary>
    private async Task<(string Head, string Changes, int Version, string? Release)> Standing()
    {
        var status = await Checkout.Status();
        return (await Checkout.Git("rev-parse", "HEAD"), await Checkout.Git("status", "--porcelain"), status.Version, status.Text("release"));
    }
}
