using System.Globalization;
using WatchReload.Control;

namespace WatchReload.Bounds.Tests;

/// <summary>Reload after reload under traffic: what clients and actors are owed arrives, and versions go.</summary>
public sealed class ReloadTests
{
    private const int Reloads = 30;
    private const int Clients = 6;

    /// <summary>Each <c>tell</c> is counted by its connection, and by the board that all connections tell.</summary>
    private static readonly CountingService V0 = new()
    {
        Version = "v0",
        Configure = "service.Actor<Board, BoardState, BoardMessage>(Board.Name, () => new BoardState(0));",
        Commands = """
            case "tell": s = s with { Count = s.Count + 1 }; self.Find(Board.Name).Send(new BoardMessage.Tell()); self.WriteLine("ok"); break;
            case "total": self.Find(Board.Name).Send(new BoardMessage.Total(self.Self)); break;
            """,
        Receive = "self.WriteLine($\"total {((ConnMessage.Tick)m).N}\"); return new(s);",
        More = """
            public abstract record BoardMessage { public sealed record Tell : BoardMessage; public sealed record Total(ActorRef<ConnMessage> From) : BoardMessage; }
            public sealed record BoardState(int Told);
            public sealed class Board : Behavior<BoardState, BoardMessage>
            {
                public static readonly ActorName<BoardMessage> Name = new("board");
                public override ValueTask<BoardState> Receive(BoardState s, BoardMessage m, Context self)
                {
                    if (m is BoardMessage.Total t) t.From.Send(new ConnMessage.Tick(s.Told));
                    return new(m is BoardMessage.Tell ? new BoardState(s.Told + 1) : s);
                }
            }
            """,
    };

    [Fact(Timeout = 240_000)]
    public async Task Nothing_is_lost_and_every_old_version_goes_when_reloads_follow_each_other_under_traffic()
    {
        // Before there is traffic: the compiler would leave it little of the processors.
        var versions = Enumerable.Range(1, Reloads).Select(number => Version(number).Compile()).ToList();
        await using var node = await NodeHarness.Start(V0);
        using var stop = new CancellationTokenSource();
        var connections = new List<LineClient>();
        for (var i = 0; i < Clients; i++) connections.Add(await node.Connect());
        var traffic = connections.ConvertAll(client => Task.Run(() => Traffic(client, stop.Token)));

        foreach (var version in versions)
        {
            var report = await node.Reload(node.Releases.Write(version));
            Assert.True(report.Verdict == ReloadVerdict.Committed, string.Join('\n', report.Problems));
            Assert.DoesNotContain(traffic, t => t.IsCompleted);
        }

        await stop.CancelAsync();
        var seen = await Task.WhenAll(traffic);
        for (var i = 0; i < Clients; i++)
            Assert.Equal($"v{Reloads} {seen[i].Told}", await connections[i].Ask("count"));

        Assert.Equal($"total {seen.Sum(s => s.Told)}", await connections[0].Ask("total"));
        Assert.All(seen, s => Assert.True(s.Versions.SequenceEqual(s.Versions.Order()), "an older version answered after a newer one"));
        await node.Until(s => s.OldVersions.All(v => v.State == "unloaded"));
        Assert.Equal((Reloads + 1, 0L, Clients), (node.Status.Version, node.Status.DeadLetters, node.Status.Connections));
        Assert.Empty(node.Status.Parked);
        Assert.Empty(node.Status.Late);
    }

    /// <summary>Every other version has another shape of the state, so that half of the reloads add a member and half take it away.</summary>
    private static CountingService Version(int number) => V0 with
    {
        Version = $"v{number}",
        State = number % 2 == 0 ? V0.State : "public sealed record ConnState(int Count, string Added = \"new\");",
    };

    /// <summary>Counts up, and compares each answer with what was sent: a lost, doubled or reordered line shows in the next.</summary>
    private static async Task<Seen> Traffic(LineClient client, CancellationToken stop)
    {
        var seen = new Seen(0, []);
        while (!stop.IsCancellationRequested)
        {
            await client.Send("tell\ntell\ncount");
            Assert.Equal("ok", await client.Read());
            Assert.Equal("ok", await client.Read());
            var answer = (await client.Read())!.Split(' ');
            seen = seen with { Told = seen.Told + 2 };
            Assert.Equal(seen.Told.ToString(CultureInfo.InvariantCulture), answer[1]);
            var version = int.Parse(answer[0].AsSpan(1), CultureInfo.InvariantCulture);
            if (seen.Versions.Count == 0 || seen.Versions[^1] != version) seen.Versions.Add(version);
        }

        return seen;
    }

    private sealed record Seen(int Told, List<int> Versions);
}
