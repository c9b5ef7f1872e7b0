using WatchReload.Control;
using WatchReload.Tests;

namespace WatchReload.Daemon.Tests.Releases;

public sealed class DamagedManifestTests
{
    [Fact(Timeout = Fuzz.Longest)]
    public async Task A_release_is_listed_or_said_to_be_damaged_whatever_its_manifest_says()
    {
        using var shop = new Workshop();
        var release = await shop.Stage(shop.BuildWithPackages);
        var path = Path.Combine(release.Directory, ReleaseManifest.FileName);
        var good = await File.ReadAllBytesAsync(path, Workshop.Cancellation);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        await Fuzz.Each(1_000, [good], input =>
        {
            File.WriteAllBytes(path, input);
            var lookup = shop.Store.Find(release.Id);
            Assert.Equal(lookup.Found ? [release.Id] : [], shop.Store.List().Select(each => each.Id));
            if (lookup.Found)
                Assert.All(lookup.Release.Manifest.Files, file => Assert.NotNull(file.Path));
            else
                Assert.True(lookup is { Cause.Length: > 0, Remedy.Length: > 0 });
            Assert.True(shop.Store.Previous(release.Id) is { Found: false, Cause.Length: > 0, Remedy.Length: > 0 });
        });

        await File.WriteAllBytesAsync(path, good, Workshop.Cancellation);
        Assert.Equal(release.ManifestHash, shop.Store.Find(release.Id).Release!.ManifestHash);
    }
}
