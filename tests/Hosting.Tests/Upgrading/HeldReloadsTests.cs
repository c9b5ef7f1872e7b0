using WatchReload.Hosting.Upgrading;

namespace WatchReload.Hosting.Tests.Upgrading;

public sealed class HeldReloadsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly HeldReloads _held = new(new FakeTime());

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_is_told_that_a_reload_is_held_can_decide_at_once(bool commit)
    {
        var isHeld = false;

        var decided = await _held.Wait("one", Patience, () => isHeld = _held.Decide("one", commit));

        Assert.Equal((true, commit), (isHeld, decided));
        Assert.False(_held.Decide("one", commit));
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_held_any_more_when_nobody_could_be_told()
    {
        await Assert.ThrowsAsync<IOException>(() => _held.Wait("one", Patience, () => throw new IOException("gone")));

        Assert.False(_held.Decide("one", commit: true));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_held_when_the_node_stops_is_not_committed()
    {
        var before = _held.Wait("before", Patience, () => { });
        _held.AbortAll();

        Assert.False(await before);
        Assert.False(await _held.Wait("after", Patience, () => { }));
    }
}
