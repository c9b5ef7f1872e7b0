using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>States of a generic type of the service that has other arguments in the new version.</summary>
public sealed class GenericStateTests
{
    [Fact(Timeout = 60_000)]
    public async Task Actors_keep_what_they_hold_when_an_argument_widens_and_when_the_release_is_rolled_back()
    {
        await using var node = await NodeHarness.Start(Of("v1", "int"));
        var client = await node.Connect();
        Assert.Equal("v1 0 a1 k1", await client.Ask("count"));
        Assert.Equal("1", await client.Ask("tally"));

        var forward = await node.Reload(Of("v2", "long"));

        Assert.Equal((ReloadVerdict.Committed, "lossy"), (forward.Verdict, forward.Reversible));
        Assert.Equal("v2 0 a1 k1", await client.Ask("count"));
        Assert.Equal("2", await client.Ask("tally"));

        var back = await node.Reload(Of("v3", "int"), r => r with { Rollback = true });

        Assert.Equal(ReloadVerdict.Committed, back.Verdict);
        Assert.Equal("v3 0 a1 k1", await client.Ask("count"));
        Assert.Equal("3", await client.Ask("tally"));
        await node.Until(s => s.OldVersions.All(v => v.State == "unloaded"));
    }

    [Fact(Timeout = 60_000)]
    public async Task All_that_does_not_fit_is_refused_in_the_plan_with_its_paths()
    {
        await using var node = await NodeHarness.Start(Of("v1", "int"));
        var client = await node.Connect();
        Assert.Equal("1", await client.Ask("tally"));

        var report = await node.Reload(Of("v2", "byte"));

        Assert.Equal(ReloadVerdict.Refused, report.Verdict);
        Assert.Equal(
            ["ConnState.Best.Value", "Tally<Int32>.Count"],
            report.Problems.Select(p => p[..p.IndexOf(": ", StringComparison.Ordinal)]).Order());
        Assert.DoesNotContain(report.Phases, p => p.Name == "prepare");
        Assert.Equal("2", await client.Ask("tally"));
    }

    private static CountingService Of(string version, string number) => new()
    {
        Version = version,
        State = $$"""
            public sealed record ConnState(int Count, Pair<string, {{number}}> Best, Dictionary<string, Pair<string, {{number}}>> ByName);
            public sealed record Pair<TKey, TValue>(TKey Key, TValue Value);
            """,
        First = "new ConnState(0, new(\"a\", 1), new() { [\"k\"] = new(\"b\", 1) })",
        Shown = "s.Count} {s.Best.Key}{s.Best.Value} k{s.ByName[\"k\"].Value",
        Commands = "case \"tally\": self.WriteLine((await self.Find(Service.Tally).Ask(new More(), TimeSpan.FromSeconds(30))).ToString()); break;",
        Configure = $"service.Actor<Counter, Tally<{number}>, More>(Tally, () => new(0));",
        ServiceMembers = "public static readonly ActorName<More> Tally = new(\"tally\");",
        More = $$"""
            public sealed record More : IRequest<More, long>;
            public sealed record Tally<T>(T Count);
            public sealed class Counter : Behavior<Tally<{{number}}>, More>
            {
                public override ValueTask<Tally<{{number}}>> Receive(Tally<{{number}}> s, More m, Context self)
                {
                    self.Reply(m, (long)s.Count + 1);
                    return new(new Tally<{{number}}>(({{number}})(s.Count + 1)));
                }
            }
            """,
    };
}
