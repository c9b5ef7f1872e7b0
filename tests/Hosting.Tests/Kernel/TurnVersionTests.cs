using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Tests.Kernel;

/// <summary>No turn starts in old code once a commit has returned.</summary>
public sealed class TurnVersionTests
{
    private const int Versions = 40;

    [Fact(Timeout = 120_000)]
    public async Task No_turn_starts_in_old_code_after_a_commit_whatever_runs_and_whoever_is_late()
    {
        await using var node = new KernelHarness();
        Actor[] busy = [.. Enumerable.Range(0, 16).Select(_ => node.Spawn())];
        var isOver = false;
        var sending = Enumerable.Range(0, 3).Select(_ => OwnThreads.Run(() => Send(busy, () => Volatile.Read(ref isOver)))).ToArray();

        for (var version = 2; version <= Versions; version++)
        {
            // Its turn passes the commit; what follows is of the new code.
            var late = await node.Suspend(node.Spawn());
            late.Actor.Note("after the turn that was late");
            var before = node.Turns.Turns;
            Assert.Contains(late.Actor.Cell, node.Reload(new PlainVersion(version), beforeGate: () => SpinWait.SpinUntil(() => node.Turns.Turns > before)));
            late.Turn.SetResult();
            await node.Until(() => late.Actor.Cell.IsAtRest && node.Turns.Newest == version);
            Assert.Equal("after the turn that was late", late.Actor.Trace.Entries[^1]);
        }

        Volatile.Write(ref isOver, true);
        await Task.WhenAll(sending);
        await node.Quiet();
        Assert.Equal(0, node.Turns.OfOldCode);
        Assert.All(node.Kernel.Cells, cell => Assert.Equal(Versions, cell.Binding.Version.Number));
    }

    /// <summary>Without a pause, but no more than the actors keep up with.</summary>
    private static void Send(Actor[] to, Func<bool> isOver)
    {
        while (!isOver())
        {
            using var received = new CountdownEvent(to.Length);
            foreach (var actor in to) actor.Do(_ => received.Signal());
            received.Wait();
        }
    }
}
