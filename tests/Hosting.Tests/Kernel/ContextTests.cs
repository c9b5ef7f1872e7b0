namespace WatchReload.Hosting.Tests.Kernel;

public sealed class ContextTests
{
    private static readonly AsyncLocal<string?> s_ambient = new();

    [Fact(Timeout = 60_000)]
    public async Task Token_of_an_actor_that_is_about_to_end_is_cancelled_without_the_callbacks_of_others_within_the_look()
    {
        var first = new PlainVersion(1);
        await using var node = new KernelHarness(first);
        var actor = node.Spawn();
        await node.Quiet();
        var token = actor.Cell.Stopping;
        bool? given = null, whole = null;
        first.LeftByAll = () => (given, whole) = (actor.Cell.Stopping.IsCancellationRequested, token.IsCancellationRequested);

        actor.Do(self => self.Stop());

        await node.Until(() => token.IsCancellationRequested);
        Assert.Equal((true, false), (given, whole));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_turn_sees_nothing_ambient_of_the_turn_before_when_that_one_awaited()
    {
        await using var node = new KernelHarness();
        var actor = node.Spawn();
        var turn = new TaskCompletionSource();
        actor.Send(async (_, _) =>
        {
            s_ambient.Value = "of the turn before";
            await turn.Task;
        });
        await node.Until(() => actor.Cell.IsSuspended);
        Tell(actor);
        turn.SetResult();
        await node.Quiet();
        Assert.Equal("ambient: none", actor.Trace.Entries[^1]);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_turn_sees_nothing_ambient_of_whoever_completed_what_the_turn_before_awaited()
    {
        await using var node = new KernelHarness();
        var actor = node.Spawn();
        var turn = new TaskCompletionSource();
        actor.Send((_, _) => new ValueTask(turn.Task));
        await node.Until(() => actor.Cell.IsSuspended);
        Tell(actor);
        s_ambient.Value = "of the test";
        turn.SetResult();
        await node.Quiet();
        Assert.Equal("ambient: none", actor.Trace.Entries[^1]);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_turn_sees_nothing_ambient_of_the_turn_before_when_that_one_did_not_await(bool suppresses)
    {
        await using var node = new KernelHarness(new PlainVersion(1, new Plain()));
        var trace = new Trace();
        var cell = node.Kernel.Spawn(node.Kernel.Current.FindBehavior(Hosting.Kernel.BehaviorBinding.NameOf(typeof(Plain)))!, Hosting.Kernel.ActorRole.Spawned, trace);
        var actor = new Actor(cell, trace);
        var first = new TaskCompletionSource();
        actor.Send((_, _) => new ValueTask(first.Task));
        actor.Send((_, _) =>
        {
            s_ambient.Value = "of the turn before";
            if (suppresses) ExecutionContext.SuppressFlow();
            return default;
        });
        Tell(actor);
        cell.Wake();
        first.SetResult();
        await node.Quiet();
        Assert.Equal("ambient: none", actor.Trace.Entries[^1]);
    }

    private static void Tell(Actor actor) => actor.Send((trace, _) =>
    {
        trace.Add($"ambient: {s_ambient.Value ?? "none"}{(ExecutionContext.IsFlowSuppressed() ? ", flow suppressed" : "")}");
        return default;
    });

    /// <summary>Its turns are no async methods, which would undo what they set.</summary>
    private sealed class Plain : Actors.Behavior<Trace, Step>
    {
        public override ValueTask<Trace> Receive(Trace s, Step m, Context self)
        {
            var turn = m.Run(s, self);
            return turn.IsCompletedSuccessfully ? new(s) : After(turn, s);

            static async ValueTask<Trace> After(ValueTask turn, Trace s)
            {
                await turn;
                return s;
            }
        }
    }
}
