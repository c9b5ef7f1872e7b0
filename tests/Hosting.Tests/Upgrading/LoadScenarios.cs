using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>Loads that fail, wait or meet each other: what Erlang/OTP's own suites test of them, by the same sentences.</summary>
public sealed class LoadScenarios
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly CountingService V1 = new();
    private static readonly CountingService V2 = new() { Version = "v2" };
    private static readonly CountingService V3 = new() { Version = "v3" };

    [Fact(Timeout = 60_000)]
    public async Task A_failing_first_step_of_v2_leaves_v1_callable_v3_then_loads()
    {
        await using var node = await NodeHarness.Start(V1);
        var client = await node.Connect();

        var failed = await node.Reload(V2 with { Configure = "throw new InvalidOperationException(\"first step\");" });

        Assert.Equal(ReloadVerdict.Refused, failed.Verdict);
        Assert.Contains("first step", Assert.Single(failed.Problems), StringComparison.Ordinal);
        Assert.Equal("v1 0", await client.Ask("count"));
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V3)).Verdict);
        Assert.Equal("v3 0", await client.Ask("count"));
    }

    /// <summary>What is no data is told of all states and messages together, before anything serves.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_first_load_whose_state_is_not_data_is_refused_and_the_next_start_is_on_one_that_is()
    {
        await using var node = new NodeHarness();
        var bad = node.Releases.Write((V1 with
        {
            State = "public sealed record ConnState(int Count) { public System.IO.Stream? Log { get; init; } }",
            Messages = "public abstract record ConnMessage { public sealed record Tick(int N, Func<int> Next) : ConnMessage; }",
        }).Compile());

        var report = await node.StartOn(bad);

        Assert.Equal((ReloadVerdict.Refused, 0), (report!.Verdict, node.Status.Version));
        Assert.Equal(2, report.Problems.Count);
        Assert.Contains(report.Problems, problem => problem.Contains("ConnState.Log: System.IO.Stream is not state", StringComparison.Ordinal));
        Assert.Contains(report.Problems, problem => problem.Contains("ConnMessage(ConnMessage.Tick).Next: System.Func<System.Int32> is not state", StringComparison.Ordinal));
        await node.Node.DisposeAsync();
        Assert.Null(await node.StartOn(node.Releases.Write(V2.Compile())));
        Assert.Equal("v2 0", await (await node.Connect()).Ask("count"));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("public Conn(IServiceVersion version) { Work.Start(version); throw new InvalidOperationException(\"after it\"); }", "")]
    [InlineData("public Conn(IServiceVersion version) => Work.Start(version);", "service.Actor<Board, int, string>(new ActorName<string>(\"board\"), () => throw new InvalidOperationException());")]
    [InlineData("public Conn(IServiceVersion version) => Work.Start(version);", "", "bool")]
    public async Task Work_started_by_a_rejected_version_is_cancelled(string constructor, string configure = "", string added = "int")
    {
        using var held = new HeldObject();
        await using var node = await NodeHarness.Start(V1 with { State = "public sealed record ConnState(int Count, int Added = 1);" });
        var client = await node.Connect();

        var report = await node.Reload(V2 with
        {
            State = $"public sealed record ConnState(int Count, {added} Added = default);",
            Members = constructor,
            Configure = configure,
            More = $$"""
                public sealed class Board : Behavior<int, string> { public override ValueTask<int> Receive(int s, string m, Context self) => new(s); }
                static class Work
                {
                    public static void Start(IServiceVersion version) { {{held.Set("Run(version.Retired)")}} }
                    private static async Task Run(CancellationToken retired) => await Task.Delay(Timeout.Infinite, retired);
                }
                """,
        });

        Assert.Equal(ReloadVerdict.Refused, report.Verdict);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => (Task)held.Value!);
        Assert.Equal("v1 0", await client.Ask("count"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_second_load_queues_behind_a_hanging_one_and_the_first_times_out()
    {
        var time = new FakeTime();
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(V1, time);
        var client = await node.Connect();
        var hangs = time.ArmedAnew(Deadline);
        var first = node.Reload(V2 with { Configure = $"_ = {held.Block};" });
        await Task.WhenAll(held.Entered, hangs);
        var second = node.Reload(V3);
        Assert.False(second.IsCompleted);

        time.Advance(Deadline); // of the first, and not of the second, which begins when that has ended
        Assert.Equal(ReloadVerdict.Refused, (await first).Verdict);
        Assert.Equal(ReloadVerdict.Committed, (await second).Verdict);
        Assert.Equal("v3 0", await client.Ask("count"));
        held.Release();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_rebuild_with_the_same_content_is_unchanged_the_hash_decides_not_the_time()
    {
        await using var node = await NodeHarness.Start(V1);

        var rebuilt = await node.Reload(node.Releases.Write(new ReleaseContents(V1.Compile()) { Edit = manifest => manifest with { Time = DateTimeOffset.MaxValue, Commit = "another" } }));
        var edited = await node.Reload(node.Releases.Write(V2.Compile()));

        Assert.Equal((ReloadVerdict.Unchanged, ReloadVerdict.Committed), (rebuilt.Verdict, edited.Verdict));
    }

    [Fact(Timeout = 60_000)]
    public async Task Corrupt_missing_and_duplicate_inputs_all_reported_in_one_list()
    {
        await using var node = await NodeHarness.Start(V1);
        var client = await node.Connect();
        var (part, other) = (CompiledAssembly.From("Part", "public class Part;"), CompiledAssembly.From("Other", "public class Other;"));
        var corrupt = part with { Name = "Corrupt", Image = part.Image[..600] };
        var release = node.Releases.Write(new ReleaseContents(V2.Compile(), corrupt, other, part with { Name = "Duplicate" }, part));
        File.Delete(Path.Combine(release.Directory, "Other.dll"));

        var report = await node.Reload(release);

        Assert.Equal(ReloadVerdict.Refused, report.Verdict);
        Assert.Equal(3, report.Problems.Count);
        Assert.Contains(report.Problems, problem => problem.Contains("Corrupt.dll cannot be loaded", StringComparison.Ordinal));
        Assert.Contains(report.Problems, problem => problem.Contains("Other.dll is missing", StringComparison.Ordinal));
        Assert.Contains(report.Problems, problem => problem.Contains("the release has another assembly of the name Part", StringComparison.Ordinal));
        Assert.Equal("v1 0", await client.Ask("count"));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("WatchReload.Actors")]
    [InlineData("System.Runtime")]
    [InlineData("Microsoft.Extensions.DependencyInjection.Abstractions")]
    public async Task Core_assemblies_refuse_replacement(string name)
    {
        await using var node = await NodeHarness.Start(V1);

        var report = await node.Reload(node.Releases.Write(V2.Compile(), CompiledAssembly.Bare(name, "public static class Impostor;")));

        Assert.Equal(ReloadVerdict.Refused, report.Verdict);
        Assert.Contains($"an assembly of the name {name}, which the node gives to all versions", Assert.Single(report.Problems), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Of_160_simultaneous_loads_exactly_one_wins_the_rest_are_told()
    {
        await using var node = await NodeHarness.Start(V1);
        var release = node.Releases.Write(V2.Compile());
        using var start = new Barrier(8);

        // All expect to replace version 1.
        var loads = Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            start.SignalAndWait();
            return Task.WhenAll(Enumerable.Range(0, 20).Select(_ => node.Reload(release, request => request with { ExpectVersion = 1 })));
        }));
        var reports = (await Task.WhenAll(loads)).SelectMany(some => some).ToList();

        Assert.Equal(160, reports.Count);
        Assert.Single(reports, report => report.Verdict == ReloadVerdict.Committed);
        Assert.All(reports.Where(report => report.Verdict != ReloadVerdict.Committed), report => Assert.True(report.Verdict == ReloadVerdict.Superseded || report is { Verdict: ReloadVerdict.Refused, Problems.Count: 1 }));
        Assert.Equal(2, node.Status.Version);
    }
}
