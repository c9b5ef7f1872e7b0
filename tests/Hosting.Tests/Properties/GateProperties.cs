using WatchReload.Control;
using WatchReload.Hosting.Tests.Upgrading;

namespace WatchReload.Hosting.Tests.Properties;

/// <summary>What an <c>Upgrade</c> does under the gate while messages are under way, against the model of <see cref="ReloadProperties"/>.</summary>
public sealed class GateProperties
{
    private const int Bystanders = 8;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>No questions, over which a turn would be late, and no timers, whose clock one of the tests holds.</summary>
    private static readonly int[][] Scripts = [[0, 1, Passed(0), 2, 3, 9], [2, 4, 0, Passed(1), 7, 10, 1], [1, 5, Passed(2), Passed(0), 11, 0, 2]];
    private static readonly LedgerRelease Before = Ledgers.All.Single(release => release.Name == "a");
    private static readonly LedgerRelease Good = Ledgers.All.Single(release => release.Name == "b, by Upgrade");

    [Fact(Timeout = 120_000)]
    public async Task No_message_is_lost_when_an_Upgrade_hangs_under_the_gate_and_the_next_release_is_good()
    {
        var time = new FakeTime();
        using var held = new HeldTurn();
        await using var node = new NodeHarness { Time = time };
        await Run(node, $"throw new InvalidOperationException({held.Block});", async (traffic, reloading) =>
        {
            await held.Entered;
            // With the gate open again, messages go on.
            await traffic.Goes(on: 5);
            await time.PassUntil(reloading, Deadline, Grace); // the second where it hangs between two closings
            await traffic.Goes(on: 5);
        });
        held.Release();
    }

    [Theory(Timeout = 120_000)]
    [InlineData("throw new InvalidOperationException(\"fault\");")]
    [InlineData("_ = (new int[int.MaxValue])[0];")]
    public async Task No_message_is_lost_when_an_Upgrade_throws_under_the_gate_and_the_next_release_is_good(string fault)
    {
        await using var node = new NodeHarness();
        await Run(node, fault, (traffic, _) => traffic.Goes(on: 5));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("configure", ReloadVerdict.Refused, 1)]
    [InlineData("first state", ReloadVerdict.Refused, 1)]
    [InlineData("upgrade", ReloadVerdict.Refused, 1)]
    [InlineData("code change", ReloadVerdict.TakenBack, 3)]
    public async Task No_message_is_lost_when_code_hangs_past_the_deadline_and_the_next_release_is_good(string place, ReloadVerdict verdict, int version)
    {
        var time = new FakeTime();
        using var held = new HeldTurn();
        await using var node = new NodeHarness { Time = time };
        Assert.Null(await node.StartOn(node.Releases.Write(Before.Compiled)));
        var traffic = await Traffic.Start(node, Scripts, window: 3);
        await traffic.Goes(on: 5);

        var reloading = node.Reload(Ledgers.With(place, $"{held.Block}.ToString();"));
        await held.EnteredBy(reloading);
        await traffic.Goes(on: 5);
        // The way back has the deadlines of a reload too: those are not to pass.
        await time.PassUntil(reloading, verdict == ReloadVerdict.TakenBack ? [Deadline + Grace] : [Deadline, Grace]);
        Assert.Equal((verdict, version), ((await reloading).Verdict, node.Status.Version));
        await traffic.Goes(on: 5);
        held.Release();
        Assert.Equal((ReloadVerdict.Committed, version + 1), ((await node.Reload(Good.Service)).Verdict, node.Status.Version));
        await traffic.Goes(on: 5);
        await traffic.End();

        await traffic.AssertModel();
    }

    private static int Passed(int ledger) => Teller.Step(Ledgers.Pass, ledger, Ledgers.Plain);

    private static async Task Run(NodeHarness node, string fault, Func<Traffic, Task<ReloadReport>, Task> meanwhile)
    {
        var armed = $"gate-{Guid.NewGuid():N}";
        Assert.Null(await node.StartOn(node.Releases.Write(Before.Compiled)));
        var bystanders = new List<LineClient>();
        while (bystanders.Count < Bystanders) bystanders.Add(await node.Connect());
        var traffic = await Traffic.Start(node, Scripts, window: 3);
        await traffic.Goes(on: 5);
        var reload = await PreparedAndHeld.Begin(node, Ledgers.WithUpgradedConnections($"if (AppContext.GetData(\"{armed}\") is not null) {{ {fault} }}"));
        // They are at rest when the gate closes, with candidates that are stale: some of them are made again there, whoever else is late.
        foreach (var bystander in bystanders) Assert.Equal("ok", await bystander.Ask("add"));
        AppContext.SetData(armed, "now");

        var reloading = reload.Commit();
        await meanwhile(traffic, reloading);
        Assert.Equal((ReloadVerdict.Refused, 1), ((await reloading).Verdict, node.Status.Version));
        AppContext.SetData(armed, null);
        Assert.Equal((ReloadVerdict.Committed, 2), ((await node.Reload(Good.Service)).Verdict, node.Status.Version));
        await traffic.Goes(on: 5);
        await traffic.End();

        await traffic.AssertModel();
        foreach (var bystander in bystanders) Assert.Equal("up 1", await bystander.Ask("count"));
    }
}
