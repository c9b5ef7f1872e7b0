using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>What was begun in one version and ends in another.</summary>
public sealed class UnderWayTests
{
    private static readonly CountingService V1 = new()
    {
        Messages = "public abstract record ConnMessage { public sealed record Done(int N) : ConnMessage; }",
        Receive = "if (m is ConnMessage.Done d) self.WriteLine($\"done {d}\"); return new(s);",
    };

    private static readonly CountingService V2 = V1 with
    {
        Version = "v2",
        Messages = "public abstract record ConnMessage { public sealed record Done(long N, int Added = 7) : ConnMessage; }",
    };

    [Fact(Timeout = 60_000)]
    public async Task Piped_work_ends_over_a_reload_and_its_message_is_mapped()
    {
        using var work = new HeldTurn();
        await using var node = await NodeHarness.Start(V1 with
        {
            Commands = $"case \"pipe\": self.Pipe(async _ => {{ await {work.Wait}; return 5; }}, n => new ConnMessage.Done(n), _ => new ConnMessage.Done(-1)); self.WriteLine(\"ok\"); break;",
        });
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("pipe"));

        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V2)).Verdict);
        Assert.Equal("v2 0", await client.Ask("count"));
        Assert.Contains("piped work of lines#1", Assert.Single(Assert.Single(node.Status.OldVersions).Holders), StringComparison.Ordinal);

        work.Release();
        Assert.Equal("done Done { N = 5, Added = 7 }", await client.Read());
        await node.Until(s => s.OldVersions.All(v => v.State == "unloaded"));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_ask_is_answered_over_a_reload_and_the_reply_is_mapped_back()
    {
        const string board = """
            public abstract record BoardMessage { public sealed record Go : BoardMessage; }
            public sealed record Question : BoardMessage, IRequest<BoardMessage, Answer>;
            public sealed record BoardState(ReplyTo<Answer> Owed);
            public sealed class Board : Behavior<BoardState, BoardMessage>
            {
                public override ValueTask<BoardState> Receive(BoardState s, BoardMessage m, Context self)
                {
                    if (m is Question question) return new(s with { Owed = self.ReplyLater(question) });
                    s.Owed.Send(new Answer(9));
                    return new(s);
                }
            }
            """;
        const string commands = """
            case "ask":
                var board = self.Find(new ActorName<BoardMessage>("board"));
                self.Pipe(_ => board.Ask(new Question(), TimeSpan.FromMinutes(1)).AsTask(), a => new ConnMessage.Done((int)a.N), f => new ConnMessage.Done(-1));
                self.WriteLine("ok");
                break;
            case "go": self.Find(new ActorName<BoardMessage>("board")).Send(new BoardMessage.Go()); break;
            """;
        const string configure = "service.Actor<Board, BoardState, BoardMessage>(new ActorName<BoardMessage>(\"board\"), () => new BoardState(default));";
        await using var node = await NodeHarness.Start(V1 with { Commands = commands, Configure = configure, More = board + "public sealed record Answer(int N);" });
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("ask"));

        var report = await node.Reload(V2 with { Commands = commands, Configure = configure, More = board + "public sealed record Answer(long N, string Added = \"\");" });
        Assert.Equal(ReloadVerdict.Committed, report.Verdict);

        await client.Send("go");
        Assert.Equal("done Done { N = 9, Added = 7 }", await client.Read());
        await node.Until(s => s.OldVersions.All(v => v.State == "unloaded"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_third_version_serves_while_two_before_it_are_in_use()
    {
        using var turn = new HeldTurn();
        using var work = new HeldTurn();
        var pipe = $"case \"pipe\": self.Pipe(async _ => {{ await {work.Wait}; return 5; }}, n => new ConnMessage.Done(n), _ => new ConnMessage.Done(-1)); self.WriteLine(\"ok\"); break;";
        await using var node = await NodeHarness.Start(V1 with { Commands = turn.Command });
        var (late, piping) = (await node.Connect(), await node.Connect());
        await late.Send("wait");
        await turn.Entered;
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V2 with { Commands = pipe })).Verdict);
        Assert.Equal("ok", await piping.Ask("pipe"));

        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V2 with { Version = "v3" })).Verdict);

        Assert.Equal([1, 2], node.Status.OldVersions.Select(v => v.Version));
        Assert.All(node.Status.OldVersions, v => Assert.Equal("retiring", v.State));
        Assert.Equal("v3 0", await piping.Ask("count"));
        turn.Release();
        Assert.Equal("waited", await late.Read());
        Assert.Equal("v3 0", await late.Ask("count"));
        work.Release();
        Assert.Equal("done Done { N = 5, Added = 7 }", await piping.Read());
        await node.Until(s => s.OldVersions.All(v => v.State == "unloaded"));
    }
}
