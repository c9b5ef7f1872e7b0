using WatchReload.EndToEnd.Tests.Support;

namespace WatchReload.EndToEnd.Tests;

/// <summary>A push is built and rehearsed before git accepts it.</summary>
public sealed class GatedPushTests(GatedDeployment deployment) : IClassFixture<GatedDeployment>
{
    [Fact(Timeout = 300_000)]
    public async Task Push_is_accepted_when_it_passes_and_what_was_rehearsed_is_what_is_deployed()
    {
        await using var traffic = await Traffic.Start(deployment.Checkout);

        var (commit, told) = await deployment.Push("pushed", CheckoutFiles.ServiceVersion("gated"));

        Assert.Equal("version gated", await traffic.Agree("/version"));
        var status = await deployment.Checkout.Status();
        Assert.Equal(commit, status.Text("commit"));
        Assert.Single(told, l => l.Contains($"version {status.Version} ", StringComparison.Ordinal));
        var history = (await deployment.Checkout.Run("history", "--count", "2")).Events;
        Assert.Equal(["committed", "rehearsed"], history.Select(e => e.Text("verdict")));
        Assert.Single(history.Select(e => e.Text("release")).Append(status.Text("release")).Distinct());
        await traffic.Stop();
    }

    [Fact(Timeout = 300_000)]
    public async Task Push_is_rejected_with_the_compiler_error_and_nothing_changes_when_it_does_not_build()
    {
        var (accepted, before) = (await deployment.Accepted(), await deployment.Checkout.Status());

        var push = await deployment.TryPush("broken", CheckoutFiles.ServiceVersion("broken").Replace("const string", "const int", StringComparison.Ordinal));

        Assert.False(push.Accepted);
        Assert.Contains(push.Told, l => l.StartsWith("src/Service/ServiceVersion.cs(5,29): error CS0029", StringComparison.Ordinal));
        Assert.Contains(push.Told, l => l.Contains("REJECTED", StringComparison.Ordinal));
        Assert.Equal(accepted, await deployment.Accepted());
        var after = await deployment.Checkout.Status();
        Assert.Equal((before.Version, before.Text("release")), (after.Version, after.Text("release")));
    }

    [Fact(Timeout = 300_000)]
    public async Task Rehearsed_pull_leaves_the_checkout_where_it_is()
    {
        var before = (await deployment.Checkout.Git("rev-parse", "HEAD"), (await deployment.Checkout.Status()).Text("release"));
        var commit = await deployment.PushWithoutHooks("rehearsed", CheckoutFiles.ServiceVersion("rehearsed"));

        var rehearsed = await deployment.Checkout.Run("pull", "--rehearse");

        Assert.True(rehearsed.ExitCode == 0, rehearsed.ToString());
        Assert.Equal("reload.rehearsed", rehearsed.Events[^1].Name);
        Assert.Equal(before, (await deployment.Checkout.Git("rev-parse", "HEAD"), (await deployment.Checkout.Status()).Text("release")));
        var pulled = await deployment.Checkout.Run("pull");
        Assert.Equal((rehearsed.Events[^1].Text("release"), commit), (pulled.Events[^1].Text("release"), pulled.Events[^1].Text("commit")));
        Assert.DoesNotContain(pulled.Events, e => e.Name == "build.started");
    }
}
