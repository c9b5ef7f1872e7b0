namespace WatchReload.Hosting.Tests.Kernel;

public sealed class MailboxTests
{
    private const int Many = 20_000;

    [Fact(Timeout = 60_000)]
    public async Task No_message_is_left_when_they_come_one_by_one_to_an_actor_that_goes_idle_after_each()
    {
        await using var node = new KernelHarness();
        var actor = node.Spawn();
        var received = 0;
        var sender = new Thread(() =>
        {
            for (var i = 1; i <= Many; i++)
            {
                actor.Do(_ => Volatile.Write(ref received, received + 1));
                // The next one is sent when this one's turn ends.
                while (Volatile.Read(ref received) < i && !TestContext.Current.CancellationToken.IsCancellationRequested) Thread.SpinWait(1);
            }
        });
        sender.Start();
        await Task.Run(sender.Join, TestContext.Current.CancellationToken);
        Assert.Equal(Many, received);
    }

    [Fact(Timeout = 60_000)]
    public async Task Each_message_is_received_or_a_dead_letter_when_others_send_while_the_actor_stops()
    {
        await using var node = new KernelHarness();
        var (sent, received) = (0, 0);
        for (var round = 0; round < 200; round++)
        {
            var actor = node.Spawn();
            await Task.WhenAll(Enumerable.Range(0, 4).Select(sender => Task.Run(() =>
            {
                for (var i = 0; i < 50; i++)
                {
                    if (sender == 0 && i == 25) actor.Cell.RequestStop(Actors.StopReason.Requested);
                    Interlocked.Increment(ref sent);
                    actor.Do(_ => Interlocked.Increment(ref received));
                }
            })));
            await node.Until(() => actor.Cell.IsStopped);
        }

        await node.Quiet();
        await node.Until(() => received + node.Kernel.DeadLetters.Count == sent);
        Assert.Equal(200 * 4 * 50, sent);
    }
}
