using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Control;
using WatchReload.Daemon.Delivery;
using WatchReload.Daemon.Events;

namespace WatchReload.Daemon.Tests.Delivery;

public sealed class VersionFollowerTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly EventLog _events = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _scratch.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Unloaded_is_told_when_the_status_says_so()
    {
        await using var node = await FakeNode.Start(_scratch.State);
        node.Status = node.Status with { Version = 2, OldVersions = [new OldVersion(1, "retiring", [])] };
        var following = Follow();
        await _time.Waited();
        node.Status = node.Status with { OldVersions = [new OldVersion(1, "unloaded", [])] };
        _time.Advance(TimeSpan.FromSeconds(1));

        await following;
        Assert.Equal(1, Assert.IsType<VersionUnloaded>(Assert.Single(_events.All)).Version);
    }

    [Fact(Timeout = 60_000)]
    public async Task Lingering_is_told_with_its_holders_when_the_deadline_passes()
    {
        await using var node = await FakeNode.Start(_scratch.State);
        node.Status = node.Status with { Version = 2, OldVersions = [new OldVersion(1, "lingering", ["timer of Index"])] };
        var following = Follow();
        await _time.Waited();
        _time.Advance(TimeSpan.FromMinutes(1));

        await following;
        Assert.Equal(["timer of Index"], Assert.IsType<VersionLingering>(Assert.Single(_events.All)).Holders);
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_told_of_a_version_that_is_kept_on_purpose()
    {
        await using var node = await FakeNode.Start(_scratch.State);
        node.Status = node.Status with { Version = 2, OldVersions = [new OldVersion(1, "kept", [])] };

        await Follow();
        Assert.Empty(_events.All);
    }

    private async Task Follow()
    {
        using var link = new NodeLink(_scratch.State, "main");
        await new VersionFollower(_events, _time, NullLogger.Instance).Follow(link, 1, TestContext.Current.CancellationToken);
    }
}
