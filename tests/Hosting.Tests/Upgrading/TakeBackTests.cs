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

    private static async Task<string> Pointer(string path) => (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).Trim();
}
