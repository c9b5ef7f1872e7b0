using System.Net;
using WatchReload.Control;
using WatchReload.Hosting.Tests.Kernel;
using WatchReload.Hosting.Upgrading;

namespace WatchReload.Hosting.Tests.Upgrading;

public sealed class ProbationTests
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(30);
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

        for (var connection = 0; connection < 10; connection++)
        {
            await using var client = await node.Connect();
            for (var times = 0; times < 3; times++) Assert.Equal("thrown", await client.Ask("throw"));
        }

        await node.Until(status => status.Trial is { Failed: 10 });
        await End(node, time);
        Assert.Equal((2, TrialOutcome.Passed), (node.Status.Version, node.Status.LastTrial!.Outcome));
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
        for (var actor = 0; actor < failedBefore; actor++) node.Kernel.Failures.Add(1_000 + actor, 1, null);
        await node.Advance(TimeSpan.FromMinutes(5));
        var probation = new Probation(node.Kernel, "r", Length);
        var outcome = probation.Outcome(TestContext.Current.CancellationToken);
        await node.Advance(TimeSpan.FromSeconds(10));

        for (var actor = 0; actor < 20; actor++) node.Kernel.Failures.Add(actor, 1, null);
        await node.Advance(Length);

        Assert.Equal(isPast, await outcome is not null);
    }

    /// <summary>Distinct actors do not add up: in a longer time the same ones fail again.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(40)]
    [InlineData(900)]
    public async Task What_fails_as_it_did_before_does_not_force_the_way_back(int secondsBefore)
    {
        await using var node = new KernelHarness();
        for (var at = 0; at < secondsBefore; at++) await SecondWithFailures(node, at);
        var probation = new Probation(node.Kernel, "r", Length);
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
        for (var times = 0; times < 100_000; times++) node.Kernel.Failures.Add(0, 1, null);
        for (var at = 0; at < 10; at++) await SecondWithFailures(node, at);
        var probation = new Probation(node.Kernel, "r", Length);
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

    [Theory(Timeout = 60_000)]
    [InlineData(1, false)]
    [InlineData(5, true)]
    public async Task Clients_are_told_apart_by_their_addresses(int clients, bool isPast)
    {
        await using var node = new KernelHarness();
        // Most of what is there has not failed, so only clients count.
        for (var i = 0; i < 100; i++) node.Spawn();
        var probation = new Probation(node.Kernel, "r", Length);
        var outcome = probation.Outcome(TestContext.Current.CancellationToken);

        for (var actor = 0; actor < 20; actor++) node.Kernel.Failures.Add(10_000 + actor, 1, new IPAddress([10, 0, 0, (byte)(actor % clients)]).ToString());
        await node.Advance(Length);

        Assert.Equal(isPast, await outcome is not null);
    }

    /// <summary>Six actors fail every 20 s each, one after the other.</summary>
    private static async Task SecondWithFailures(KernelHarness node, int second)
    {
        if (second % 20 is var at && at % 3 == 0 && at < 18) node.Kernel.Failures.Add(at / 3, 1, null);
        await node.Advance(TimeSpan.FromSeconds(1));
    }

    private static Task End(NodeHarness node, FakeTime time, int version = 2) => node.Until(status =>
    {
        if (status.LastTrial?.Version == version) return true;
        time.Advance(TimeSpan.FromMilliseconds(250));
        return false;
    });
}
