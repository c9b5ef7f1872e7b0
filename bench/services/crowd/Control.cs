using System.Globalization;
using System.Text;
using WatchReload.Actors;

namespace WatchReload.Bench.Crowd;

/// <summary>
/// The control connection. <c>/spawn COUNT RING TOKENS</c>, <c>/end</c>, <c>/large MEGABYTES</c> (one actor with a state of that size, that ticks), <c>/bytes</c> (of the heap after a full collection), <c>/state COUNT</c>
/// (bytes of that many states alone), <c>/ping-pong PAIRS SECONDS</c>, <c>/fan-in SENDERS SECONDS</c> (messages a second), <c>/births PARENTS SECONDS</c>
/// (actors a second that are spawned, say so and end), <c>/ping NUMBER</c> (the number, and how many of these there were), <c>/timeouts ACTORS SECONDS</c> (timers a second that are set and taken back). One line is answered by one.
/// </summary>
public sealed class Control : ConnectionBehavior<ControlState, ControlMessage>
{
    public override ValueTask<ControlState> Frame(ControlState s, ReadOnlyMemory<byte> frame, Context self)
    {
        var words = Encoding.UTF8.GetString(frame.Span).Split(' ');
        switch (words[0])
        {
            case "/ping":
                s = new ControlState(s.Pings + 1);
                self.WriteLine($"pong {words[1]} {s.Pings}");
                break;
            case "/spawn":
                self.Find(Names.Keeper).Send(new KeeperMessage.Spawn(self.Self, Number(words, 1), Number(words, 2), Number(words, 3)));
                break;
            case "/end":
                self.Find(Names.Keeper).Send(new KeeperMessage.End());
                self.WriteLine("ending");
                break;
            case "/large":
                self.Spawn<Large, LargeState, LargeMessage>(Large.Of(Number(words, 1)));
                self.WriteLine($"large {words[1]}");
                break;
            case "/bytes":
                self.WriteLine($"bytes {Heap.Bytes()}");
                break;
            case "/state":
                self.WriteLine($"state {Heap.BytesOfStates(Number(words, 1))}");
                break;
            case "/ping-pong":
                Rate.Begin();
                for (var i = 0; i < Number(words, 1); i++) Pairs.Start(self, i);
                Measure(words, self);
                break;
            case "/fan-in":
                Rate.Begin();
                FanIn.Start(self, Number(words, 1));
                Measure(words, self);
                break;
            case "/births":
                Rate.Begin();
                for (var i = 0; i < Number(words, 1); i++) Births.Start(self);
                Measure(words, self);
                break;
            case "/timeouts":
                Rate.Begin();
                for (var i = 0; i < Number(words, 1); i++) Timeouts.Start(self);
                Measure(words, self);
                break;
            default:
                self.WriteLine($"hello {words[0]}");
                break;
        }

        return new(s);
    }

    public override ValueTask<ControlState> Receive(ControlState s, ControlMessage m, Context self)
    {
        self.WriteLine(m is ControlMessage.Say say ? say.Line : "?");
        return new(s);
    }

    private static void Measure(string[] words, Context self)
    {
        var time = TimeSpan.FromSeconds(Number(words, 2));
        self.Pipe(c => Rate.Measure(time, c), rate => new ControlMessage.Say($"rate {rate}"), failure => new ControlMessage.Say($"failed {failure}"));
    }

    private static int Number(string[] words, int at) => int.Parse(words[at], CultureInfo.InvariantCulture);
}

/// <param name="Pings">Answered.</param>
public sealed record ControlState(int Pings);

/// <summary>What <see cref="Control"/> is sent.</summary>
public abstract record ControlMessage
{
    private ControlMessage()
    {
    }

    /// <summary>For the client.</summary>
    public sealed record Say(string Line) : ControlMessage;
}
