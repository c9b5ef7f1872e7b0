using System.Globalization;
using System.Text.Json;
using WatchReload.Control;
using WatchReload.Hosting.Kernel;
using WatchReload.Hosting.Tests.Kernel;
using WatchReload.Hosting.Upgrading;

namespace WatchReload.Hosting.Tests.Upgrading;

public sealed class ProbationTests
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly CountingService V1 = new() { Commands = Throwing };

    private const string Throwing = "case \"throw\": self.WriteLine(\"thrown\"); throw new InvalidOperationException(\"as told\");";

    /// <summary>Fails on what a client sends: on however many connections, that is one client.</summary>
    [Fact(Timeout = 60_000)]
    public async Task One_client_does_not_force_the_way_back_when_it_makes_one_handler_throw_on_connection_after_connection()
    {
        var time = new FakeTime();
        await using var node = await NodeHarness.Start(V1, time);
        var others = new List<LineClient>();
        for (var i = 0; i < 12; i++) others.Add(await node.Connect());
        foreach (var other in others) Assert.Equal("ok", await other.Ask("add"));
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V1 with { Version = "v2" }, request => request with { ProbationSeconds = Length.TotalSeconds })).Verdict);

        for (var connection = 0; connection < 30; connection++)
        {
            await using var client = await node.Connect();
            for (var times = 0; times < 3; times++) Assert.Equal("thrown", await client.Ask("throw"));
        }

        await node.Until(status => status.Trial is { Failed: 30 });
        await End(node, time);
        Assert.Equal((2, TrialOutcome.Passed), (node.Status.Version, node.Status.LastTrial!.Outcome));
        Assert.Equal((30, 90, 0), (node.Status.LastTrial.Rates!.Failed, node.Status.LastTrial.Rates.Failures, node.Status.LastTrial.Rates.Expected));
    }

    /// <summary>Its connection asks others for something, and their handlers throw: at once, after an await, by a third, outside of turns, by a timer, at its end.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData("foreach (var room in Rooms(self)) room.Send(\"fail\");")]
    [InlineData("await Task.Yield(); foreach (var room in Rooms(self)) room.Send(\"fail\");")]
    [InlineData("Rooms(self)[0].Send(\"relay\");")]
    [InlineData("var rooms = Rooms(self); self.Pipe<int>(async _ => { await Task.Yield(); foreach (var room in rooms) room.Send(\"fail\"); return 0; }, _ => new ConnMessage.Tick(0), _ => new ConnMessage.Tick(0));")]
    [InlineData("foreach (var room in Rooms(self)) room.Send(\"timer\");")]
    [InlineData("foreach (var room in Rooms(self)) room.Send(\"spawn\");")]
    public async Task One_client_does_not_force_the_way_back_when_it_makes_other_actors_fail(string command)
    {
        var time = new FakeTime();
        var rooms = Rooms(command);
        await using var node = await NodeHarness.Start(rooms, time);
        var others = new List<LineClient>();
        for (var i = 0; i < 12; i++) others.Add(await node.Connect());
        foreach (var other in others) Assert.Equal("ok", await other.Ask("add"));
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(rooms with { Version = "v2" }, request => request with { ProbationSeconds = Length.TotalSeconds })).Verdict);

        Assert.Equal("done", await (await node.Connect()).Ask("rooms"));

        await node.Until(status =>
        {
            if (status.Trial is { Failed: 5 }) return true;
            time.Advance(TimeSpan.FromMilliseconds(1));
            return false;
        });
        await End(node, time);
        Assert.Equal((2, TrialOutcome.Passed), (node.Status.Version, node.Status.LastTrial!.Outcome));
    }

    /// <summary>Every policy parks on trial; its own would have closed the connection.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_connection_that_the_trial_has_parked_goes_on_when_the_version_has_passed()
    {
        var time = new FakeTime();
        await using var node = await NodeHarness.Start(V1, time);
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("add"));
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V1 with { Version = "v2" }, request => request with { ProbationSeconds = Length.TotalSeconds })).Verdict);
        for (var times = 0; times < 6; times++) Assert.Equal("thrown", await client.Ask("throw"));
        await node.Until(status => status.ParkedCount == 1);
        await client.Send("count");

        await End(node, time);

        Assert.Equal("v2 1", await client.Read());
        Assert.Equal(TrialOutcome.Passed, node.Status.LastTrial!.Outcome);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_version_is_taken_back_when_most_clients_make_other_actors_fail()
    {
        var time = new FakeTime();
        var rooms = Rooms("foreach (var room in Rooms(self)) room.Send(\"fail\");");
        await using var node = await NodeHarness.Start(rooms, time);
        var clients = new List<LineClient>();
        for (var i = 0; i < 8; i++) clients.Add(await node.Connect());
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(rooms with { Version = "v2" }, request => request with { ProbationSeconds = Length.TotalSeconds })).Verdict);
        var onTrial = node.Status.ContentHash;

        foreach (var client in clients.Take(5)) Assert.Equal("done", await client.Ask("rooms"));

        await node.Until(status => status is { Trial.Failed: 5, DeadLetters: 25 });
        await End(node, time);
        Assert.Equal((3, TrialOutcome.TakenBack), (node.Status.Version, node.Status.LastTrial!.Outcome));
        Assert.Equal(onTrial, node.Status.LastTrial.ContentHash);
    }

    /// <summary>Of a few addresses, which may be proxies and may be clients, more than half must be struck, each at more than half of its connections.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData("10/10", true)]
    [InlineData("6/10", true)]
    [InlineData("5/10", false)]
    [InlineData("4/4", false)]
    [InlineData("30/30 0/2", false)]
    [InlineData("30/30 2/2", true)]
    [InlineData("30/30 2/2 0/1", true)]
    [InlineData("30/30 0/1 0/1", false)]
    [InlineData("2/2 1/1 1/1 1/1 0/90", true)]
    [InlineData("30/30 30/30 30/30 30/30 0/1 0/1 0/1 0/1", false)]
    [InlineData("0/6 +30", false)]
    [InlineData("3/6 +30", false)]
    [InlineData("6/6 +30", true)]
    public async Task Connections_count_where_few_addresses_tell_clients_apart(string struck, bool isPast)
    {
        await using var node = new KernelHarness(new PlainVersion(1, version => [new Scripted(version), new ScriptedConnection()]));
        var failing = new List<Actor>();
        var later = 0;
        foreach (var (address, part) in struck.Split(' ').Index())
        {
            if (part.StartsWith('+')) later = int.Parse(part, CultureInfo.InvariantCulture);
            else
            {
                var numbers = part.Split('/').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();
                failing.AddRange(Enumerable.Range(0, numbers[1]).Select(_ => node.Accept(address)).ToList().Take(numbers[0]));
            }
        }

        var probation = new Probation(node.Kernel, Now(node), "r", Length);
        var outcome = probation.Outcome(TestContext.Current.CancellationToken);
        failing.AddRange(Enumerable.Range(0, later).Select(_ => node.Accept(address: 0)));
        foreach (var actor in failing) node.Kernel.Failures.Add(Failed(node, actor.Cell.Id.Value, actor.Cell.OwnClient));
        await node.Advance(Length);

        Assert.Equal(isPast, await outcome is not null);
    }

    /// <summary>A node that dies on the next trial starts on it.</summary>
    [Fact(Timeout = 60_000)]
    public async Task What_has_passed_is_named_on_disk_before_the_next_trial_when_it_could_not_be_at_once()
    {
        var time = new FakeTime();
        await using var node = await NodeHarness.Start(V1, time);
        var (current, trial) = (node.State.Current("main"), node.State.Trial("main"));
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V1 with { Version = "v2" }, request => request with { ProbationSeconds = Length.TotalSeconds })).Verdict);
        File.Delete(current);
        Directory.CreateDirectory(Path.Combine(current, "in the way"));
        await End(node, time);

        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V1 with { Version = "v3" }, request => request with { ProbationSeconds = Length.TotalSeconds })).Verdict);
        Assert.Equal("r000002", (await File.ReadAllTextAsync(trial, TestContext.Current.CancellationToken)).Trim());

        Directory.Delete(current, recursive: true);
        time.Advance(TimeSpan.FromSeconds(1));
        await node.Until(_ => File.Exists(trial) && File.ReadAllText(trial).Trim() == "r000003");
        Assert.Equal("r000002", (await File.ReadAllTextAsync(current, TestContext.Current.CancellationToken)).Trim());
    }

    /// <summary>Two of three fail at the same time before, the third 20 s earlier.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(10, 2)]
    [InlineData(19, 2)]
    [InlineData(20, 3)]
    public async Task Status_has_what_failed_on_trial_how_often_and_what_failed_before_in_any_time_as_long(int seconds, int expected)
    {
        var time = new FakeTime();
        await using var node = await NodeHarness.Start(V1, time);
        var (one, two, three) = (await node.Connect(), await node.Connect(), await node.Connect());
        await Fail(one, times: 2);
        time.Advance(TimeSpan.FromSeconds(20));
        await Fail(two, times: 1);
        await Fail(three, times: 1);
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V1 with { Version = "v2" }, request => request with { ProbationSeconds = Length.TotalSeconds })).Verdict);
        Assert.Equal(new TrialStatus("r000002", 30, Failed: 0) { Expected = 2 }, node.Status.Trial);

        time.Advance(TimeSpan.FromSeconds(seconds));
        await Fail(one, times: 3);
        await Fail(two, times: 1);

        Assert.Equal(new TrialStatus("r000002", 30 - seconds, Failed: 2) { ForSeconds = seconds, Failures = 4, Expected = expected }, node.Status.Trial);
        Assert.Contains($"\"failed\":2,\"forSeconds\":{seconds},\"failures\":4,\"expected\":{expected}}}", JsonSerializer.Serialize(node.Status, ControlJson.Default.NodeStatus), StringComparison.Ordinal);

        static async Task Fail(LineClient client, int times)
        {
            for (var i = 0; i < times; i++) Assert.Equal("thrown", await client.Ask("throw"));
            Assert.EndsWith(" 0", await client.Ask("count")); // the turn has ended
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_version_is_taken_back_when_its_handler_throws_for_most_clients()
    {
        var time = new FakeTime();
        await using var node = await NodeHarness.Start(V1, time);
        var clients = new List<LineClient>();
        for (var i = 0; i < 6; i++) clients.Add(await node.Connect());
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V1 with { Version = "v2" }, request => request with { ProbationSeconds = Length.TotalSeconds })).Verdict);

        foreach (var client in clients) Assert.Equal("thrown", await client.Ask("throw"));

        await End(node, time);
        Assert.Equal((3, TrialOutcome.TakenBack), (node.Status.Version, node.Status.LastTrial!.Outcome));
        Assert.Equal("v1 0", await clients[0].Ask("count"));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(0, true)]
    [InlineData(6, true)]
    [InlineData(7, false)]
    public async Task What_failed_before_is_compared_with_what_fails_on_trial(int failedBefore, bool isPast)
    {
        await using var node = new KernelHarness();
        for (var actor = 0; actor < failedBefore; actor++) node.Kernel.Failures.Add(Failed(node, 1_000 + actor));
        await node.Advance(TimeSpan.FromMinutes(5));
        var probation = new Probation(node.Kernel, Now(node), "r", Length);
        var outcome = probation.Outcome(TestContext.Current.CancellationToken);
        await node.Advance(TimeSpan.FromSeconds(10));

        for (var actor = 0; actor < 20; actor++) node.Kernel.Failures.Add(Failed(node, actor));
        await node.Advance(Length);

        Assert.Equal(isPast, await outcome is not null);
    }

    /// <summary>Turns run from the commit on, and the trial is told of somewhat later.</summary>
    [Fact(Timeout = 60_000)]
    public async Task What_fails_right_after_the_commit_fails_on_trial()
    {
        await using var node = new KernelHarness();
        await node.Advance(TimeSpan.FromMinutes(5));
        node.Kernel.Commit(new PlainVersion(2), onTrial: true);
        for (var actor = 0; actor < 20; actor++) node.Kernel.Failures.Add(Failed(node, actor, version: 2));
        await node.Advance(TimeSpan.FromMilliseconds(1));

        var outcome = new Probation(node.Kernel, node.Kernel.Committed, "r", Length).Outcome(TestContext.Current.CancellationToken);
        await node.Advance(Length);

        Assert.NotNull(await outcome);
    }

    /// <summary>That one failed in the only second that is known does not mean that one fails each second.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Little_that_failed_before_does_not_end_probation_when_the_node_is_young()
    {
        await using var node = new KernelHarness();
        node.Kernel.Failures.Add(Failed(node, 1_000));
        await node.Advance(TimeSpan.FromSeconds(1));
        var outcome = new Probation(node.Kernel, Now(node), "r", Length).Outcome(TestContext.Current.CancellationToken);
        await node.Advance(TimeSpan.FromSeconds(10));

        for (var actor = 0; actor < 7; actor++) node.Kernel.Failures.Add(Failed(node, actor));
        await node.Advance(Length);

        Assert.NotNull(await outcome);
    }

    /// <summary>Distinct actors do not add up: in a longer time the same ones fail again.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(40)]
    [InlineData(900)]
    public async Task What_fails_as_it_did_before_does_not_force_the_way_back(int secondsBefore)
    {
        await using var node = new KernelHarness();
        for (var at = 0; at < secondsBefore; at++) await SecondWithFailures(node, at);
        var probation = new Probation(node.Kernel, Now(node), "r", Length);
        var outcome = probation.Outcome(TestContext.Current.CancellationToken);

        for (var at = 0; at <= Length.TotalSeconds; at++) await SecondWithFailures(node, at);

        Assert.Null(await outcome);
    }

    /// <summary>What the meter has no room for it does not know.</summary>
    [Fact(Timeout = 60_000)]
    public async Task What_fails_as_it_did_before_does_not_force_the_way_back_when_no_more_than_a_few_seconds_before_are_known()
    {
        await using var node = new KernelHarness();
        for (var at = 0; at < 600; at++) await SecondWithFailures(node, at);
        for (var times = 0; times < 100_000; times++) node.Kernel.Failures.Add(Failed(node, 0));
        for (var at = 0; at < 10; at++) await SecondWithFailures(node, at);
        var probation = new Probation(node.Kernel, Now(node), "r", Length);
        var outcome = probation.Outcome(TestContext.Current.CancellationToken);

        for (var at = 10; at <= 10 + Length.TotalSeconds; at++) await SecondWithFailures(node, at);

        Assert.Null(await outcome);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_failed_in_a_version_that_was_gone_back_from_is_not_to_be_expected_of_the_next()
    {
        var time = new FakeTime();
        await using var node = await NodeHarness.Start(V1, time);
        var clients = new List<LineClient>();
        for (var i = 0; i < 6; i++) clients.Add(await node.Connect());
        for (var version = 2; version <= 4; version += 2)
        {
            Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V1 with { Version = $"v{version}" }, request => request with { ProbationSeconds = Length.TotalSeconds })).Verdict);

            foreach (var client in clients) Assert.Equal("thrown", await client.Ask("throw"));

            await End(node, time, version);
            Assert.Equal((version + 1, TrialOutcome.TakenBack), (node.Status.Version, node.Status.LastTrial!.Outcome));
        }
    }

    /// <summary>What failed in a version that had passed is as much to be expected after an operator's way back from it.</summary>
    [Fact(Timeout = 60_000)]
    public async Task What_failed_in_a_version_that_had_passed_is_to_be_expected_when_an_operator_goes_back_from_it()
    {
        var time = new FakeTime();
        await using var node = await NodeHarness.Start(V1, time);
        var clients = new List<LineClient>();
        for (var i = 0; i < 6; i++) clients.Add(await node.Connect());
        foreach (var client in clients) Assert.Equal("thrown", await client.Ask("throw"));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V1 with { Version = "v0" }, request => request with { Rollback = true, ProbationSeconds = Length.TotalSeconds })).Verdict);

        foreach (var client in clients) Assert.Equal("thrown", await client.Ask("throw"));

        await End(node, time);
        Assert.Equal((2, TrialOutcome.Passed), (node.Status.Version, node.Status.LastTrial!.Outcome));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(1, false)]
    [InlineData(5, true)]
    public async Task Clients_are_told_apart_by_their_addresses(int clients, bool isPast)
    {
        await using var node = new KernelHarness();
        // Most of what is there has not failed, so only clients count.
        for (var i = 0; i < 100; i++) node.Spawn();
        var probation = new Probation(node.Kernel, Now(node), "r", Length);
        var outcome = probation.Outcome(TestContext.Current.CancellationToken);

        for (var actor = 0; actor < 20; actor++) node.Kernel.Failures.Add(Failed(node, 10_000 + actor, new Client(10_000 + actor, $"10.0.0.{actor % clients}", session: 0)));
        await node.Advance(Length);

        Assert.Equal(isPast, await outcome is not null);
    }

    /// <summary>Five named actors that fail when they are told to.</summary>
    private static CountingService Rooms(string command) => new()
    {
        Commands = $"case \"rooms\": {{ {command} self.WriteLine(\"done\"); break; }}",
        Members = "private static ActorRef<string>[] Rooms(IActorContext<ConnMessage> self) => [.. Enumerable.Range(0, 5).Select(i => self.Find(new ActorName<string>($\"room{i}\")))];",
        Configure = "for (var i = 0; i < 5; i++) service.Actor<Room, int, string>(new ActorName<string>($\"room{i}\"), () => 0);",
        More = """
            public sealed class Room : Behavior<int, string>
            {
                public override ValueTask<int> Receive(int s, string m, Context self)
                {
                    if (m == "fail") throw new InvalidOperationException("as told");
                    if (m == "relay") for (var i = 0; i < 5; i++) self.Find(new ActorName<string>($"room{i}")).Send("fail");
                    if (m == "timer") self.After("fail", TimeSpan.FromMilliseconds(1), "fail");
                    if (m == "spawn") self.Spawn<Room, int, string>(0).Send("fail");
                    return new(s);
                }
            }
            """,
    };

    private static FailedTurn Failed(KernelHarness node, long actor, Client? client = null, int version = 1) => new(node.Kernel.Time.GetTimestamp(), actor, version, client?.Address, client?.Origin);

    private static CommitPoint Now(KernelHarness node) => new(2, node.Kernel.Time.GetTimestamp(), node.Kernel.Spawned);

    /// <summary>Six actors fail every 20 s each, one after the other.</summary>
    private static async Task SecondWithFailures(KernelHarness node, int second)
    {
        if (second % 20 is var at && at % 3 == 0 && at < 18) node.Kernel.Failures.Add(Failed(node, at / 3));
        await node.Advance(TimeSpan.FromSeconds(1));
    }

    /// <summary>Time passes only while the trial waits for it: on the way back it would pass for the deadlines of that.</summary>
    private static async Task End(NodeHarness node, FakeTime time, int version = 2)
    {
        var ended = node.Until(status => status.LastTrial?.Version == version);
        while (await Task.WhenAny(ended, time.Armed(left => left <= Look)) != ended) time.Advance(Look);
        await ended;
    }
}
