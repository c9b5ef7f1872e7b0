using System.Collections.Concurrent;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Tests.Kernel;

public sealed class ActorTableTests
{
    [Fact(Timeout = 60_000)]
    public async Task All_actors_are_met_once_by_whoever_goes_through_them()
    {
        await using var node = new KernelHarness();
        var spawned = Enumerable.Range(0, 2000).Select(_ => node.Spawn().Cell).ToHashSet();
        var stopped = spawned.Where(cell => cell.Id.Value % 3 == 0).ToList();
        foreach (var cell in stopped) cell.RequestStop(Actors.StopReason.Requested);
        await node.Until(() => stopped.TrueForAll(cell => cell.IsStopped));
        spawned.ExceptWith(stopped);

        var met = new ConcurrentQueue<ActorCell>();
        node.Kernel.InParallel(actors =>
        {
            foreach (var actor in actors) met.Enqueue(actor);
        }, TestContext.Current.CancellationToken);

        Assert.Equal(spawned.Count, node.Kernel.Count);
        Assert.Equal(spawned.Count, met.Count);
        Assert.Equal(spawned, [.. met]);
        Assert.Equal(spawned, [.. node.Kernel.Cells]);
        Assert.All(spawned, cell => Assert.Same(cell, node.Kernel.Find(cell.Id)));
        Assert.All(stopped, cell => Assert.Null(node.Kernel.Find(cell.Id)));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_stretch_that_blocks_holds_up_no_other()
    {
        await using var node = new KernelHarness();
        var spawned = Enumerable.Range(0, 128).Select(_ => node.Spawn().Cell).ToList();
        await node.Quiet();
        var met = new ConcurrentQueue<ActorCell>();
        using var others = new CountdownEvent(spawned.Count / 2);
        var blocks = 1;

        await Task.Run(() => node.Kernel.InParallel(actors =>
        {
            if (Interlocked.Exchange(ref blocks, 0) == 1) others.Wait(TestContext.Current.CancellationToken);
            else others.Signal(actors.Count);
            foreach (var actor in actors) met.Enqueue(actor);
        }, CancellationToken.None));

        Assert.Equal(spawned.Count, met.Count);
        Assert.Equal([.. spawned], met.ToHashSet());
    }

    [Fact(Timeout = 60_000)]
    public async Task Actors_may_come_and_go_while_others_go_through_them()
    {
        await using var node = new KernelHarness();
        var lasting = Enumerable.Range(0, 500).Select(_ => node.Spawn().Cell).ToList();
        var going = Task.Run(() =>
        {
            for (var i = 0; i < 2000; i++) node.Spawn().Cell.RequestStop(Actors.StopReason.Requested);
        });
        do
        {
            var met = node.Kernel.Cells.ToList();
            Assert.Equal(met.Count, met.Distinct().Count());
            Assert.Empty(lasting.Except(met));
        }
        while (!going.IsCompleted);
        await going;
    }
}
