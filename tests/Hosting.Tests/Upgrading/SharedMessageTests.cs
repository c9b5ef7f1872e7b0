using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>A service whose messages are in a project that stays, as interfaces say, while what implements them is in the one that changes.</summary>
public sealed class SharedMessageTests : IDisposable
{
    private readonly HeldTurn _turn = new();

    [Fact(Timeout = 60_000)]
    public async Task What_a_message_holds_is_of_the_new_code_when_it_was_queued_before_or_is_sent_by_old_code_after_the_commit()
    {
        await using var node = await Start(Made("v1"));
        var client = await node.Connect();
        await client.Send("late");
        await _turn.Entered;

        await Commit(node, Made("v2"));
        _turn.Release();

        Assert.Equal(("v2 circle 1", "v2 circle 2"), (await client.Read(), await client.Read()));
        Assert.Equal("v2 circle 3", await client.Ask("draw"));
        Assert.Equal(0, node.Status.DeadLetters);
        await Unloaded(node);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_a_timers_message_holds_is_of_the_new_code()
    {
        var time = new FakeTime();
        await using var node = await Start(Made("v1"), time);
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("every"));

        await Commit(node, Made("v2"));

        for (var i = 0; i < 2; i++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal("v2 circle 4", await client.Read());
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task What_a_reply_holds_is_of_the_code_that_asked()
    {
        await using var node = await Start(Made("v1"));
        var client = await node.Connect();
        await client.Send("busy");
        await _turn.Entered;
        Assert.Equal("ok", await client.Ask("look"));

        await Commit(node, Made("v2"));
        _turn.Release();

        Assert.Equal("v1 was told of circle 5", await client.Read());
        await Unloaded(node);
    }

    /// <summary>No type tells that an <c>int</c> goes to old code.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_reply_of_a_type_of_the_framework_goes_the_way_back_when_old_code_asked_after_the_commit()
    {
        await using var node = await Start(Made("v1"));
        var client = await node.Connect();
        await client.Send("count later");
        await _turn.Entered;

        await Commit(node, Made("v2", "long"));
        _turn.Release();

        Assert.Equal("v1 counted 5", await client.Read());
        await Unloaded(node);
    }

    public void Dispose() => _turn.Dispose();

    private static async Task<NodeHarness> Start(CountingService service, TimeProvider? time = null)
    {
        var node = new NodeHarness { Time = time ?? TimeProvider.System };
        Assert.Null(await node.StartOn(Write(node, service)));
        return node;
    }

    private static async Task Commit(NodeHarness node, CountingService service)
    {
        var report = await node.Reload(Write(node, service));
        Assert.True(report.Verdict == ReloadVerdict.Committed, string.Join('\n', report.Problems));
    }

    private static Task Unloaded(NodeHarness node) => node.Until(status => status.OldVersions.All(version => version.State == "unloaded"));

    private static WrittenRelease Write(NodeHarness node, CountingService service) => node.Releases.Write(service.Compile(), [.. service.References]);

    private CountingService Made(string version, string count = "int") => new()
    {
        Version = version,
        References =
        [
            CompiledAssembly.From("Types", """
                namespace Counting;
                public interface IShape { int Radius { get; } }
                public abstract record ConnMessage;
                public sealed record Draw(IShape Shape) : ConnMessage;
                public sealed record Told(string Text) : ConnMessage;
                public abstract record RoomMessage;
                public sealed record Look : RoomMessage, IRequest<RoomMessage, Seen>;
                public sealed record Seen(IShape Shape);
                """),
        ],
        Messages = "",
        Configure = "service.Actor<Room, RoomState, RoomMessage>(Room.Name, () => new RoomState(5));",
        Commands = $$"""
            case "draw": self.Self.Send(new Draw(new Circle(3))); break;
            case "late": self.Self.Send(new Draw(new Circle(1))); {{_turn.Suspend}} self.Self.Send(new Draw(new Circle(2))); break;
            case "every": self.Every("t", TimeSpan.FromMinutes(1), new Draw(new Circle(4))); self.WriteLine("ok"); break;
            case "busy": self.Find(Room.Name).Send(new Busy()); break;
            case "look":
                var room = self.Find(Room.Name);
                self.Pipe(_ => room.Ask(new Look(), TimeSpan.FromMinutes(1)).AsTask(), a => new Told($"{{version}} was told of {Shapes.Shown(a.Shape)}"), e => new Told(e.Message));
                self.WriteLine("ok");
                break;
            case "count later":
                {{_turn.Suspend}}
                self.WriteLine($"{{version}} counted {await self.Find(Room.Name).Ask(new Count(), TimeSpan.FromMinutes(1))}");
                break;
            """,
        Receive = $$"""self.WriteLine(m switch { Draw d => $"{{version}} {Shapes.Shown(d.Shape)}", Told t => t.Text, _ => "?" }); return new(s);""",
        More = $$"""
            public sealed record Circle(int Radius) : IShape;
            public static class Shapes { public static string Shown(IShape shape) => shape is Circle c ? $"circle {c.Radius}" : "a stranger"; }
            public sealed record Busy : RoomMessage;
            public sealed record Count : RoomMessage, IRequest<RoomMessage, {{count}}>;
            public sealed record RoomState(int Shapes);
            public sealed class Room : Behavior<RoomState, RoomMessage>
            {
                public static readonly ActorName<RoomMessage> Name = new("room");
                public override async ValueTask<RoomState> Receive(RoomState s, RoomMessage m, Context self)
                {
                    switch (m)
                    {
                        case Busy: {{_turn.Suspend}} break;
                        case Look look: self.Reply(look, new Seen(new Circle(s.Shapes))); break;
                        case Count count: self.Reply(count, s.Shapes); break;
                    }
                    return s;
                }
            }
            """,
    };
}
