using WatchReload.Control;

namespace WatchReload.Deltas.Tests.Nodes;

/// <summary>Methods that come with a delta, in a node with a connection.</summary>
public sealed class AddedMethodTests
{
    private const string Looks = "case \"methods\": self.WriteLine(string.Join(' ', typeof(Conn).GetMethods(System.Reflection.BindingFlags.DeclaredOnly | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Instance).Select(one => one.Name).Order())); break;";
    private static readonly CountingService V1 = new() { Commands = Looks };

    private static readonly CountingService V2 = V1 with
    {
        Version = "v2",
        Commands = Looks + " case \"more\": self.WriteLine(await Extra(s)); break;",
        Members = "public async Task<string> Extra(ConnState s) { await Task.Yield(); Func<string> text = () => $\"more {s.Count}\"; return text(); }",
    };

    [Fact(Timeout = 120_000)]
    public async Task Added_method_is_called_and_found_on_the_same_connection_and_gone_with_the_release_before()
    {
        await using var node = await DeltaNode.Start(V1);
        var client = await node.Harness.Connect();
        Assert.Equal("ok", await client.Ask("add"));
        Assert.Equal("Frame Receive", await client.Ask("methods"));
        Assert.Equal("?", await client.Ask("more"));

        var report = await node.Apply(V2);

        Assert.Equal((ReloadVerdict.Committed, 2), (report.Verdict, report.Version));
        Assert.Equal("more 1", await client.Ask("more"));
        Assert.Equal("Extra Frame Receive", await client.Ask("methods"));
        Assert.Equal("v2 1", await client.Ask("count"));

        Assert.Equal(ReloadVerdict.Committed, (await node.Apply(V2 with { Members = V2.Members.Replace("more {", "MORE {", StringComparison.Ordinal) })).Verdict);
        Assert.Equal("MORE 1", await client.Ask("more"));

        Assert.Equal(ReloadVerdict.Committed, (await node.Harness.Reload(node.Release, request => request with { Rollback = true })).Verdict);
        Assert.Equal("?", await client.Ask("more"));
        Assert.Equal("Frame Receive", await client.Ask("methods"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Node_goes_back_to_the_release_before_when_what_an_added_method_does_fails_on_trial()
    {
        var time = new FakeTime();
        await using var node = await DeltaNode.Start(V1, time);
        var clients = new List<LineClient>();
        for (var i = 0; i < 6; i++) clients.Add(await node.Harness.Connect());
        var report = await node.Apply(V2 with
        {
            Commands = Looks + " case \"more\": self.WriteLine(\"fails\"); throw Failure(s);",
            Members = "private Exception Failure(ConnState s) { return new InvalidOperationException(\"not today\"); }",
        });
        Assert.Equal((ReloadVerdict.Committed, 2), (report.Verdict, report.Version));

        foreach (var client in clients) Assert.Equal("fails", await client.Ask("more"));

        await node.Harness.Until(status => status.Trial is { Failed: 6 });
        await EndOfTrial(node, time, TimeSpan.FromSeconds(10)); // the failures are noticed before; and the way back has half a minute, of this clock too

        Assert.True(node.Harness.Status.LastTrial!.Outcome == TrialOutcome.TakenBack, string.Join(' ', node.Harness.Status.LastTrial.Problems));
        Assert.Equal(3, node.Harness.Status.Version);
        Assert.Equal("v1 0", await clients[0].Ask("count"));
        Assert.Equal("?", await clients[0].Ask("more"));
        Assert.Equal(0, Assert.Single(node.Harness.Status.Loaded!).Generation);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_deltas_brought_passes_its_trial_and_the_release_before_stays_what_a_restart_loads()
    {
        var time = new FakeTime();
        await using var node = await DeltaNode.Start(V1, time);
        var client = await node.Harness.Connect();
        Assert.Equal(ReloadVerdict.Committed, (await node.Apply(V2)).Verdict);
        Assert.Equal(ReloadVerdict.Committed, (await node.Apply(V2 with { Version = "v3" })).Verdict);

        await EndOfTrial(node, time);

        Assert.Equal((3, TrialOutcome.Passed), (node.Harness.Status.Version, node.Harness.Status.LastTrial!.Outcome));
        Assert.Equal("v3 0", await client.Ask("count"));
        Assert.Equal("r000001", (await File.ReadAllTextAsync(node.Harness.State.Current("main"), TestContext.Current.CancellationToken)).Trim());
        Assert.False(File.Exists(node.Harness.State.Trial("main")));
    }

    /// <summary>What the compiler's differences ask for, beside bodies.</summary>
    [Fact(Timeout = 60_000)]
    public void Runtime_takes_what_differences_are_made_of()
    {
        var says = typeof(System.Reflection.Metadata.MetadataUpdater).GetMethod("GetCapabilities", System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!;

        Assert.Superset(
            new HashSet<string> { "Baseline", "AddMethodToExistingType", "AddStaticFieldToExistingType", "AddInstanceFieldToExistingType", "NewTypeDefinition" },
            ((string)says.Invoke(null, null)!).Split(' ').ToHashSet(StringComparer.Ordinal));
    }

    private static Task EndOfTrial(DeltaNode node, FakeTime time, TimeSpan? within = null)
    {
        var end = within is { } limit ? time.GetUtcNow() + limit : DateTimeOffset.MaxValue;
        return node.Harness.Until(status =>
        {
            if (status.LastTrial is not null) return true;
            if (time.GetUtcNow() < end) time.Advance(TimeSpan.FromMilliseconds(250));
            return false;
        });
    }
}
