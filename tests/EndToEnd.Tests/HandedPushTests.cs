using WatchReload.EndToEnd.Tests.Support;

namespace WatchReload.EndToEnd.Tests;

/// <summary>Git runs as another user than the service, and a push is the deployment all the same.</summary>
public sealed class HandedPushTests(HandedDeployment deployment) : IClassFixture<HandedDeployment>
{
    [Fact(Timeout = 300_000)]
    public async Task Push_of_another_user_is_live_and_the_pusher_reads_the_verdict()
    {
        deployment.SkipIfAlone();
        await using var traffic = await Traffic.Start(deployment.Checkout);

        var (commit, told) = await deployment.Push("pushed", CheckoutFiles.ServiceVersion("handed"));

        Assert.Equal("version handed", await traffic.Agree("/version"));
        var status = await deployment.Checkout.Status();
        Assert.Equal(commit, status.Text("commit"));
        var verdict = Assert.Single(told, l => l.Contains($"version {status.Version} ", StringComparison.Ordinal));
        Assert.Contains(commit[..7], verdict, StringComparison.Ordinal);
        var history = Assert.Single((await deployment.Checkout.Run("history", "--count", "1")).Events);
        Assert.Equal(("hook", "uid 65533"), (history.Text("cause"), history.Text("by")));
        await traffic.Stop();
    }

    [Fact(Timeout = 300_000)]
    public async Task Pusher_sees_the_compiler_error_as_the_tree_has_the_file_and_the_service_goes_on()
    {
        deployment.SkipIfAlone();
        var before = await deployment.Checkout.Status();

        var (commit, told) = await deployment.Push("broken", CheckoutFiles.ServiceVersion("broken").Replace("const string", "const int", StringComparison.Ordinal));

        Assert.Contains(told, l => l.StartsWith("src/Service/ServiceVersion.cs(5,29): error CS0029", StringComparison.Ordinal));
        Assert.Contains(told, l => l.Contains("FAILED", StringComparison.Ordinal) && l.Contains(commit[..10], StringComparison.Ordinal));
        var after = await deployment.Checkout.Status();
        Assert.Equal((before.Version, before.Text("release")), (after.Version, after.Text("release")));
        await deployment.Push("mended", CheckoutFiles.ServiceVersion("mended"));
    }

    [Fact(Timeout = 300_000)]
    public async Task Commands_of_the_git_user_and_of_a_stranger_say_what_they_may_not_do()
    {
        deployment.SkipIfAlone();
        string[] push = ["hook", "push", "--socket", deployment.Socket, "--ref", "refs/heads/main", "--commit", new string('a', 40)];

        var unknown = await deployment.Ask(push);
        Assert.Equal(5, unknown.ExitCode);
        Assert.Contains("aaaaaaaaaa is not on origin/main", unknown.Output, StringComparison.Ordinal);
        var other = await deployment.Ask(Array.ConvertAll(push, word => word == "refs/heads/main" ? "refs/heads/other" : word));
        Assert.Equal(5, other.ExitCode);
        Assert.Contains("what is deployed is refs/heads/main", other.Output, StringComparison.Ordinal);
        Assert.Equal((0, "Nothing is under way.\n"), await deployment.Ask("attach", "--socket", deployment.Socket));
        Assert.NotEqual(0, (await deployment.Ask("status", "--config", deployment.Checkout["watch.json"])).ExitCode);
        var stranger = await HandedDeployment.AskAsStranger(push);
        Assert.Equal(2, stranger.ExitCode);
        Assert.Contains("hook.group", stranger.Output, StringComparison.Ordinal);
        var nowhere = await deployment.Ask("attach", "--socket", "/nowhere/hook.sock");
        Assert.Equal(6, nowhere.ExitCode);
        Assert.Contains("Start the service's daemon", nowhere.Output, StringComparison.Ordinal);
    }
}

/// <summary>The same, where a push is accepted only when it builds and can be rehearsed: what git lets its own user alone read is handed over.</summary>
public sealed class GatedHandedPushTests(GatedHandedDeployment deployment) : IClassFixture<GatedHandedDeployment>
{
    [Fact(Timeout = 300_000)]
    public async Task Push_of_another_user_passes_the_gate_and_what_was_rehearsed_is_what_is_deployed()
    {
        deployment.SkipIfAlone();
        await using var traffic = await Traffic.Start(deployment.Checkout);

        var (commit, _) = await deployment.Push("pushed", CheckoutFiles.ServiceVersion("gated"));

        Assert.Equal("version gated", await traffic.Agree("/version"));
        var status = await deployment.Checkout.Status();
        Assert.Equal(commit, status.Text("commit"));
        var history = (await deployment.Checkout.Run("history", "--count", "2")).Events;
        Assert.Equal(["committed", "rehearsed"], history.Select(e => e.Text("verdict")));
        Assert.Single(history.Select(e => e.Text("release")).Append(status.Text("release")).Distinct());
        Assert.All(history, e => Assert.Equal("uid 65533", e.Text("by")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(deployment.Checkout.State.Root, "handed")));
        await traffic.Stop();
    }

    [Fact(Timeout = 300_000)]
    public async Task Push_of_another_user_is_rejected_with_the_compiler_error_and_nothing_changes()
    {
        deployment.SkipIfAlone();
        var (accepted, before) = (await deployment.Accepted(), await deployment.Checkout.Status());

        var push = await deployment.TryPush("broken", CheckoutFiles.ServiceVersion("broken").Replace("const string", "const int", StringComparison.Ordinal));

        Assert.False(push.Accepted);
        Assert.Contains(push.Told, l => l.StartsWith("src/Service/ServiceVersion.cs(5,29): error CS0029", StringComparison.Ordinal));
        Assert.Contains(push.Told, l => l.Contains("REJECTED: it does not build", StringComparison.Ordinal));
        Assert.Equal(accepted, await deployment.Accepted());
        var after = await deployment.Checkout.Status();
        Assert.Equal((before.Version, before.Text("release")), (after.Version, after.Text("release")));
    }
}
