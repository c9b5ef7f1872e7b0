using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Control;
using WatchReload.Daemon.Releases;
using WatchReload.Daemon.Resident;

namespace WatchReload.Daemon.Tests.Cli;

public sealed class QueryVerbTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public QueryVerbTests() => _scratch.Configure();

    public void Dispose() => _scratch.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Status_is_one_object_with_every_field_even_when_it_has_no_value()
    {
        await using var node = await FakeNode.Start(_scratch.State);

        var run = await CommandRun.In(_scratch.Root, "status", "--json");

        Assert.Equal(0, run.ExitCode);
        var status = JsonDocument.Parse(Assert.Single(run.Lines)).RootElement;
        string[] fields = ["node", "pid", "version", "release", "commit", "mvid", "connections", "actors", "late", "parked", "deadLetters", "trial", "sourceHash", "oldVersions", "reloads", "uptimeSeconds"];
        Assert.All(fields, f => Assert.True(status.TryGetProperty(f, out _), f));
        Assert.All(["total", "byBehavior"], f => Assert.True(status.GetProperty("actors").TryGetProperty(f, out _), f));
        Assert.All(["committed", "refused"], f => Assert.True(status.GetProperty("reloads").TryGetProperty(f, out _), f));
    }

    [Fact(Timeout = 60_000)]
    public async Task Status_tells_of_a_node_that_does_not_run_when_another_does()
    {
        _scratch.Configure("main", "other");
        await using var node = await FakeNode.Start(_scratch.State);

        var json = await CommandRun.In(_scratch.Root, "status", "--json");
        var text = await CommandRun.In(_scratch.Root, "status");

        Assert.Equal((0, 0), (json.ExitCode, text.ExitCode));
        var statuses = json.Lines.Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        Assert.Equal(["main", "other"], statuses.Select(s => s.GetProperty("node").GetString()));
        Assert.Equal(JsonValueKind.Null, statuses[1].GetProperty("pid").ValueKind);
        Assert.Contains("other  does not run", text.Output);
    }

    [Fact(Timeout = 60_000)]
    public async Task Status_for_a_person_tells_what_is_wrong_too()
    {
        await using var node = await FakeNode.Start(_scratch.State);
        node.Status = node.Status with
        {
            Version = 3,
            Release = "r000003",
            Commit = "0123456789abcdef0123456789abcdef01234567",
            UptimeSeconds = 3725,
            Connections = 64,
            Listeners = [new ListenerStatus("chat", "127.0.0.1:7000", 64)],
            Actors = new ActorCounts(65, new Dictionary<string, int> { ["Chat.Connection"] = 64, ["Chat.Index"] = 1 }),
            Problems = ["The hosted service Worker did not start."],
            Late = [new ActorNotice("index", "Chat.Index", "in an await", DateTimeOffset.UnixEpoch)],
            OldVersions = [new OldVersion(1, "lingering", ["timer of index"])],
        };

        var run = await CommandRun.In(_scratch.Root, "status");

        Assert.Contains("up 1 h 2 min", run.Output);
        Assert.Contains("3, release r000003, commit 0123456789", run.Output);
        Assert.Contains("127.0.0.1:7000 (chat): 64", run.Output);
        Assert.Contains("The hosted service Worker did not start.", run.Output);
        Assert.Contains("index (Chat.Index): in an await", run.Output);
        Assert.Contains("1: lingering, held by timer of index", run.Output);
    }

    [Fact(Timeout = 60_000)]
    public async Task Status_for_a_person_tells_of_what_serves_beside_the_commit_and_the_release()
    {
        await using var node = await FakeNode.Start(_scratch.State);
        node.Status = node.Status with { Version = 3, Release = "r000003", Commit = "0123456789abcdef0123456789abcdef01234567", Clean = false, Deltas = 1 };

        Assert.Contains("3, release r000003 + 1 delta, commit 0123456789 + changes", (await CommandRun.In(_scratch.Root, "status")).Output);
        node.Status = node.Status with { Clean = true, Deltas = 0 };
        Assert.Contains("3, release r000003, commit 0123456789\n", (await CommandRun.In(_scratch.Root, "status")).Output.Replace(" \n", "\n", StringComparison.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task Status_does_not_advise_to_start_what_works_on_the_checkout_already()
    {
        await using var daemon = await PipeServer.Start(new PipeServerOptions { State = _scratch.State, Name = ResidentName.Value }, _ => { }, TestContext.Current.CancellationToken);

        var run = await CommandRun.In(_scratch.Root, "status");

        Assert.Equal(6, run.ExitCode);
        Assert.Contains("watchreload restart", run.Error);
        Assert.DoesNotContain("watchreload watch", run.Error);
    }

    [Fact(Timeout = 60_000)]
    public async Task Status_for_a_person_shows_some_of_many_and_counts_the_others()
    {
        await using var node = await FakeNode.Start(_scratch.State);
        node.Status = node.Status with
        {
            Late = [.. Enumerable.Range(1, 1000).Select(i => new ActorNotice($"#{i}", "Crowd", "its turn has not ended", DateTimeOffset.UnixEpoch))],
            LateCount = 900_000,
            OldVersions = [new OldVersion(1, "retiring", [.. Enumerable.Range(1, 1000).Select(i => $"actor #{i}")]) { HolderCount = 900_000 }],
        };

        var run = await CommandRun.In(_scratch.Root, "status");

        Assert.Contains("#20 (Crowd): its turn has not ended", run.Output);
        Assert.DoesNotContain("#21 (Crowd)", run.Output);
        Assert.Contains("and 899980 more, 900000 late in all", run.Output);
        Assert.Matches(@"actor\s+#20,\s+and\s+899980\s+more,\s+900000\s+holders\s+in\s+all", run.Output);
        using var json = JsonDocument.Parse(Assert.Single((await CommandRun.In(_scratch.Root, "status", "--json")).Lines));
        Assert.Equal((1000, 900_000), (json.RootElement.GetProperty("late").GetArrayLength(), json.RootElement.GetProperty("lateCount").GetInt32()));
    }

    [Fact(Timeout = 60_000)]
    public async Task Status_says_what_reached_nobody_for_whom_and_why()
    {
        await using var node = await FakeNode.Start(_scratch.State);
        node.Status = node.Status with
        {
            DeadLetters = 7,
            LastDeadLetters = [.. Enumerable.Range(1, 7).Select(i => new DeadLetter(DateTimeOffset.UnixEpoch, $"#{i}", "Chat.Index+Joined", "the actor has stopped"))],
        };

        var run = await CommandRun.In(_scratch.Root, "status");

        Assert.Contains("Chat.Index+Joined for #7: the actor has stopped", run.Output);
        Assert.DoesNotContain("for #2:", run.Output);
        using var json = JsonDocument.Parse(Assert.Single((await CommandRun.In(_scratch.Root, "status", "--json")).Lines));
        var letters = json.RootElement.GetProperty("lastDeadLetters");
        Assert.Equal((7, 7), (json.RootElement.GetProperty("deadLetters").GetInt32(), letters.GetArrayLength()));
        Assert.Equal(("#1", "Chat.Index+Joined", "the actor has stopped", DateTimeOffset.UnixEpoch), (letters[0].GetProperty("actor").GetString(), letters[0].GetProperty("message").GetString(), letters[0].GetProperty("reason").GetString(), letters[0].GetProperty("time").GetDateTimeOffset()));
    }

    [Fact(Timeout = 60_000)]
    public async Task History_is_an_object_a_line_newest_first()
    {
        var history = new History(_scratch.State, TimeProvider.System, NullLogger<History>.Instance);
        await history.Append(new HistoryEntry { Time = DateTimeOffset.UnixEpoch, Cause = "watch", Verdict = "committed", Node = "main", Release = "r000001", Version = 1 }, TestContext.Current.CancellationToken);
        await history.Append(new HistoryEntry { Time = DateTimeOffset.UnixEpoch, Cause = "pull", Verdict = "buildFailed", Problems = ["A.cs(1,1): CS1002: ; expected"] }, TestContext.Current.CancellationToken);

        var json = await CommandRun.In(_scratch.Root, "history", "--json");
        var text = await CommandRun.In(_scratch.Root, "history");

        Assert.Equal(["pull", "watch"], json.Lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("cause").GetString()));
        Assert.Contains("buildFailed", text.Output);
        Assert.Contains("; expected", text.Output);
    }

    [Fact(Timeout = 60_000)]
    public async Task Releases_says_how_to_make_one_when_there_are_none()
    {
        var run = await CommandRun.In(_scratch.Root, "releases");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("watchreload watch", run.Output);
    }
}
