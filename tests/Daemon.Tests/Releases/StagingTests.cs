using System.Security.Cryptography;
using WatchReload.Control;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Tests.Releases;

public sealed class StagingTests
{
    [Fact(Timeout = 60_000)]
    public async Task Release_holds_the_outputs_and_says_so_when_it_is_staged()
    {
        using var shop = new Workshop();
        var release = await shop.Stage(shop.BuildWithPackages);
        Assert.Equal(("r000001", shop.State.Release("r000001")), (release.Id, release.Directory));
        var manifest = release.Manifest;
        Assert.Equal(("build", "Release", "10.0.100", "ann", true), (manifest.Lane, manifest.Configuration, manifest.Sdk, manifest.By, manifest.Clean));
        Assert.Equal(["Service.dll", "config/appsettings.json"], manifest.Files.Select(file => file.Path));
        Assert.Equal(["Some.Package.dll", "runtimes/linux-x64/native/lib.so"], manifest.Packages!.Files.Select(file => file.Path));
        foreach (var (directory, file) in manifest.Files.Select(file => (release.Directory, file)).Concat(manifest.Packages.Files.Select(file => (shop.State.PackageSet(manifest.Packages.Hash), file))))
        {
            var bytes = await File.ReadAllBytesAsync(Path.Combine(directory, file.Path), Workshop.Cancellation);
            Assert.Equal((bytes.LongLength, Convert.ToHexStringLower(SHA256.HashData(bytes))), (file.Length, file.Sha256));
        }

        Assert.Equal(typeof(StateDirectory).Module.ModuleVersionId, manifest.Files[0].Mvid);
        Assert.Null(manifest.Files[1].Mvid);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(release.Directory, "release.json"), Workshop.Cancellation))), release.ManifestHash);
        Assert.Equal(release.ManifestHash, shop.Store.Find("r000001").Release!.ManifestHash);
        Assert.Contains("a project file changed", await File.ReadAllTextAsync(shop.State.ReleaseLog("r000001"), Workshop.Cancellation), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Assemblies_of_packages_that_are_loaded_with_each_version_are_named_and_count_as_content()
    {
        using var shop = new Workshop();
        var plain = await shop.Stage(shop.BuildWithPackages, Workshop.Info with { PerVersion = ["Other*"] });
        var release = await shop.Stage(shop.BuildWithPackages, Workshop.Info with { PerVersion = ["Other", "some.*"] });
        Assert.Empty(plain.Manifest.PerVersion);
        Assert.Equal(["Some.Package"], release.Manifest.PerVersion);
        Assert.NotEqual(plain.Manifest.ContentHash, release.Manifest.ContentHash);
    }

    [Fact(Timeout = 60_000)]
    public async Task How_it_was_built_is_for_its_user_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes.");
        using var shop = new Workshop();
        var release = await shop.Stage();
        Assert.Equal("rw-------", Mode(shop.State.ReleaseLog(release.Id)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Release_is_read_only_and_no_link_when_it_is_staged()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes.");
        using var shop = new Workshop();
        var release = await shop.Stage(shop.BuildWithPackages);
        foreach (var root in new[] { release.Directory, shop.State.PackageSet(release.Manifest.Packages!.Hash) })
        {
            Assert.Equal("r-x------", Mode(root));
            Assert.All(Directory.EnumerateDirectories(root, "*", SearchOption.AllDirectories), directory => Assert.Equal("r-x------", Mode(directory)));
            Assert.All(Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories), file => Assert.StartsWith("r-", Mode(file), StringComparison.Ordinal));
        }

        var before = await File.ReadAllBytesAsync(Path.Combine(release.Directory, "Service.dll"), Workshop.Cancellation);
        await File.WriteAllTextAsync(shop.Source("Service.dll"), "the next build", Workshop.Cancellation);
        Assert.Equal(before, await File.ReadAllBytesAsync(Path.Combine(release.Directory, "Service.dll"), Workshop.Cancellation));
    }

    [Fact(Timeout = 60_000)]
    public async Task Content_hash_is_the_same_when_only_id_commit_and_time_differ()
    {
        using var shop = new Workshop();
        var first = await shop.Stage();
        var second = await shop.Stage(info: Workshop.Info with { Commit = new string('d', 40), Clean = false });
        var third = await shop.StageNew();
        Assert.Equal(first.Manifest.ContentHash, second.Manifest.ContentHash);
        Assert.NotEqual(first.ManifestHash, second.ManifestHash);
        Assert.NotEqual(first.Manifest.ContentHash, third.Manifest.ContentHash);
    }

    [Fact(Timeout = 60_000)]
    public async Task Newest_release_is_the_result_when_nothing_but_the_time_would_differ()
    {
        using var shop = new Workshop();
        var first = await shop.Stage();
        var again = await shop.NewStore().Stage(shop.Build, Workshop.Info, Workshop.Cancellation);
        Assert.Equal((true, first.ManifestHash), (again.Existing, again.Release?.ManifestHash));
        await shop.Stage(info: Workshop.Info with { SourceHash = new string('6', 64) });
        await shop.Stage(); // no longer the newest, so it is staged anew
        Assert.Equal(["r000003", "r000002", "r000001"], shop.Store.List().Select(release => release.Id));
    }

    [Fact(Timeout = 60_000)]
    public async Task Package_set_is_stored_once_when_releases_share_it()
    {
        using var shop = new Workshop();
        var first = await shop.Stage(shop.BuildWithPackages);
        shop.Write("appsettings.json", "{ \"other\": 1 }");
        var second = await shop.Stage(shop.BuildWithPackages);
        Assert.Equal(first.Manifest.Packages!.Hash, second.Manifest.Packages!.Hash);
        Assert.Single(Directory.EnumerateDirectories(shop.State.Packages));
    }

    [Fact(Timeout = 60_000)]
    public async Task Package_is_read_again_when_a_file_of_its_length_and_time_has_taken_its_place()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere .NET tells no time of changes");
        using var shop = new Workshop();
        var build = shop.BuildWithPackages;
        File.SetLastWriteTimeUtc(shop.Source("Some.Package.dll"), DateTime.UnixEpoch);
        var first = await shop.Stage(build);
        shop.Write("Some.Package.dll", "PACKAGE");
        File.SetLastWriteTimeUtc(shop.Source("Some.Package.dll"), DateTime.UnixEpoch); // as cp -p does it
        var second = await shop.Stage(build);
        Assert.NotEqual(first.Manifest.Packages!.Hash, second.Manifest.Packages!.Hash);
    }

    [Fact(Timeout = 60_000)]
    public async Task Package_set_is_written_again_when_it_was_damaged()
    {
        using var shop = new Workshop();
        var first = await shop.Stage(shop.BuildWithPackages);
        var set = shop.State.PackageSet(first.Manifest.Packages!.Hash);
        SealedDirectory.Delete(set);
        Directory.CreateDirectory(set);
        await shop.Stage(shop.BuildWithPackages, Workshop.Info with { Commit = null });
        Assert.Equal("package", await File.ReadAllTextAsync(Path.Combine(set, "Some.Package.dll"), Workshop.Cancellation));
        shop.AssertNothingHalf();
    }

    [Theory(Timeout = 60_000)]
    [InlineData("changed", true)]
    [InlineData("changed", false)]
    [InlineData("added", true)]
    public async Task Package_set_is_written_again_when_a_file_was_damaged_that_is_as_long_as_before(string damage, bool byAnother)
    {
        using var shop = new Workshop();
        var build = shop.BuildWithPackages;
        var first = await shop.Stage(build);
        var set = shop.State.PackageSet(first.Manifest.Packages!.Hash);
        Damage(set, damage);
        Assert.False(shop.Store.IsWhole(first, Workshop.Cancellation));

        var again = await (byAnother ? shop.NewStore() : shop.Store).Stage(build, Workshop.Info, Workshop.Cancellation);

        Assert.Equal(first.Id, again.Release!.Id);
        Assert.True(shop.Store.IsWhole(first, Workshop.Cancellation));
        Assert.Equal(2, Directory.EnumerateFiles(set, "*", SearchOption.AllDirectories).Count());
        shop.AssertNothingHalf();
    }

    [Fact(Timeout = 60_000)]
    public async Task Package_set_is_read_again_when_a_node_has_cause_to_doubt_it_though_its_files_look_as_before()
    {
        using var shop = new Workshop();
        var build = shop.BuildWithPackages;
        var first = await shop.Stage(build);
        var set = shop.State.PackageSet(first.Manifest.Packages!.Hash);
        // Long ago, so that its looks are believed once it was read.
        foreach (var file in Directory.EnumerateFiles(set, "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        Assert.True(shop.Store.IsWhole(first, Workshop.Cancellation));
        Damage(set, "changed");
        File.SetLastWriteTimeUtc(Path.Combine(set, "Some.Package.dll"), DateTime.UnixEpoch);
        Assert.True(shop.Store.IsWhole(first, Workshop.Cancellation)); // as nobody reads it

        shop.Store.Doubt();
        await shop.Store.Stage(build, Workshop.Info, Workshop.Cancellation);

        Assert.Equal("package", await File.ReadAllTextAsync(Path.Combine(set, "Some.Package.dll"), Workshop.Cancellation));
    }

    [Fact(Timeout = 60_000)]
    public async Task Leftovers_are_removed_when_a_process_died_before_the_rename()
    {
        using var shop = new Workshop();
        await shop.Stage(shop.BuildWithPackages);
        foreach (var parent in new[] { shop.State.Releases, shop.State.Packages })
        {
            foreach (var name in new[] { ".staging-dead", ".doomed-r000000-dead" })
            {
                Directory.CreateDirectory(Path.Combine(parent, name, "sub"));
                await File.WriteAllTextAsync(Path.Combine(parent, name, "sub", "half"), "x", Workshop.Cancellation);
                SealedDirectory.Seal(Path.Combine(parent, name));
            }
        }

        Assert.Single(shop.Store.List());
        Assert.Empty(await shop.Store.Prune(10, Workshop.Cancellation));
        shop.AssertNothingHalf();
        Assert.Single(Directory.EnumerateDirectories(shop.State.Releases));
    }

    [Fact(Timeout = 120_000)]
    public async Task Every_release_is_whole_and_has_its_own_id_when_many_stage_at_once()
    {
        using var shop = new Workshop();
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            shop.NewStore().Stage(shop.Build, Workshop.Info with { SourceHash = i.ToString(System.Globalization.CultureInfo.InvariantCulture) }, Workshop.Cancellation)));
        Assert.All(results, result => Assert.True(result.Succeeded, result.Cause));
        Assert.Equal(Enumerable.Range(1, 8).Select(i => $"r00000{i}"), results.Select(result => result.Release!.Id).Order());
        shop.AssertNothingHalf();
    }

    [Fact(Timeout = 60_000)]
    public async Task Staging_waits_when_another_process_holds_the_lock()
    {
        using var shop = new Workshop();
        await shop.Stage();
        var held = FileLock.TryAcquire(shop.State.ReleasesLock);
        Assert.Empty(await shop.Store.Prune(1, Workshop.Cancellation)); // does not wait: there is a next time
        var staging = shop.StageNew();
        Assert.False(staging.IsCompleted);
        held!.Dispose();
        Assert.Equal("r000002", (await staging).Id);
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_stays_when_staging_is_cancelled()
    {
        using var shop = new Workshop();
        await shop.Stage();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => shop.Store.Stage(shop.Build, Workshop.Info with { Commit = null }, cancelled.Token));
        shop.AssertNothingHalf();
        Assert.Single(shop.Store.List());
    }

    private static void Damage(string set, string damage)
    {
        var file = Path.Combine(set, "Some.Package.dll");
        if (damage == "added")
        {
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(set, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            File.WriteAllText(Path.Combine(set, "Other.dll"), "other");
            return;
        }

        File.SetAttributes(file, FileAttributes.Normal);
        File.WriteAllText(file, "PACKAGE");
    }

    private static string Mode(string path)
    {
        if (OperatingSystem.IsWindows())
            return "";
        var mode = (int)File.GetUnixFileMode(path);
        return string.Concat("rwxrwxrwx".Select((letter, i) => (mode >> (8 - i) & 1) == 1 ? letter : '-'));
    }
}
