using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Daemon.Releases;
using WatchReload.Tests;

namespace WatchReload.Daemon.Tests.Releases;

/// <summary>A disk that is full becomes less so by what need not be kept, whether or not anything was delivered.</summary>
public sealed class FullDiskTests : IDisposable
{
    private const int Half = 256 << 10; // of the disk
    private readonly Scratch _scratch = new();
    private readonly SmallDisk? _disk;
    private readonly ReleaseStore _store;

    public FullDiskTests()
    {
        _disk = SmallDisk.Mount(_scratch.State);
        _store = new ReleaseStore(_scratch.State, TimeProvider.System, NullLogger<ReleaseStore>.Instance);
        Assert.SkipWhen(_disk is null, SmallDisk.None);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _disk?.Dispose();
        _scratch.Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task Room_is_made_of_what_a_killed_process_left_behind()
    {
        var release = await StagedRelease.Stage(_scratch, "one");
        var left = Directory.CreateDirectory(Path.Combine(_scratch.State.Releases, ".staging-dead"));
        await File.WriteAllBytesAsync(Path.Combine(left.FullName, "large"), new byte[Half], Cancellation);

        Assert.Null(await _store.NoRoom(Half, 10, 0, Cancellation));

        Assert.False(Directory.Exists(left.FullName));
        Assert.Equal(release.Id, Assert.Single(_store.List()).Id);
    }

    [Fact(Timeout = 60_000)]
    public async Task Room_is_made_of_releases_once_fewer_are_kept()
    {
        var (_, newer) = await TwoReleases();
        Assert.StartsWith($"The disk that holds {_scratch.State.Root} has ", (await _store.NoRoom(Half, 10, 0, Cancellation))!.Cause, StringComparison.Ordinal);
        Assert.Equal(2, _store.List().Count);

        Assert.Null(await _store.NoRoom(Half, 1, 0, Cancellation));

        Assert.Equal(newer.Id, Assert.Single(_store.List()).Id);
    }

    [Fact(Timeout = 60_000)]
    public async Task Releases_can_go_when_nothing_can_be_written_any_more()
    {
        var (older, _) = await TwoReleases();
        _disk!.Fill();

        Assert.Equal([older.Id], await _store.Prune(1, Cancellation));
    }

    [Fact(Timeout = 60_000)]
    public async Task Release_is_staged_in_the_place_of_one_that_is_not_kept()
    {
        var (older, newer) = await TwoReleases();
        _disk!.Fill();
        await Assert.ThrowsAsync<InvalidOperationException>(() => StagedRelease.Stage(_scratch, "three"));

        var staged = await StagedRelease.Stage(_scratch, "three", keep: 1);

        Assert.Equal([staged.Id, newer.Id], _store.List().Select(release => release.Id));
        Assert.False(Directory.Exists(older.Directory));
    }

    /// <summary>That leave less than half of the disk.</summary>
    private async Task<(Release Older, Release Newer)> TwoReleases() =>
        (await StagedRelease.Stage(_scratch, "one", new string('1', Half / 2)), await StagedRelease.Stage(_scratch, "two", new string('2', Half / 2)));
}
