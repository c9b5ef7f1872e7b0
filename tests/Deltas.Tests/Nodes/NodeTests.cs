using WatchReload.Control;

namespace WatchReload.Deltas.Tests.Nodes;

/// <summary>A node that takes deltas: what a difference of the compiler makes of what serves.</summary>
public sealed class NodeTests
{
    private static readonly CountingService V1 = new();
    private static readonly CountingService V2 = new() { Version = "v2" };

    [Fact(Timeout = 120_000)]
    public async Task Body_is_another_on_the_same_connection_with_the_same_state_when_a_delta_is_applied()
    {
        await using var node = await DeltaNode.Start(V1);
        var client = await node.Harness.Connect();
        Assert.Equal("ok", await client.Ask("add"));

        var report = await node.Apply(V2);

        Assert.Equal((ReloadVerdict.Committed, 2, 1, "r000001"), (report.Verdict, report.Version, report.PreviousVersion, report.Release));
        Assert.Contains(report.Phases, phase => phase.Name == "apply");
        Assert.Equal("v2 1", await client.Ask("count"));
        Assert.Equal(1, node.Harness.Status.Deltas);
        Assert.Equal(1, Assert.Single(node.Harness.Status.Loaded!).Generation);
        Assert.Equal(ReloadVerdict.Committed, (await node.Apply(V1 with { Version = "v3" })).Verdict);
        Assert.Equal(ReloadVerdict.Committed, (await node.Apply(V1)).Verdict);
        Assert.Equal("v1 1", await client.Ask("count"));
        await node.Harness.Until(s => s.OldVersions.Count == 3 && s.OldVersions.All(v => v.State == "kept"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Turn_that_is_suspended_ends_in_the_old_body_when_a_delta_is_applied()
    {
        const string More = "public static class Held { public static readonly TaskCompletionSource Turn = new(); }";
        static string Slow(string says) => $"case \"slow\": self.WriteLine(\"waits\"); await Held.Turn.Task; self.WriteLine(\"{says}\"); break; case \"go\": Held.Turn.SetResult(); self.WriteLine(\"goes\"); break;";
        await using var node = await DeltaNode.Start(V1 with { More = More, Commands = Slow("old") });
        var client = await node.Harness.Connect();
        var other = await node.Harness.Connect();
        Assert.Equal("waits", await client.Ask("slow"));

        var report = await node.Apply(V2 with { More = More, Commands = Slow("new") });

        Assert.Equal(ReloadVerdict.Committed, report.Verdict);
        Assert.Single(report.Late);
        Assert.Equal("v2 0", await other.Ask("count"));
        Assert.Equal("goes", await other.Ask("go"));
        Assert.Equal("old", await client.Read());
        Assert.Equal("v2 0", await client.Ask("count"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Delta_is_refused_and_nothing_changes_when_it_is_for_another_state_of_the_assembly()
    {
        await using var node = await DeltaNode.Start(V1);
        var client = await node.Harness.Connect();
        var delta = node.Make(V2);

        foreach (var wrong in (AssemblyDelta[])[delta with { Mvid = Guid.NewGuid() }, delta with { Generation = 2 }, delta with { After = Guid.NewGuid() }, delta with { IL = [.. delta.IL, 0] }, delta with { Assembly = "Another" }, delta with { Id = Guid.NewGuid() }])
            Assert.Equal(ReloadVerdict.Refused, (await node.Send(wrong)).Verdict);

        Assert.Equal("v1 0", await client.Ask("count"));
        Assert.Equal((1, 0), (node.Harness.Status.Version, node.Harness.Status.Deltas));
        Assert.Equal(ReloadVerdict.Committed, (await node.Send(delta)).Verdict);
        Assert.Equal("v2 0", await client.Ask("count"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Release_of_the_same_tree_gives_its_name_and_is_not_loaded()
    {
        await using var node = await DeltaNode.Start(V1);
        var client = await node.Harness.Connect();
        await node.Apply(V2);
        var tree = node.Harness.Status.SourceHash!;
        var release = node.Harness.Releases.Write(new ReleaseContents(V2.Compile()) { Edit = manifest => manifest with { SourceHash = tree } });

        var report = await node.Harness.Reload(release);

        Assert.Equal(ReloadVerdict.Unchanged, report.Verdict);
        Assert.Equal((2, "r000002", 0), (node.Harness.Status.Version, node.Harness.Status.Release, node.Harness.Status.Deltas));
        Assert.Equal(1, Assert.Single(node.Harness.Status.Loaded!).Generation);
        Assert.Equal("r000002", (await File.ReadAllTextAsync(node.Harness.State.Trial("main"), TestContext.Current.CancellationToken)).Trim());
        Assert.Equal(ReloadVerdict.Committed, (await node.Apply(V1 with { Version = "v3" })).Verdict);
        Assert.Equal("v3 0", await client.Ask("count"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Release_before_is_loaded_anew_when_it_is_delivered_after_a_delta()
    {
        await using var node = await DeltaNode.Start(V1);
        var client = await node.Harness.Connect();
        Assert.Equal("ok", await client.Ask("add"));
        await node.Apply(V2);

        var report = await node.Harness.Reload(node.Release, request => request with { Rollback = true });

        Assert.Equal((ReloadVerdict.Committed, 3), (report.Verdict, report.Version));
        Assert.Equal("v1 1", await client.Ask("count"));
        Assert.Equal(0, Assert.Single(node.Harness.Status.Loaded!).Generation);
    }

    [Fact(Timeout = 120_000)]
    public async Task State_of_a_new_shape_is_mapped_when_a_release_is_loaded_after_a_delta()
    {
        await using var node = await DeltaNode.Start(V1);
        var client = await node.Harness.Connect();
        Assert.Equal("ok", await client.Ask("add"));
        await node.Apply(V2);

        var report = await node.Harness.Reload(V2 with { Version = "v3", State = "public sealed record ConnState(long Count, string? Name = null);", First = "new ConnState(0)" });

        Assert.Equal(ReloadVerdict.Committed, report.Verdict);
        Assert.Equal("v3 1", await client.Ask("count"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Node_goes_back_to_the_release_before_when_the_code_change_of_a_delta_fails()
    {
        await using var node = await DeltaNode.Start(V1);
        var client = await node.Harness.Connect();
        Assert.Equal("ok", await client.Ask("add"));

        var report = await node.Apply(V2 with { CodeChange = "throw new InvalidOperationException(\"not today\");" });

        Assert.Equal((ReloadVerdict.TakenBack, 3), (report.Verdict, report.Version));
        Assert.Equal("v1 1", await client.Ask("count"));
        Assert.Equal(0, Assert.Single(node.Harness.Status.Loaded!).Generation);
    }

    [Fact(Timeout = 120_000)]
    public async Task Node_goes_back_to_the_release_before_when_what_a_delta_makes_cannot_be_configured()
    {
        var service = V1 with { Configure = "_ = new Setup().Check();", More = "public sealed class Setup { public int Check() { return 1; } }" };
        await using var node = await DeltaNode.Start(service);
        var client = await node.Harness.Connect();
        Assert.Equal("ok", await client.Ask("add"));

        var report = await node.Apply(service with { Version = "v2", More = service.More.Replace("return 1;", "throw new InvalidOperationException(\"not today\");", StringComparison.Ordinal) });

        Assert.Equal((ReloadVerdict.TakenBack, 2), (report.Verdict, report.Version));
        Assert.Contains("not today", string.Join(' ', report.Problems), StringComparison.Ordinal);
        Assert.Equal("v1 1", await client.Ask("count"));
        Assert.Equal(0, Assert.Single(node.Harness.Status.Loaded!).Generation);
    }

    [Fact(Timeout = 120_000)]
    public async Task Node_goes_back_to_the_release_before_when_what_a_delta_makes_hangs_past_the_deadline()
    {
        var time = new FakeTime();
        using var check = new HeldCheck();
        await using var node = await DeltaNode.Start(check.Before, time);
        var client = await node.Harness.Connect();
        Assert.Equal("ok", await client.Ask("add"));

        var applying = node.Apply(check.After);
        await check.Entered;
        await time.Armed(TimeSpan.FromSeconds(30));
        time.Advance(TimeSpan.FromSeconds(30));
        var report = await applying;

        Assert.Equal((ReloadVerdict.TakenBack, 2), (report.Verdict, report.Version));
        Assert.Contains("did not end within 30 s", Assert.Single(report.Problems), StringComparison.Ordinal);
        Assert.Equal("v1 1", await client.Ask("count"));
        check.Release();
    }

    [Fact(Timeout = 120_000)]
    public async Task Tree_is_not_condemned_when_the_node_stops_before_a_delta_is_committed()
    {
        using var check = new HeldCheck();
        await using var node = await DeltaNode.Start(check.Before);
        var applying = node.Apply(check.After);
        await check.Entered;

        var stopping = node.Harness.Node.StopInOrder();
        check.Release();
        var report = await applying;

        Assert.Equal((ReloadVerdict.Refused, true), (report.Verdict, report.Transient));
        Assert.True(await stopping);
        Assert.False(File.Exists(node.Harness.State.Bad));
    }

    /// <summary>A delta whose <c>Configure</c> waits for the test.</summary>
    private sealed class HeldCheck : IDisposable
    {
        private readonly string _key = $"delta-{Guid.NewGuid():N}";
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _released = new();

        public HeldCheck() => AppContext.SetData(_key, () =>
        {
            _entered.TrySetResult();
            _released.Wait();
        });

        public CountingService Before { get; } = V1 with { Configure = "_ = new Setup().Check();", More = "public sealed class Setup { public int Check() { return 1; } }" };

        public CountingService After => Before with { Version = "v2", More = Before.More.Replace("return 1;", $"((Action)AppContext.GetData(\"{_key}\")!)(); return 1;", StringComparison.Ordinal) };

        public Task Entered => _entered.Task;

        public void Release() => _released.Set();

        public void Dispose()
        {
            AppContext.SetData(_key, null);
            _released.Dispose();
        }
    }
}
