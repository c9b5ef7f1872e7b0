using WatchReload.EndToEnd.Tests.Support;

namespace WatchReload.EndToEnd.Tests;

/// <summary>A push is the deployment, and whoever pushed reads the verdict.</summary>
public sealed class PushTests(Deployment deployment) : IClassFixture<Deployment>
{
    [Fact(Timeout = 300_000)]
    public async Task Push_is_live_on_open_connections_and_the_pusher_is_told_when_the_hook_is_installed()
    {
        await using var traffic = await Traffic.Start(deployment.Checkout);

        var (commit, told) = await deployment.Push("pushed", CheckoutFiles.ServiceVersion("pushed"));

        Assert.Equal("version pushed", await traffic.Agree("/version"));
        var status = await deployment.Checkout.Status();
        Assert.Equal(commit, status.Text("commit"));
        var verdict = Assert.Single(told, l => l.Contains($"version {status.Version} ", StringComparison.Ordinal));
        Assert.Contains(commit[..7], verdict, StringComparison.Ordinal);
        Assert.Matches("(replay|build) [0-9.]+ m?s ", verdict); // as far as the proof of the compilations has come
        await traffic.Stop();
    }

    [Fact(Timeout = 300_000)]
    public async Task Pusher_sees_the_compiler_error_and_the_service_goes_on_when_the_push_does_not_compile()
    {
        await using var traffic = await Traffic.Start(deployment.Checkout, names: "d");
        var served = await traffic.Agree("/version");
        var before = await deployment.Checkout.Status();

        var (commit, told) = await deployment.Push("broken", CheckoutFiles.ServiceVersion("broken").Replace("const string", "const int", StringComparison.Ordinal));

        Assert.Contains(told, l => l.StartsWith("src/Service/ServiceVersion.cs(5,29): error CS0029", StringComparison.Ordinal));
        Assert.Contains(told, l => l.Contains("FAILED", StringComparison.Ordinal) && l.Contains(commit[..10], StringComparison.Ordinal));
        Assert.Equal(served, await traffic.Agree("/version"));
        var after = await deployment.Checkout.Status();
        Assert.Equal((before.Version, before.Text("release")), (after.Version, after.Text("release")));

        await deployment.Push("mended", CheckoutFiles.ServiceVersion("mended"));
        Assert.Equal("version mended", await traffic.Agree("/version"));
        await traffic.Stop();
    }

    [Fact(Timeout = 300_000)]
    public async Task Deploy_goes_on_and_can_be_attached_to_when_the_push_is_interrupted()
    {
        var checkout = deployment.Checkout;
        await using var traffic = await Traffic.Start(checkout, names: "i");
        await File.AppendAllTextAsync(checkout[".git/info/exclude"], "/Directory.Build.targets\n", TestContext.Current.CancellationToken); // what pauses the build is no part of the tree
        using var pause = await BuildPause.Begin(checkout);
        var (commit, push) = await deployment.StartPush("interrupted", CheckoutFiles.ServiceVersion("interrupted"));
        using (push)
        {
            await pause.Reached();

            await push.Interrupt();

            var attach = checkout.Start("attach");
            var pulled = await attach.Event("git.pulled");
            Assert.Equal(commit, pulled.Text("to"));
            Assert.Equal("hook", (await attach.Event("build.started")).Text("cause"));
            pause.End();
            Assert.Equal(commit, (await attach.Committed()).Text("commit"));
            Assert.Equal(0, await attach.Exit());
            await push.Gone();
        }

        Assert.Equal("version interrupted", await traffic.Agree("/version"));
        var status = await checkout.Status();
        Assert.Equal((commit, commit), (status.Text("commit"), await checkout.Git("rev-parse", "HEAD")));
        var remembered = Assert.Single((await checkout.Run("history", "--count", "1")).Events);
        Assert.Equal(("hook", "committed", commit, status.Text("release")), (remembered.Text("cause"), remembered.Text("verdict"), remembered.Text("commit"), remembered.Text("release")));

        // Nothing is left behind that the next push would meet.
        await deployment.Push("after it", CheckoutFiles.ServiceVersion("after"));
        Assert.Equal("version after", await traffic.Agree("/version"));
        await traffic.Stop();
    }
}
