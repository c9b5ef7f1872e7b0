using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>A state that is too large to be carried over under the gate, of an actor that ticks, among many that are busy.</summary>
public sealed class LargeStateTests
{
    private const int Crowd = 400;
    private const int Size = 100_000;

    [Fact(Timeout = 120_000)]
    public async Task It_changes_over_by_itself_and_is_named_and_the_others_are_answered_while_it_is_carried_over()
    {
        using var answers = new Answers();
        var v1 = Service("v1", "public sealed class LargeState { public List<Item> Items = []; public int Ticks; }");
        await using var node = await NodeHarness.Start(v1);
        var (client, asking) = (await node.Connect(), await node.Connect());
        Assert.Equal("ok", await client.Ask("spawn"));
        await RunAll(client);
        using var isOver = new CancellationTokenSource();
        var traffic = Task.Run(() => answers.Collect(asking, isOver.Token), TestContext.Current.CancellationToken);

        var v2 = node.Releases.Write(Service("v2", answers.Awaited).Compile());
        var reload = await PreparedAndHeld.Begin(node, v2);
        for (; answers.Upgrades == 0; reload = await PreparedAndHeld.Begin(node, v2)) await reload.Abort(); // it was in the turn of a tick
        Assert.Equal(1, answers.Upgrades);
        // Whoever has run now has a candidate that is stale, and more have than are left to the gate.
        await RunAll(client);
        var report = await reload.Commit();

        Assert.Equal(ReloadVerdict.Committed, report.Verdict);
        var late = Assert.Single(report.Late, late => late.Behavior == "Counting.Large");
        Assert.Equal(("large", "its state takes too long to carry over while all actors wait"), (late.Actor, late.Reason));
        await node.Until(status => status.LateCount == 0);
        var told = (await client.Ask("large"))!.Split(' ');
        Assert.Equal(("v2", Size), (told[0], int.Parse(told[1], System.Globalization.CultureInfo.InvariantCulture)));
        // Once beside what served, and once after the others; each waited for answers that others had meanwhile.
        Assert.Equal(2, answers.Upgrades);
        await isOver.CancelAsync();
        await traffic;
        await node.Until(status => status.OldVersions.All(version => version.State == "unloaded"));
    }

    /// <summary>Has all of the crowd run, and the large one tick, and waits until they have.</summary>
    private static async Task RunAll(LineClient client)
    {
        var ticks = await Ticks(client);
        Assert.Equal("ok", await client.Ask("all"));
        while (await Ticks(client) == ticks) await Task.Yield();
    }

    private static async Task<string> Ticks(LineClient client) => (await client.Ask("large"))!.Split(' ')[2];

    private static CountingService Service(string version, string state) => new()
    {
        Version = version,
        Messages = "public abstract record ConnMessage { public sealed record Told(string Text) : ConnMessage; public sealed record Ran : ConnMessage; }",
        State = "public sealed record ConnState(int Count) { public List<ActorRef<ActorRef<ConnMessage>>> Crowd { get; init; } = []; public int Left { get; init; } }",
        Receive = """
            if (m is ConnMessage.Told told) self.WriteLine(told.Text);
            else if ((s = s with { Left = s.Left - 1 }).Left == 0) self.WriteLine("ok");
            return new(s);
            """,
        Commands = $$"""
            case "spawn":
                for (var i = 0; i < {{Crowd}}; i++) s.Crowd.Add(self.Spawn<Small, int, ActorRef<ConnMessage>>(0));
                self.WriteLine("ok");
                break;
            case "all":
                s = s with { Left = s.Crowd.Count };
                foreach (var one in s.Crowd) one.Send(self.Self);
                break;
            case "large": self.Find(Large.Name).Send(new LargeMessage.Tell(self.Self)); break;
            """,
        Configure = $$"""
            service.Actor<Large, LargeState, LargeMessage>(Large.Name, () =>
            {
                var first = new LargeState();
                for (var i = 0; i < {{Size}}; i++) first.Items.Add(new Item(i, "item"));
                return first;
            });
            """,
        More = state + $$"""
            public sealed record Item(int Number, string Text);
            public abstract record LargeMessage { public sealed record Tick : LargeMessage; public sealed record Tell(ActorRef<ConnMessage> To) : LargeMessage; }
            public sealed class Small : Behavior<int, ActorRef<ConnMessage>>
            {
                public override ValueTask<int> Receive(int s, ActorRef<ConnMessage> m, Context self) { m.Send(new ConnMessage.Ran()); return new(s + 1); }
            }
            public sealed class Large : Behavior<LargeState, LargeMessage>
            {
                public static readonly ActorName<LargeMessage> Name = new("large");
                public override ValueTask<LargeState> Started(LargeState s, StartReason why, Context self) { self.Every("tick", TimeSpan.FromMilliseconds(50), new LargeMessage.Tick()); return new(s); }
                public override ValueTask<LargeState> Receive(LargeState s, LargeMessage m, Context self)
                {
                    if (m is LargeMessage.Tick) s.Ticks++;
                    else ((LargeMessage.Tell)m).To.Send(new ConnMessage.Told($"{{version}} {s.Items.Count(item => item.Text == "item")} {s.Ticks}"));
                    return new(s);
                }
            }
            """,
    };

    /// <summary>What a client was answered, and an <c>Upgrade</c> that waits for more of that.</summary>
    private sealed class Answers : IDisposable
    {
        private const int More = 50;
        private readonly string _key = $"answers-{Guid.NewGuid():N}";
        private readonly int[] _counts = new int[2];

        public Answers() => AppContext.SetData(_key, _counts);

        /// <summary>How often a state was carried over.</summary>
        public int Upgrades => Volatile.Read(ref _counts[1]);

        /// <summary>A state with an <c>Upgrade</c> that ends when others have been answered meanwhile, and is longer than any gate may be closed.</summary>
        public string Awaited => $$"""
            public sealed class LargeStateV1 { public List<Item> Items = []; public int Ticks; }
            public sealed class LargeState : IUpgrade<LargeStateV1, LargeState>
            {
                public List<Item> Items = [];
                public int Ticks;
                public string Grade = "";
                public static LargeState Upgrade(LargeStateV1 old)
                {
                    var counts = (int[])AppContext.GetData("{{_key}}")!;
                    Interlocked.Increment(ref counts[1]);
                    var (before, began) = (Volatile.Read(ref counts[0]), Environment.TickCount64);
                    SpinWait.SpinUntil(() => Volatile.Read(ref counts[0]) >= before + {{More}} && Environment.TickCount64 > began + 50);
                    return new() { Items = old.Items, Ticks = old.Ticks };
                }
            }
            """;

        /// <summary>Asks without a pause; each answer is one more than the one before.</summary>
        public async Task Collect(LineClient client, CancellationToken isOver)
        {
            while (!isOver.IsCancellationRequested)
            {
                Assert.Equal("ok", await client.Ask("add"));
                Interlocked.Increment(ref _counts[0]);
            }
        }

        public void Dispose() => AppContext.SetData(_key, null);
    }
}
