using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Tests.Releases;

public sealed class HistoryTests
{
    [Fact(Timeout = 60_000)]
    public async Task Attempts_come_newest_first_when_they_are_read()
    {
        using var shop = new Workshop();
        Assert.Empty(shop.History.Read());
        for (var i = 1; i <= 3; i++)
            await shop.History.Append(Entry(i), Workshop.Cancellation);
        Assert.Equal([3, 2, 1], shop.History.Read().Select(entry => entry.Version));
        Assert.Equal([3, 2], shop.History.Read(2).Select(entry => entry.Version));
        var read = shop.History.Read(1)[0];
        Assert.Equal(["a problem"], read.Problems);
        Assert.Equal(Entry(3) with { Problems = read.Problems }, read);
    }

    [Fact(Timeout = 60_000)]
    public async Task History_is_for_its_user_alone_where_others_can_read_the_state_directory()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes.");
        using var shop = new Workshop();
        Directory.CreateDirectory(shop.State.Root);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(shop.State.Root, (UnixFileMode)0b111_101_101);
        await shop.History.Append(Entry(1), Workshop.Cancellation);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(shop.State.History));
    }

    [Fact(Timeout = 60_000)]
    public async Task Torn_line_is_passed_over_when_a_crash_left_one()
    {
        using var shop = new Workshop();
        await shop.History.Append(Entry(1), Workshop.Cancellation);
        await File.AppendAllTextAsync(shop.State.History, "{\"time\":\"2026-11-2", Workshop.Cancellation);
        Assert.Equal([1], shop.History.Read().Select(entry => entry.Version));
        await shop.History.Append(Entry(2), Workshop.Cancellation);
        Assert.Equal([2, 1], shop.History.Read().Select(entry => entry.Version));
    }

    [Fact(Timeout = 120_000)]
    public async Task No_attempt_is_lost_when_many_append_at_once()
    {
        using var shop = new Workshop();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => new History(shop.State, TimeProvider.System, NullLogger<History>.Instance).Append(Entry(i), Workshop.Cancellation), Workshop.Cancellation)));
        Assert.Equal(Enumerable.Range(0, 40), shop.History.Read().Select(entry => entry.Version!.Value).Order());
    }

    [Fact(Timeout = 60_000)]
    public async Task Older_half_goes_when_the_file_is_past_its_limit()
    {
        using var shop = new Workshop();
        await shop.History.Append(Entry(1), Workshop.Cancellation);
        var line = await File.ReadAllTextAsync(shop.State.History, Workshop.Cancellation);
        var many = (4 << 20) / line.Length;
        await File.WriteAllTextAsync(shop.State.History, string.Concat(Enumerable.Repeat(line, many + 1)), Workshop.Cancellation);
        await shop.History.Append(Entry(2), Workshop.Cancellation);
        var entries = shop.History.Read();
        Assert.Equal(2, entries[0].Version);
        Assert.InRange(entries.Count, (many / 2) - 1, (many / 2) + 3);
    }

    [Fact(Timeout = 60_000)]
    public async Task Entry_is_kept_small_when_the_problems_are_many_and_long()
    {
        using var shop = new Workshop();
        await shop.History.Append(Entry(1) with { Problems = [.. Enumerable.Repeat(new string('x', 100_000), 1000)] }, Workshop.Cancellation);
        Assert.InRange(new FileInfo(shop.State.History).Length, 1, 100_000);
        Assert.Single(shop.History.Read());
    }

    private static HistoryEntry Entry(int version) => new()
    {
        Time = new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero),
        Cause = "watch",
        Verdict = "committed",
        Node = "main",
        Release = "r000001",
        ContentHash = new string('a', 64),
        Commit = new string('c', 40),
        Clean = true,
        By = "ann",
        Lane = "build",
        LaneReason = "a new file",
        Version = version,
        BuildMs = 200.5,
        ReloadMs = 12,
        TotalMs = 230,
        Problems = ["a problem"],
    };
}
