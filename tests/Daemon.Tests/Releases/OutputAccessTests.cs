using WatchReload.Control;
using WatchReload.Daemon.Releases;
using WatchReload.Daemon.Tests.Git;

namespace WatchReload.Daemon.Tests.Releases;

/// <summary>Outputs of a build as another user: nothing gets into a release that this user could not have read.</summary>
public sealed class OutputAccessTests
{
    private static readonly StageInfo OfNobody = Workshop.Info with { Open = OutputAccess.Of("nobody") };

    public OutputAccessTests() => Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "Only root reads what is closed to others.");

    [Theory(Timeout = 60_000)]
    [InlineData(ReleaseFileKind.Content, false)]
    [InlineData(ReleaseFileKind.Package, false)]
    [InlineData(ReleaseFileKind.Content, true)]
    public async Task A_link_to_the_cookie_is_refused_and_no_release_is_made(ReleaseFileKind kind, bool hard)
    {
        using var shop = Opened();
        Cookie.LoadOrCreate(shop.State);
        var link = shop.Source("leak.txt");
        if (hard)
            await Shell.Run("/", "ln", [shop.State.Cookie, link]);
        else
            File.CreateSymbolicLink(link, shop.State.Cookie);
        var build = shop.Build with { Outputs = [.. shop.Build.Outputs, new(link, "leak.txt", kind, "Some.Package")] };

        var (cause, _) = await shop.FailToStage(build, OfNobody);

        Assert.Contains("leak.txt", cause, StringComparison.Ordinal);
        Assert.Contains("cannot be read by nobody", cause, StringComparison.Ordinal);
        Assert.Empty(shop.Store.List());
        Assert.True((await shop.Store.Stage(build, Workshop.Info, Workshop.Cancellation)).Succeeded); // it is the user that makes the difference
    }

    [Fact(Timeout = 60_000)]
    public async Task Outputs_that_the_user_can_read_are_staged()
    {
        using var shop = Opened();

        var release = await shop.Stage(shop.BuildWithPackages, OfNobody);

        Assert.Equal(["Service.dll", "config/appsettings.json"], release.Manifest.Files.Select(file => file.Path));
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_read_for_a_user_that_is_gone()
    {
        using var shop = Opened();

        var (cause, _) = await shop.FailToStage(shop.Build, Workshop.Info with { Open = OutputAccess.Of("no-such-user") });

        Assert.Contains("there is no user no-such-user", cause, StringComparison.Ordinal);
    }

    /// <summary>Other users can read what is built.</summary>
    private static Workshop Opened()
    {
        var shop = new Workshop();
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.GetDirectoryName(shop.Output)!, (UnixFileMode)0b111_101_101);
        return shop;
    }
}
