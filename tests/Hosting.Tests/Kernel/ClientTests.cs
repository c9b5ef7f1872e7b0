using System.Collections.Concurrent;
using WatchReload.Actors;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Tests.Kernel;

public sealed class ClientTests
{
    private static readonly AsyncLocal<object?> s_left = new();

    /// <summary>A framing, an Upgrade or the maker of a first state may leave something on its thread.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public Task Nothing_that_was_left_on_the_thread_is_seen_on_a_clients_behalf(bool flowIsSuppressed) => OwnThreads.Run(() =>
    {
        var client = new Client(1, "10.0.0.1", session: 0);
        for (var times = 0; times < 2; times++)
        {
            s_left.Value = new object();
            if (flowIsSuppressed) ExecutionContext.SuppressFlow();
            client.Enter();
            Assert.Equal((client, null), (Client.Current, s_left.Value));
            CleanContext.Restore();
            Assert.True(CleanContext.IsCurrent);
        }
    });

    /// <summary>A timer goes on, for ever if need be.</summary>
    [Fact(Timeout = 60_000)]
    public async Task What_a_client_caused_in_one_trial_is_nobodys_in_the_next()
    {
        await using var node = new KernelHarness(Version(1));
        var (connection, rooms) = (node.Accept(address: 0), Spawn(node));
        await node.Quiet();
        node.Reload(Version(2), onTrial: true);
        connection.Do(_ =>
        {
            foreach (var room in rooms) room.Do(self => self.Every("fail", TimeSpan.FromSeconds(1), Failing));
        });
        await node.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((0, 1), Failed(node));
        await node.Advance(TimeSpan.FromMilliseconds(1));

        node.Reload(Version(3), onTrial: true);
        await node.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((5, 0), Failed(node));
    }

    /// <summary>A plain message takes a shorter way once its type has been received.</summary>
    [Fact(Timeout = 60_000)]
    public async Task What_a_connections_actor_does_of_itself_is_its_clients_doing()
    {
        await using var node = new KernelHarness(Version(1));
        var (connection, rooms) = (node.Accept(address: 0), Spawn(node));
        await node.Quiet();
        node.Reload(Version(2), onTrial: true);
        connection.Do(static _ => { });
        connection.Do(_ => Fail(rooms));
        await node.Quiet();

        Assert.Equal((0, 1), Failed(node));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_client_caused_while_a_reload_was_prepared_is_its_doing_on_trial(bool inAnEarlierTrial)
    {
        await using var node = new KernelHarness(Version(1));
        var (connection, rooms) = (node.Accept(address: 0), Spawn(node));
        await node.Quiet();
        var second = 2;
        if (inAnEarlierTrial) node.Reload(Version(second++), onTrial: true);
        var turn = new TaskCompletionSource();
        node.Reload(
            Version(second),
            () =>
            {
                connection.Send(async (_, _) =>
                {
                    await turn.Task;
                    Fail(rooms);
                });
                Assert.True(SpinWait.SpinUntil(() => connection.Cell.IsSuspended, TimeSpan.FromSeconds(20)));
            },
            onTrial: true);
        turn.SetResult();
        await node.Until(() => !connection.Cell.IsSuspended);
        await node.Quiet();

        Assert.Equal((0, 1), Failed(node));
    }

    /// <summary>Its connection's actor ends, then those that are linked to it, and others that watch these fail on that.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_comes_of_the_end_of_a_client_is_its_doing(bool spawnedByAnother)
    {
        await using var node = new KernelHarness(Watched(1));
        var (connection, watchers) = (node.Accept(address: 0), Spawn(node));
        var parent = spawnedByAnother ? node.Spawn() : connection;
        var children = new ConcurrentQueue<ActorRef<Step>>();
        parent.Do(self =>
        {
            foreach (var _ in watchers) children.Enqueue(self.Spawn<Scripted, Trace, Step>(new Trace(), link: true));
        });
        await node.Until(() => children.Count == watchers.Length);
        foreach (var (watcher, child) in watchers.Zip(children)) watcher.Do(self => self.Watch(child.Id));
        await node.Quiet();
        node.Reload(Watched(2), onTrial: true);

        if (spawnedByAnother) connection.Do(_ => parent.Do(self => self.Stop()));
        else connection.Do(self => self.Stop());

        await node.Until(() => watchers.All(watcher => watcher.Trace.Entries.Any(entry => entry.StartsWith("terminated"))));
        await node.Quiet();
        Assert.Equal((0, 1), Failed(node));
    }

    private static Step Failing => new((_, _) => throw new InvalidOperationException("as told"));

    private static PlainVersion Version(int number) => new(number, version => [new Scripted(version), new ScriptedConnection()]);

    /// <summary>Actors that watch others fail when these end.</summary>
    private static PlainVersion Watched(int number) => new(number, version => [new Scripted(version), new ScriptedConnection()])
    {
        ToldOfEnd = static () => throw new InvalidOperationException("as told"),
    };

    private static Actor[] Spawn(KernelHarness node) => [.. Enumerable.Range(0, 5).Select(_ => node.Spawn())];

    private static void Fail(Actor[] actors)
    {
        foreach (var actor in actors) actor.Ref.Send(Failing);
    }

    /// <summary>On trial: by themselves, and how many connections have caused the others.</summary>
    private static (int ByThemselves, int Connections) Failed(KernelHarness node)
    {
        var failed = node.Kernel.Failures.Since(node.Kernel.Committed);
        return (failed.ByThemselves, failed.Connections.Sum(address => address.Count()));
    }
}
