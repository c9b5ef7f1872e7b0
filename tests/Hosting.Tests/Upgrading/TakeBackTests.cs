using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Upgrading;

public sealed class TakeBackTests
{
    private const string Throws = "throw new InvalidOperationException(\"not today\");";
    private static readonly CountingService V1 = new();
    private static readonly CountingService V2 = new() { Version = "v2" };

    [Fact(Timeout = 60_000)]
    public async Task Actors_of_behaviors_that_the_version_had_added_are_stopped_when_it_is_taken_back()
    {
        await using var node = await NodeHarness.Start(V1);
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("add"));

        var report = await node.Reload(V2 with
        {
            More = "public sealed class Board : Behavior<int, string> { public override ValueTask<int> Receive(int s, string m, Context self) => new(s + 1); }",
            Configure = "service.Actor<Board, int, string>(new ActorName<string>(\"board\"), () => 0);",
            CodeChange = Throws,
        });

        Assert.Equal(ReloadVerdict.TakenBack, report.Verdict);
        Assert.Equal("v1 1", await client.Ask("count"));
        await node.Until(s => s.Actors.Total == 1 && s.OldVersions.Count == 2 && s.OldVersions.All(v => v.State == "unloaded"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_version_is_taken_back_when_first_turns_in_its_code_fail()
    {
        await using var node = await NodeHarness.Start(V1);
        for (var i = 0; i < 5; i++) await node.Connect();
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("add"));

        var report = await node.Reload(V2 with { Members = "public override ValueTask<ConnState> Started(ConnState s, StartReason why, Context self) => throw new InvalidOperationException(\"at once\");" });

        Assert.Equal(ReloadVerdict.Committed, report.Verdict);
        await node.Until(s => s is { Version: 3, Release: "r000001", Trial: null } && !File.Exists(node.State.Trial("main")));
        Assert.Equal("v1 1", await client.Ask("count"));
        Assert.Equal("r000001", await Pointer(node.State.Current("main")));
        await node.Until(s => s.LastTrial is not null);
        var end = node.Status.LastTrial!;
        Assert.Equal((TrialOutcome.TakenBack, "r000002", 2, 3), (end.Outcome, end.Release, end.Version, end.Serves));
        Assert.Contains("actors failed", Assert.Single(end.Problems));
        Assert.Equal(1, node.Status.Reloads.Refused);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_way_back_is_on_trial_when_it_leads_to_a_release_that_was()
    {
        await using var node = await NodeHarness.Start(V1);
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V2)).Verdict);

        Assert.Equal(ReloadVerdict.TakenBack, (await node.Reload(V2 with { Version = "v3", CodeChange = Throws })).Verdict);

        Assert.Equal((4, "r000002"), (node.Status.Version, node.Status.Release));
        Assert.Equal("r000002", node.Status.Trial?.Release);
        Assert.Equal("r000001", await Pointer(node.State.Current("main")));
        Assert.Equal("r000002", await Pointer(node.State.Trial("main")));
    }

    /// <summary>V2 sends what V1 does not know: to a turn that waits, and by a timer.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Messages_and_timers_that_the_older_release_does_not_know_do_not_keep_the_node_from_going_back()
    {
        using var turn = new HeldTurn();
        await using var node = await NodeHarness.Start(V1);
        var client = await node.Connect();
        var poked = await node.Connect();
        var forward = await node.Reload(V2 with
        {
            Messages = Poke,
            Commands = $"""
                case "arm": self.Every("poke", TimeSpan.FromDays(1), new ConnMessage.Poke()); self.Every("tick", TimeSpan.FromDays(1), new ConnMessage.Tick(1)); self.WriteLine("armed"); break;
                case "queue": self.Self.Send(new ConnMessage.Poke()); {turn.Suspend} self.WriteLine("queued"); break;
                """,
        });
        Assert.Equal("yes", forward.Reversible);
        Assert.Equal("armed", await client.Ask("arm"));
        await poked.Send("queue");
        await turn.Entered;

        var back = await node.Reload(V1, request => request with { Rollback = true });

        Assert.Equal(ReloadVerdict.Committed, back.Verdict);
        Assert.Equal("The release does not know Counting.ConnMessage.Poke: messages of it become dead letters, and timers that bring it are stopped", Assert.Single(back.Warnings));
        Assert.Equal("v1 0", await client.Ask("count"));
        turn.Release();
        await node.Until(status => status.DeadLetters == 2);
        Assert.Equal("queued", await poked.Read());
        Assert.Contains(node.Status.LastDeadLetters, letter => letter.Reason == "Counting.Conn of version 3 receives no Counting.ConnMessage+Poke, so the timer 'poke' is stopped");
        Assert.Contains(node.Status.LastDeadLetters, letter => letter.Reason.StartsWith("no mapping to version 3", StringComparison.Ordinal));

        // Nothing of it is left: the newer release comes again, with the timer that V1 knew.
        Assert.Empty((await node.Reload(V2, request => request with { Force = true })).Warnings);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_version_is_taken_back_when_its_actors_have_sent_what_the_older_release_does_not_know()
    {
        await using var node = await NodeHarness.Start(V1);
        for (var i = 0; i < 6; i++) await node.Connect();

        var report = await node.Reload(V2 with
        {
            Messages = Poke,
            Members = "public override ValueTask<ConnState> Started(ConnState s, StartReason why, Context self) { self.Self.Send(new ConnMessage.Poke()); throw new InvalidOperationException(\"at once\"); }",
        });

        Assert.Equal((ReloadVerdict.Committed, "yes"), (report.Verdict, report.Reversible));
        await node.Until(status => status.LastTrial is not null);
        var end = node.Status.LastTrial!;
        Assert.Equal((TrialOutcome.TakenBack, 3), (end.Outcome, end.Serves));
        Assert.Contains(end.Problems, problem => problem.StartsWith("On the way back: The release does not know Counting.ConnMessage.Poke", StringComparison.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_message_that_has_lost_a_member_does_not_keep_the_node_from_going_back()
    {
        await using var node = await NodeHarness.Start(V1 with { Messages = "public abstract record ConnMessage { public sealed record Tick(string Text) : ConnMessage; }" });
        var client = await node.Connect();
        await node.Reload(V2 with { Messages = "public abstract record ConnMessage { public sealed record Tick : ConnMessage; }", Commands = "case \"tick\": self.Self.Send(new ConnMessage.Tick()); self.WriteLine(\"sent\"); break;" });
        Assert.Equal("sent", await client.Ask("tick"));

        var back = await node.Reload(V1 with { Messages = "public abstract record ConnMessage { public sealed record Tick(string Text) : ConnMessage; }" }, request => request with { Rollback = true });

        Assert.Equal(ReloadVerdict.Committed, back.Verdict);
        Assert.Equal(
            "ConnMessage.Tick.Text: is new and has no default; give it one (a parameter default or an initializer), make it nullable, or write Upgrade. Messages of it become dead letters; a timer that brings it keeps the node from going back",
            Assert.Single(back.Warnings));
    }

    private const string Poke = "public abstract record ConnMessage { public sealed record Tick(int N) : ConnMessage; public sealed record Poke : ConnMessage; }";

    private static async Task<string> Pointer(string path) => (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).Trim();
}
