using WatchReload.Control;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Tests.Releases;

public sealed class CatalogTests
{
    [Fact(Timeout = 60_000)]
    public async Task Release_is_found_when_asked_for_by_id_number_or_commit()
    {
        using var shop = new Workshop();
        await shop.StageNew(Workshop.Info with { Commit = "abcd1111" + new string('0', 32) });
        await shop.StageNew(Workshop.Info with { Commit = "abcd2222" + new string('0', 32) });
        await shop.StageNew(Workshop.Info with { Commit = "abcd2222" + new string('0', 32) });
        foreach (var (asked, id) in new[] { ("r000002", "r000002"), ("2", "r000002"), ("r2", "r000002"), ("r01", "r000001"), ("abcd1", "r000001"), ("ABCD2222", "r000003") })
            Assert.Equal((asked, id), (asked, shop.Store.Find(asked).Release?.Id));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("r000009", "There is no release r000009.")]
    [InlineData("../r000001", "There is no release ../r000001.")]
    [InlineData("", "There is no release .")]
    [InlineData("99999999999999999999", "There is no release 99999999999999999999, and none of a commit that begins so.")]
    [InlineData("abcd", "Several commits begin with abcd.")]
    [InlineData("beef", "There is no release beef, and none of a commit that begins so.")]
    [InlineData("r00", "r00 may be r000002, r000001.")]
    public async Task Lookup_says_why_when_there_is_no_such_release(string asked, string cause)
    {
        using var shop = new Workshop();
        await shop.StageNew(Workshop.Info with { Commit = "abcd1" });
        await shop.StageNew(Workshop.Info with { Commit = "abcd2" });
        var lookup = shop.Store.Find(asked);
        Assert.Equal((false, cause), (lookup.Found, lookup.Cause));
        Assert.NotEmpty(lookup.Remedy!);
    }

    [Fact(Timeout = 60_000)]
    public async Task Order_is_by_number_when_ids_have_grown_longer()
    {
        using var shop = new Workshop();
        await shop.Stage();
        DurableFile.Write(shop.State.Sequence, "999998\n");
        await shop.StageNew();
        await shop.StageNew();
        Assert.Equal(["r1000000", "r999999", "r000001"], shop.Store.List().Select(release => release.Id));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("{", "release.json")]
    [InlineData("null", "It holds null.")]
    [InlineData("{}", "release.json")]
    [InlineData("{\"format\":2,\"id\":\"r000001\",\"sourceHash\":\"\",\"contentHash\":\"\",\"lane\":\"\",\"configuration\":\"\",\"sdk\":\"\",\"actorsVersion\":\"\",\"runtime\":\"\",\"time\":\"2026-01-01T00:00:00Z\",\"entryAssembly\":\"\",\"files\":[]}", "Its format is 2; this version knows 1.")]
    [InlineData("{\"format\":1,\"id\":\"r000002\",\"sourceHash\":\"\",\"contentHash\":\"\",\"lane\":\"\",\"configuration\":\"\",\"sdk\":\"\",\"actorsVersion\":\"\",\"runtime\":\"\",\"time\":\"2026-01-01T00:00:00Z\",\"entryAssembly\":\"\",\"files\":[]}", "It says that it is r000002.")]
    [InlineData("{\"format\":1,\"id\":\"r000001\",\"sourceHash\":\"\",\"contentHash\":\"\",\"lane\":\"\",\"configuration\":\"\",\"sdk\":\"\",\"actorsVersion\":\"\",\"runtime\":\"\",\"time\":\"2026-01-01T00:00:00Z\",\"entryAssembly\":\"\",\"files\":[null]}", "It is incomplete.")]
    [InlineData("{\"format\":1,\"id\":\"r000001\",\"sourceHash\":\"\",\"contentHash\":null,\"lane\":\"\",\"configuration\":\"\",\"sdk\":\"\",\"actorsVersion\":\"\",\"runtime\":\"\",\"time\":\"2026-01-01T00:00:00Z\",\"entryAssembly\":\"\",\"files\":[]}", "contentHash")]
    public async Task Damage_is_named_when_a_manifest_was_changed_on_disk(string json, string cause)
    {
        using var shop = new Workshop();
        var release = await shop.Stage();
        var path = Path.Combine(release.Directory, ReleaseManifest.FileName);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(path, json, Workshop.Cancellation);
        Assert.Contains(cause, shop.Store.Find("r000001").Cause, StringComparison.Ordinal);
        Assert.Empty(shop.Store.List());
        Assert.Equal("r000002", (await shop.Stage()).Id);
    }

    [Fact(Timeout = 60_000)]
    public async Task Manifest_hash_is_another_when_one_byte_was_changed_on_disk()
    {
        using var shop = new Workshop();
        var release = await shop.Stage();
        var path = Path.Combine(release.Directory, ReleaseManifest.FileName);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.AppendAllTextAsync(path, " ", Workshop.Cancellation);
        Assert.NotEqual(release.ManifestHash, shop.Store.Find(release.Id).Release!.ManifestHash);
    }

    [Fact(Timeout = 60_000)]
    public async Task Previous_passes_over_equal_content_and_bad_releases()
    {
        using var shop = new Workshop();
        var good = await shop.StageNew();
        var bad = await shop.StageNew();
        await shop.StageNew();
        await shop.Stage(info: Workshop.Info with { Commit = null });
        await File.WriteAllTextAsync(shop.State.Bad, $"{bad.Manifest.ContentHash}\n{good.Manifest.ContentHash[..20]}", Workshop.Cancellation); // the second line is torn
        Assert.Equal(good.Id, shop.Store.Previous("r000004").Release?.Id);
        Assert.Equal("No release before r000001 is kept that has other content, and was neither refused nor has failed on trial.", shop.Store.Previous("r000001").Cause);
        Assert.Equal("There is no release r000007.", shop.Store.Previous("r000007").Cause);
        Assert.Equal([bad.Manifest.ContentHash], shop.Store.Bad());
    }

    [Fact(Timeout = 60_000)]
    public async Task Releases_that_failed_are_read_again_only_when_there_are_others()
    {
        using var shop = new Workshop();
        var (failed, next) = (await shop.StageNew(), await shop.StageNew());
        await File.WriteAllTextAsync(shop.State.Bad, failed.Manifest.ContentHash + "\n", Workshop.Cancellation);
        Assert.Equal([failed.Id], shop.Store.Failed().Select(r => r.Id));
        Damage(failed);

        Assert.Equal([failed.Id], shop.Store.Failed().Select(r => r.Id)); // not read
        await File.AppendAllTextAsync(shop.State.Bad, next.Manifest.ContentHash + "\n", Workshop.Cancellation);
        Assert.Equal([next.Id], shop.Store.Failed().Select(r => r.Id));
        Damage(next);
        await shop.StageNew();
        Assert.Empty(shop.Store.Failed());

        static void Damage(Release release)
        {
            var path = Path.Combine(release.Directory, ReleaseManifest.FileName);
            File.SetAttributes(path, FileAttributes.Normal);
            File.WriteAllText(path, "{");
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_that_no_node_let_in_is_fallen_back_to()
    {
        using var shop = new Workshop();
        var built = await shop.StageNew();
        var (served, refused, rehearsed, newest) = (await shop.StageNew(), await shop.StageNew(), await shop.StageNew(), await shop.StageNew());
        await Tried(refused, "refused");
        await Tried(rehearsed, "rehearsed");
        Assert.Equal((served.Id, served.Id), (shop.Store.Previous(newest.Id).Release?.Id, shop.Store.Instead("main", newest.Id, null))); // nothing is known against it
        await Tried(served, "refused");
        Assert.Equal(built.Id, shop.Store.Instead("main", newest.Id, null));

        await Tried(served, "started");
        await Tried(newest, "committed");

        Assert.Equal((served.Id, newest.Id), (shop.Store.Instead("main", newest.Id, null), shop.Store.Instead("main", served.Id, null)));

        // Neither starts: what was built since, and not only rehearsed.
        Assert.Null(shop.Store.Instead("main", newest.Id, served.Id));
        var (mended, atTheGate) = (await shop.StageNew(), await shop.StageNew());
        await Tried(mended, "refused"); // no node ran
        await Tried(atTheGate, "rehearsed");
        Assert.Equal((mended.Id, null), (shop.Store.Instead("main", newest.Id, served.Id), shop.Store.Instead("main", newest.Id, mended.Id)));

        Task Tried(Release release, string verdict) => shop.History.Append(
            new HistoryEntry { Time = DateTimeOffset.UnixEpoch, Cause = "pull", Verdict = verdict, Node = "main", Release = release.Id, ContentHash = release.Manifest.ContentHash, Rehearsed = verdict == "rehearsed" },
            Workshop.Cancellation);
    }

    [Fact(Timeout = 60_000)]
    public async Task Fallback_of_a_node_is_what_served_on_that_node_and_of_a_new_one_what_served_on_others()
    {
        using var shop = new Workshop();
        var (one, two, three, newest) = (await shop.StageNew(), await shop.StageNew(), await shop.StageNew(), await shop.StageNew());
        foreach (var (release, node) in new[] { (one, "a"), (two, "b"), (newest, "a"), (newest, "b") })
        {
            await shop.History.Append(
                new HistoryEntry { Time = DateTimeOffset.UnixEpoch, Cause = "pull", Verdict = "committed", Node = node, Release = release.Id, ContentHash = release.Manifest.ContentHash },
                Workshop.Cancellation);
        }

        Assert.Equal([one.Id, two.Id, two.Id], new[] { "a", "b", "new" }.Select(node => shop.Store.Instead(node, newest.Id, null)));
        Assert.Equal([newest.Id, two.Id], new[] { "a", "b" }.Select(node => shop.Store.Instead(node, node == "a" ? one.Id : three.Id, null)));
    }
}
