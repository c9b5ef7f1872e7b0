using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Tests.Kernel;

public sealed class TurnTests
{
    [Fact(Timeout = 60_000)]
    public async Task Messages_of_each_sender_keep_their_order_when_many_send()
    {
        await using var node = new KernelHarness();
        var receiver = node.Spawn();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(sender => Task.Run(() =>
        {
            for (var i = 0; i < 2000; i++) receiver.Note($"{sender} {i}");
        })));
        await node.Quiet();

        var bySender = receiver.Trace.Entries.Skip(1).GroupBy(entry => entry[0]).ToList();
        Assert.Equal(8, bySender.Count);
        Assert.All(bySender, sent => Assert.Equal(Enumerable.Range(0, 2000).Select(i => $"{sent.Key} {i}"), sent));
    }

    [Fact(Timeout = 60_000)]
    public async Task Started_is_the_first_turn_when_mail_came_before_it()
    {
        await using var node = new KernelHarness();
        var trace = new Trace();
        var cell = node.Kernel.Spawn(node.Kernel.Current.FindBehavior(BehaviorBinding.NameOf(typeof(Scripted)))!, ActorRole.Spawned, trace);
        cell.Send(new Note("mail"));
        await node.Quiet();
        Assert.Equal(["started New", "mail"], trace.Entries);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_turn_stays_announced_at_the_gate_when_it_completes_what_another_awaits()
    {
        await using var node = new KernelHarness();
        var waiting = node.Spawn();
        var suspended = await node.Suspend(waiting);
        waiting.Note("after");
        var announced = new TaskCompletionSource<bool>();

        node.Spawn().Do(_ =>
        {
            suspended.Turn.SetResult();
            announced.SetResult(!node.Kernel.Gate.IsEmpty);
        });

        Assert.True(await announced.Task);
        await node.Until(() => !waiting.Cell.IsSuspended);
        await node.Quiet();
        Assert.Equal(["started New", "after"], waiting.Trace.Entries);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_actor_goes_on_when_neither_its_exception_nor_the_log_can_be_printed()
    {
        await using var node = new KernelHarness(logger: new BrokenLog());
        var actor = node.Spawn();
        actor.Do(_ => throw new UnprintableException());
        actor.Note("after");
        await node.Quiet();
        Assert.Equal(["started New", "after"], actor.Trace.Entries);
        Assert.Equal(1, node.Kernel.DeadLetters.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_scope_ends_with_its_turn_when_it_was_first_asked_for_after_an_await()
    {
        await using var node = new KernelHarness(new PlainVersion(1) { Configure = services => services.AddScoped<Scoped>() });
        var actor = node.Spawn();
        var (resume, seen) = (new TaskCompletionSource(), new List<Scoped>());
        actor.Send(async (_, self) =>
        {
            await resume.Task;
            seen.Add(self.Services.GetRequiredService<Scoped>());
        });
        await node.Until(() => actor.Cell.IsSuspended);
        resume.SetResult();
        actor.Do(self => seen.Add(self.Services.GetRequiredService<Scoped>()));
        await node.Quiet();
        Assert.NotSame(seen[0], seen[1]);
        Assert.All(seen, scoped => Assert.True(scoped.Disposed));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_message_is_a_dead_letter_when_its_actor_has_stopped_or_its_turn_failed()
    {
        await using var node = new KernelHarness();
        var actor = node.Spawn();
        actor.Do(_ => throw new InvalidOperationException("as told"));
        actor.Do(self => self.Stop());
        actor.Note("queued");
        await node.Until(() => actor.Cell.IsStopped);
        actor.Note("late");
        await node.Until(() => node.Kernel.DeadLetters.Count == 3);
        Assert.Equal(["its turn failed", "the actor has stopped", "the actor has stopped"], node.Kernel.DeadLetters.Last.Select(letter => letter.Reason));
        Assert.Equal(["started New", "stopping Requested"], actor.Trace.Entries);
    }

    private sealed class Scoped : IDisposable
    {
        public bool Disposed { get; private set; }

        public void Dispose() => Disposed = true;
    }

    private sealed class UnprintableException : Exception
    {
        public override string Message => throw new InvalidOperationException("no text");
    }

    private sealed class BrokenLog : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new IOException("the disk is full");
    }
}
