using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Control;
using WatchReload.Daemon.Delivery;

namespace WatchReload.Daemon.Tests.Delivery;

public sealed class TrialFollowerTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Later_ends_are_told_when_one_cannot_be()
    {
        await using var node = await FakeNode.Start(_scratch.State);
        var first = new TrialEnd { Release = "r000001", Version = 2, Outcome = TrialOutcome.TakenBack, Serves = 3, Time = DateTimeOffset.UnixEpoch };
        node.Trials = [first, first with { Version = 4, Serves = 5 }, first with { Version = 6, Serves = 7 }];
        using var link = new NodeLink(_scratch.State, "main");
        var (tried, told) = (new List<int>(), new List<int>());
        var follower = new TrialFollower(link, TimeProvider.System, NullLogger.Instance);

        await follower.Follow(Tell, TestContext.Current.CancellationToken);
        Assert.Equal([2, 4, 6], tried);
        Assert.Equal([4, 6], told);

        // The one that was not told comes again.
        await follower.Follow(Tell, TestContext.Current.CancellationToken);
        Assert.Equal([4, 6, 2, 4, 6], told);

        Task Tell(TrialEnd end)
        {
            tried.Add(end.Version);
            if (tried.Count == 1)
                throw new IOException("No space left on device");
            told.Add(end.Version);
            return Task.CompletedTask;
        }
    }
}
