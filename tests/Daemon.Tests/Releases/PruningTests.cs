using WatchReload.Control;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Tests.Releases;

public sealed class PruningTests
{
    [Fact(Timeout = 60_000)]
    public async Task Newest_stay_when_old_releases_are_pruned()
    {
        using var shop = new Workshop();
        for (var i = 0; i < 5; i++)
            await shop.StageNew();
        Assert.Equal(["r000001", "r000002", "r000003"], await shop.Store.Prune(2, Workshop.Cancellation));
        Assert.Equal(["r000005", "r000004"], shop.Store.List().Select(release => release.Id));
        Assert.Equal(["r000004", "r000004.log", "r000005", "r000005.log"], Directory.EnumerateFileSystemEntries(shop.State.Releases).Select(Path.GetFileName).Order());
    }

    [Fact(Timeout = 60_000)]
    public async Task Release_stays_when_a_node_may_start_on_it()
    {
        using var shop = new Workshop();
        for (var i = 0; i < 4; i++)
            await shop.StageNew();
        shop.Node("main", current: "r000001");
        shop.Node("other", current: "r000003", trial: "r000002");
        Assert.Empty(await shop.Store.Prune(1, Workshop.Cancellation));
        File.Delete(shop.State.Trial("other"));
        Assert.Equal(["r000002"], await shop.Store.Prune(1, Workshop.Cancellation));
    }

    [Fact(Timeout = 60_000)]
    public async Task Release_stays_when_a_node_is_started_on_it_in_the_place_of_another()
    {
        using var shop = new Workshop();
        for (var i = 0; i < 4; i++)
            await shop.StageNew();
        shop.Node("main", current: "r000002");
        DurableFile.Write(shop.State.Fallback("main"), """{ "failed": "r000002", "instead": "r000001" }""");
        Assert.Equal(["r000003"], await shop.Store.Prune(1, Workshop.Cancellation));
        DurableFile.Write(shop.State.Fallback("main"), "torn");
        Assert.Equal(["r000001"], await shop.Store.Prune(1, Workshop.Cancellation));
    }

    [Fact(Timeout = 60_000)]
    public async Task Release_stays_when_a_rollback_goes_back_to_it()
    {
        using var shop = new Workshop();
        for (var i = 0; i < 4; i++)
            await shop.StageNew();
        await shop.History.Append(new HistoryEntry { Time = DateTimeOffset.UnixEpoch, Cause = "pull", Verdict = "committed", Node = "main", Release = "r000001", ContentHash = "served" }, Workshop.Cancellation);
        Assert.Equal(["r000002", "r000003"], await shop.Store.Prune(1, Workshop.Cancellation));
    }

    [Fact(Timeout = 60_000)]
    public async Task Release_stays_when_somebody_holds_a_lease()
    {
        using var shop = new Workshop();
        var old = await shop.StageNew();
        await shop.StageNew();
        using (var lease = ReleaseLease.TryTake(shop.State, old.Id))
        using (var second = shop.Store.Lease(old))
        {
            Assert.NotNull(lease);
            Assert.NotNull(second);
            Assert.Empty(await shop.Store.Prune(1, Workshop.Cancellation));
        }

        Assert.Equal([old.Id], await shop.Store.Prune(1, Workshop.Cancellation));
        Assert.Null(ReleaseLease.TryTake(shop.State, old.Id));
        Assert.False(File.Exists(shop.State.ReleaseLock(old.Id)));
    }

    [Fact(Timeout = 60_000)]
    public async Task No_lease_is_given_when_the_release_is_being_pruned()
    {
        using var shop = new Workshop();
        var release = await shop.StageNew();
        using var alone = FileLock.TryAcquire(shop.State.ReleaseLock(release.Id));
        Assert.Null(ReleaseLease.TryTake(shop.State, release.Id));
    }

    [Fact(Timeout = 120_000)]
    public async Task Leased_release_is_there_when_leasing_and_pruning_race()
    {
        using var shop = new Workshop();
        for (var i = 0; i < 30; i++)
            await shop.StageNew();
        var leased = Task.Run(() => Enumerable.Range(1, 30).Select(i => ReleaseLease.TryTake(shop.State, ReleaseId.Of(i)) is { } lease ? (Id: ReleaseId.Of(i), lease) : default).Where(it => it.lease is not null).ToList(), Workshop.Cancellation);
        await shop.Store.Prune(1, Workshop.Cancellation);
        Assert.All(await leased, it => Assert.True(File.Exists(Path.Combine(shop.State.Release(it.Id), ReleaseManifest.FileName))));
        (await leased).ForEach(it => it.lease.Dispose());
        await shop.Store.Prune(1, Workshop.Cancellation);
        Assert.Single(shop.Store.List());
    }

    [Fact(Timeout = 60_000)]
    public async Task Package_set_goes_when_no_release_has_it_any_more()
    {
        using var shop = new Workshop();
        var first = await shop.Stage(shop.BuildWithPackages);
        var second = await shop.StageNew();
        Assert.Empty(await shop.Store.Prune(2, Workshop.Cancellation));
        Assert.True(Directory.Exists(shop.State.PackageSet(first.Manifest.Packages!.Hash)));
        Assert.Null(second.Manifest.Packages);
        await shop.Store.Prune(1, Workshop.Cancellation);
        Assert.Empty(Directory.EnumerateDirectories(shop.State.Packages));
    }

    [Fact(Timeout = 60_000)]
    public async Task Sequence_goes_on_when_releases_and_its_own_file_are_gone()
    {
        using var shop = new Workshop();
        await shop.StageNew();
        await shop.StageNew();
        await shop.Store.Prune(1, Workshop.Cancellation);
        Assert.Equal("r000003", (await shop.StageNew()).Id);

        await File.WriteAllTextAsync(shop.State.Sequence, "nonsense", Workshop.Cancellation);
        Assert.Equal("r000004", (await shop.StageNew()).Id);

        File.Delete(shop.State.Sequence);
        shop.Node("main", current: "r000007");
        Assert.Equal("r000008", (await shop.StageNew()).Id);

        File.Delete(shop.State.Sequence);
        await shop.History.Append(new HistoryEntry { Time = TimeProvider.System.GetUtcNow(), Cause = "run", Verdict = "committed", Release = "r000020" }, Workshop.Cancellation);
        Assert.Equal("r000021", (await shop.StageNew()).Id);
    }
}
