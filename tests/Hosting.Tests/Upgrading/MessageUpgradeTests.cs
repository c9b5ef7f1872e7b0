using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>
/// What is under way over a reload, and whose type says itself how it becomes the new one: euros in the first version, cents in the second. Of 13 euros there is no way forward, and of 3,400 cents none back.
/// </summary>
public sealed class MessageUpgradeTests : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly HeldTurn _turn = new();

    [Fact(Timeout = 60_000)]
    public async Task A_message_in_a_mailbox_becomes_what_its_Upgrade_says()
    {
        await using var node = await NodeHarness.Start(Euros());
        var client = await Busy(node);
        Assert.Equal(("ok", "ok"), (await client.Ask("pay 3"), await client.Ask("pay 5")));

        await Commit(node, Cents());
        _turn.Release();

        Assert.Equal("paid 300,500 cents", await client.Ask("paid"));
        Assert.Equal(0, node.Status.DeadLetters);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_message_whose_Upgrade_throws_is_a_dead_letter_and_the_actor_goes_on()
    {
        await using var node = await NodeHarness.Start(Euros());
        var client = await Busy(node);
        Assert.Equal(("ok", "ok", "ok"), (await client.Ask("pay 3"), await client.Ask("pay 13"), await client.Ask("pay 5")));

        await Commit(node, Cents());
        _turn.Release();

        Assert.Equal("paid 300,500 cents", await client.Ask("paid"));
        Assert.Equal((1, 0, 0), (node.Status.DeadLetters, node.Status.ParkedCount, node.Status.LateCount));
        Assert.Equal(0, node.Status.Trial!.Failed); // no turn has failed
    }

    /// <summary>The one who asked waits in old code, so the reply goes the way back.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_request_in_a_mailbox_and_its_reply_become_what_Upgrade_and_Downgrade_say()
    {
        await using var node = await NodeHarness.Start(Euros());
        var client = await Busy(node);
        Assert.Equal("ok", await client.Ask("ask 7"));

        await Commit(node, Cents());
        _turn.Release();

        // Doubled by the one that was asked, and told by the one that asked as what the old code takes euros for; that message is upgraded itself.
        Assert.Equal("told 1400 cents (14 euros)", await client.Read());
        await node.Until(status => status.OldVersions.All(version => version.State == "unloaded"));
        Assert.Equal(0, node.Status.DeadLetters);
    }

    /// <summary>Who waits in newer code than that which replies: after the way back.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_reply_of_older_code_becomes_what_its_Upgrade_says()
    {
        await using var node = await NodeHarness.Start(Cents());
        var client = await Busy(node);
        Assert.Equal("ok", await client.Ask("ask 700"));

        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(Euros(), request => request with { Rollback = true })).Verdict);
        _turn.Release();

        Assert.Equal("told 14 euros (1400 cents)", await client.Read());
        await node.Until(status => status.OldVersions.All(version => version.State is "unloaded" or "lingering"));
        Assert.DoesNotContain(node.Status.OldVersions, version => version.State == "lingering"); // all that the mapping there and back had emitted went with it at once
        Assert.Equal(0, node.Status.DeadLetters);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_request_whose_Upgrade_throws_is_a_dead_letter_and_whoever_asked_is_told()
    {
        await using var node = await NodeHarness.Start(Euros());
        var client = await Busy(node);
        Assert.Equal(("ok", "ok"), (await client.Ask("ask 13"), await client.Ask("pay 5")));

        await Commit(node, Cents());
        _turn.Release();

        var told = await client.Read();
        Assert.StartsWith("no reply: room did not answer: no mapping to version 2", told);
        Assert.Contains("InvalidOperationException: 13 euros", told);
        Assert.Equal("paid 500 cents", await client.Ask("paid"));
        Assert.Equal(1, node.Status.DeadLetters);
    }

    [Fact(Timeout = 60_000)]
    public async Task Whoever_asked_is_told_when_there_is_no_way_back_for_the_reply_and_the_one_that_replied_goes_on()
    {
        await using var node = await NodeHarness.Start(Euros());
        var client = await Busy(node);
        Assert.Equal(("ok", "ok"), (await client.Ask("ask 17"), await client.Ask("pay 5")));

        await Commit(node, Cents());
        _turn.Release();

        var told = await client.Read();
        Assert.StartsWith("no reply: The reply came from another version and cannot be mapped", told);
        Assert.Contains("InvalidOperationException: 3400 cents", told);
        Assert.Equal("paid 500 cents", await client.Ask("paid"));
        Assert.Equal((0, 0), (node.Status.DeadLetters, node.Status.Trial!.Failed));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("After", "told 400 cents (4 euros)")]
    [InlineData("Every", "told 400 cents (4 euros)", "told 400 cents (4 euros)")]
    public async Task A_timers_payload_becomes_what_its_Upgrade_says(string kind, params string[] told)
    {
        var time = new FakeTime();
        await using var node = await NodeHarness.Start(Euros(), time);
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask($"timer {kind}"));

        await Commit(node, Cents());

        foreach (var line in told)
        {
            time.Advance(Minute);
            Assert.Equal(line, await client.Read());
        }

        Assert.Equal(0, node.Status.DeadLetters);
    }

    public void Dispose() => _turn.Dispose();

    private static async Task Commit(NodeHarness node, CountingService service)
    {
        var report = await node.Reload(service);
        Assert.True(report.Verdict == ReloadVerdict.Committed, string.Join('\n', report.Problems));
    }

    /// <summary>A client, and a room that is in a turn: what it is sent waits in its mailbox.</summary>
    private async Task<LineClient> Busy(NodeHarness node)
    {
        var client = await node.Connect();
        await client.Send("busy");
        await _turn.Entered;
        return client;
    }

    private CountingService Euros() => Service(
        "v1",
        "euros",
        messages: """
            public abstract record ConnMessage;
            public sealed record Paid(string Amounts) : ConnMessage;
            public sealed record Told(int Euros, string Was = "") : ConnMessage { public int Amount => Euros; }
            public sealed record Silence(string Why) : ConnMessage;
            """,
        more: """
            public sealed record Pay(int Euros) : RoomMessage { public int Amount => Euros; }
            public sealed record Question(int Euros) : RoomMessage, IRequest<RoomMessage, Answer> { public int Amount => Euros; }
            public sealed record Answer(int Euros, string Was = "") { public int Amount => Euros; }
            """);

    private CountingService Cents() => Service(
        "v2",
        "cents",
        messages: """
            public abstract record ConnMessage;
            public sealed record Paid(string Amounts) : ConnMessage;
            public sealed record ToldV1(int Euros, string Was);
            public sealed record Told(int Cents, string Was = "") : ConnMessage, IUpgrade<ToldV1, Told>, IDowngrade<Told, ToldV1>
            {
                public int Amount => Cents;
                public static Told Upgrade(ToldV1 old) => new(Money.Cents(old.Euros), $" ({old.Euros} euros)");
                public static ToldV1 Downgrade(Told told) => new(told.Cents / 100, $" ({told.Cents} cents)");
            }
            public sealed record Silence(string Why) : ConnMessage;
            """,
        more: """
            public static class Money
            {
                public static int Cents(int euros) => euros != 13 ? euros * 100 : throw new InvalidOperationException("13 euros");
                public static int Euros(int cents) => cents != 3400 ? cents / 100 : throw new InvalidOperationException("3400 cents");
            }
            public sealed record PayV1(int Euros);
            public sealed record Pay(int Cents) : RoomMessage, IUpgrade<PayV1, Pay>
            {
                public int Amount => Cents;
                public static Pay Upgrade(PayV1 old) => new(Money.Cents(old.Euros));
            }
            public sealed record QuestionV1(int Euros);
            public sealed record Question(int Cents) : RoomMessage, IRequest<RoomMessage, Answer>, IUpgrade<QuestionV1, Question>, IDowngrade<Question, QuestionV1>
            {
                public int Amount => Cents;
                public static Question Upgrade(QuestionV1 old) => new(Money.Cents(old.Euros));
                public static QuestionV1 Downgrade(Question question) => new(Money.Euros(question.Cents));
            }
            public sealed record AnswerV1(int Euros, string Was);
            public sealed record Answer(int Cents, string Was = "") : IUpgrade<AnswerV1, Answer>, IDowngrade<Answer, AnswerV1>
            {
                public int Amount => Cents;
                public static Answer Upgrade(AnswerV1 old) => new(Money.Cents(old.Euros), $" ({old.Euros} euros)");
                public static AnswerV1 Downgrade(Answer answer) => new(Money.Euros(answer.Cents), $" ({answer.Cents} cents)");
            }
            """);

    private CountingService Service(string version, string unit, string messages, string more) => new()
    {
        Version = version,
        Messages = messages,
        Configure = "service.Actor<Room, RoomState, RoomMessage>(Room.Name, () => new RoomState([]));",
        Commands = $$"""
            case "busy": self.Find(Room.Name).Send(new Busy()); break;
            case "paid": self.Find(Room.Name).Send(new Report(self.Self)); break;
            case ['p', 'a', 'y', ' ', .. var amount]: self.Find(Room.Name).Send(new Pay(int.Parse(amount))); self.WriteLine("ok"); break;
            case ['a', 's', 'k', ' ', .. var amount]:
                var (room, question) = (self.Find(Room.Name), new Question(int.Parse(amount)));
                self.Pipe(_ => room.Ask(question, TimeSpan.FromMinutes(1)).AsTask(), a => new Told(a.Amount), e => new Silence(e.Message));
                self.WriteLine("ok");
                break;
            case "timer After": self.After("t", TimeSpan.FromMinutes(1), new Told(4)); self.WriteLine("ok"); break;
            case "timer Every": self.Every("t", TimeSpan.FromMinutes(1), new Told(4)); self.WriteLine("ok"); break;
            """,
        Receive = $$"""self.WriteLine(m switch { Told t => $"told {t.Amount} {{unit}}{t.Was}", Paid p => $"paid {p.Amounts} {{unit}}", Silence s2 => $"no reply: {s2.Why}", _ => "?" }); return new(s);""",
        More = more + $$"""
            public abstract record RoomMessage;
            public sealed record Busy : RoomMessage;
            public sealed record Report(ActorRef<ConnMessage> To) : RoomMessage;
            public sealed record RoomState(List<int> Paid);
            public sealed class Room : Behavior<RoomState, RoomMessage>
            {
                public static readonly ActorName<RoomMessage> Name = new("room");
                public override async ValueTask<RoomState> Receive(RoomState s, RoomMessage m, Context self)
                {
                    switch (m)
                    {
                        case Busy: {{_turn.Suspend}} break;
                        case Pay pay: s.Paid.Add(pay.Amount); break;
                        case Question question: self.Reply(question, new Answer(2 * question.Amount)); break;
                        case Report report: report.To.Send(new Paid(string.Join(',', s.Paid))); break;
                    }
                    return s;
                }
            }
            """,
    };
}
