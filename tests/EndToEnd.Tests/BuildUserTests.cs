using WatchReload.EndToEnd.Tests.Support;

namespace WatchReload.EndToEnd.Tests;

/// <summary>Builds are another user's than the service: pushes are live as ever, and what is built cannot get at what is the service's.</summary>
public sealed class BuildUserTests(BuildUserDeployment deployment) : IClassFixture<BuildUserDeployment>
{
    [Fact(Timeout = 300_000)]
    public async Task Two_pushes_are_built_as_that_user_which_is_denied_the_cookie_and_the_pipe()
    {
        deployment.SkipIfAlone();
        await using var traffic = await Traffic.Start(deployment.Checkout);

        await deployment.Push("first", CheckoutFiles.ServiceVersion("built by another"));
        Assert.Equal("version built by another", await traffic.Agree("/version"));
        await deployment.Push("second", CheckoutFiles.ServiceVersion("built again"));
        Assert.Equal("version built again", await traffic.Agree("/version"));

        var status = await deployment.Checkout.Status();
        var seen = await File.ReadAllLinesAsync(Path.Combine(deployment.Checkout.State.Release(status.Text("release")!), "seen.txt"), TestContext.Current.CancellationToken);
        Assert.Equal(BuildUserDeployment.Denied, seen);
        Assert.Equal(["root", "read", "connected"], await deployment.Spy());
        Assert.False(Directory.Exists(deployment.Checkout.State.Build)); // nothing was built as the service's user
        await traffic.Stop();
    }

    [Fact(Timeout = 300_000)]
    public async Task A_link_to_the_cookie_among_the_outputs_gets_into_no_release()
    {
        deployment.SkipIfAlone();
        var before = await deployment.Checkout.Status();
        var cookie = await File.ReadAllTextAsync(deployment.Checkout.State.Cookie, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(deployment.Checkout.Beside("clone"), Checkout.Service, "leak"), "", TestContext.Current.CancellationToken);
        await deployment.Checkout.Git("-C", deployment.Checkout.Beside("clone"), "add", "--all");

        var (_, told) = await deployment.Push("leaks", CheckoutFiles.ServiceVersion("leaks"));

        Assert.Contains(told, l => l.Contains("leak.txt", StringComparison.Ordinal) && l.Contains("cannot be read by nobody", StringComparison.Ordinal));
        var after = await deployment.Checkout.Status();
        Assert.Equal((before.Version, before.Text("release")), (after.Version, after.Text("release")));
        foreach (var file in Directory.EnumerateFiles(deployment.Checkout.State.Releases, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain(cookie.Trim(), await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await deployment.Checkout.Git("-C", deployment.Checkout.Beside("clone"), "rm", "--quiet", "-f", Checkout.Service + "leak");
        await deployment.Push("leaks no more", CheckoutFiles.ServiceVersion("leaks no more"));
    }

    [Fact(Timeout = 300_000)]
    public async Task A_directory_that_was_given_to_another_fails_the_build_with_the_remedy_and_the_service_goes_on()
    {
        deployment.SkipIfAlone();
        await using var traffic = await Traffic.Start(deployment.Checkout, names: "d");
        var before = await traffic.Agree("/version");
        await Processes.Run("chown", "root", deployment.Home);
        Processes.Crash(deployment.BuilderId()); // one that runs need not be started

        var (_, told) = await deployment.Push("refused", CheckoutFiles.ServiceVersion("refused"));

        Assert.Contains(told, l => l.Contains($"chown nobody {deployment.Home}", StringComparison.Ordinal));
        Assert.Equal(before, await traffic.Agree("/version"));
        var doctor = await deployment.Checkout.Run("doctor");
        Assert.Contains(doctor.Events, e => e.Text("check") == "build" && e.Text("remedy") == $"Give it to that user: chown nobody {deployment.Home}");
        await Processes.Run("chown", "nobody", deployment.Home);
        doctor = await deployment.Checkout.Run("doctor");
        Assert.Contains(doctor.Events, e => e.Text("check") == "build" && e.Text("result") == "ok");
        await deployment.Push("mended", CheckoutFiles.ServiceVersion("mended"));
        Assert.Equal("version mended", await traffic.Agree("/version"));
        await traffic.Stop();
    }
}

/// <summary>The same, where a push is built before it is accepted: from a tree that the user that builds can read and not change.</summary>
public sealed class GatedBuildUserTests(GatedBuildUserDeployment deployment) : IClassFixture<GatedBuildUserDeployment>
{
    [Fact(Timeout = 300_000)]
    public async Task A_push_is_built_as_that_user_before_it_is_accepted()
    {
        deployment.SkipIfAlone();
        await using var traffic = await Traffic.Start(deployment.Checkout);

        await deployment.Push("gated", CheckoutFiles.ServiceVersion("gated"));

        Assert.Equal("version gated", await traffic.Agree("/version"));
        var status = await deployment.Checkout.Status();
        Assert.Equal(BuildUserDeployment.Denied, await File.ReadAllLinesAsync(Path.Combine(deployment.Checkout.State.Release(status.Text("release")!), "seen.txt"), TestContext.Current.CancellationToken));
        var history = (await deployment.Checkout.Run("history", "--count", "2")).Events;
        Assert.Single(history.Select(e => e.Text("release")).Distinct());
        var rejected = await deployment.TryPush("broken", CheckoutFiles.ServiceVersion("broken").Replace("const string", "const int", StringComparison.Ordinal));
        Assert.False(rejected.Accepted);
        Assert.Contains(rejected.Told, l => l.StartsWith("src/Service/ServiceVersion.cs(5,29): error CS0029", StringComparison.Ordinal));
        await traffic.Stop();
    }
}
