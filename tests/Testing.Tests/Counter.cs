using WatchReload.Actors;

namespace WatchReload.Testing.Tests;

/// <summary>A behavior that does what the tests of the kit need.</summary>
internal sealed class Counter : Behavior<CounterState, CounterMessage>
{
    public override ValueTask<CounterState> Started(CounterState s, StartReason why, Context self) => new(s with { Starts = [.. s.Starts, why] });

    public override async ValueTask<CounterState> Receive(CounterState s, CounterMessage m, Context self)
    {
        switch (m)
        {
            case CounterMessage.Add add:
                return s with { Count = s.Count + add.Number };
            case CounterMessage.Fail:
                throw new InvalidOperationException("as told");
            case CounterMessage.Tick tick:
                self.Every("tick", tick.Period, new CounterMessage.Add(1));
                return s;
            case CounterMessage.Chain { Links: > 0 } chain:
                self.After("chain", TimeSpan.FromSeconds(1), new CounterMessage.Chain(chain.Links - 1));
                return s with { Count = s.Count + 1 };
            case CounterMessage.PipeDelay delay:
                var time = self.Time;
                self.Pipe(
                    async stop =>
                    {
                        await Task.Delay(delay.Time, time, stop);
                        return 100;
                    },
                    hundred => new CounterMessage.Add(hundred),
                    _ => new CounterMessage.Fail());
                return s;
            case CounterMessage.PipeYield yield:
                self.Pipe(
                    async _ =>
                    {
                        for (var i = 0; i < yield.Times; i++) await Task.Yield();
                        return 100;
                    },
                    hundred => new CounterMessage.Add(hundred),
                    _ => new CounterMessage.Fail());
                return s;
            case CounterMessage.PipeAsk ask:
                self.Pipe(_ => ask.Whom.Ask(new CounterMessage.Read(), TimeSpan.FromSeconds(1)).AsTask(), count => new CounterMessage.Add(count), why => new CounterMessage.Failed(why));
                return s;
            case CounterMessage.Failed failed:
                return s with { Failure = failed.Why };
            case CounterMessage.WatchFor watch:
                self.Watch(watch.Actor);
                return s;
            case CounterMessage.Forever:
                await new TaskCompletionSource().Task;
                return s;
            case CounterMessage.Read read:
                self.Reply(read, s.Count);
                return s;
            default:
                return s;
        }
    }

    public override ValueTask<CounterState> Terminated(CounterState s, Terminated who, Context self) => new(s with { Gone = who });
}

internal sealed record CounterState(int Count, Terminated? Gone, IReadOnlyList<StartReason> Starts, Failure? Failure = null)
{
    public static CounterState Zero => new(0, null, []);
}

internal abstract record CounterMessage
{
    internal sealed record Add(int Number) : CounterMessage;

    internal sealed record Fail : CounterMessage;

    internal sealed record Tick(TimeSpan Period) : CounterMessage;

    internal sealed record Chain(int Links) : CounterMessage;

    internal sealed record PipeDelay(TimeSpan Time) : CounterMessage;

    internal sealed record PipeYield(int Times) : CounterMessage;

    internal sealed record PipeAsk(ActorRef<CounterMessage> Whom) : CounterMessage;

    internal sealed record Failed(Failure Why) : CounterMessage;

    internal sealed record WatchFor(ActorId Actor) : CounterMessage;

    internal sealed record Forever : CounterMessage;

    internal sealed record Read : CounterMessage, IRequest<CounterMessage, int>;
}
