using System.Collections.Concurrent;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using WatchReload.Control;
using WatchReload.Hosting.Endpoint;
using WatchReload.Hosting.Tests.Upgrading;

namespace WatchReload.Hosting.Tests.Properties;

/// <summary>Any reloads under any traffic, against a model that knows no reloads: what was told is written, in order, once.</summary>
public sealed class ReloadProperties
{
    private const int Runs = 15;

    /// <summary>Releases during which the node stops. Of those whose Upgrade throws or hangs a ledger may be parked, and has no end that could be looked at.</summary>
    private static readonly LedgerRelease[] Stopped = [.. Ledgers.All.Where(release => !release.Name.Contains("throws at call", StringComparison.Ordinal) && !release.Name.Contains("memory", StringComparison.Ordinal))];

    private static readonly Gen<Case> Cases =
        from first in Gen.Elements("a", "b")
        from reloads in Gen.Elements([.. Ledgers.All, .. Ledgers.Hanging]).NonEmptyListOf()
        from tells in Gen.Choose(0, Teller.Step(Ledgers.Ways.Count, 0, 0) - 1).ArrayOf(10).ArrayOf(3)
        from window in Gen.Choose(1, 6)
        from compares in Gen.Elements(false, true)
        from stops in Gen.Elements(Stopped)
        from phase in Gen.Elements("load", "prepare", "gate", "sweep", "")
        from isStopped in Gen.Elements(false, true)
        select new Case(first, [.. reloads.Take(8)], tells, window, compares, isStopped ? stops : null, phase);

    [Fact(Timeout = 480_000)]
    public Task States_are_the_models_and_messages_arrive_once_in_order_whatever_becomes_of_reloads()
    {
        Seeded.Check(Prop.ForAll(Cases.ToArbitrary(), made => HoldsFor(made).GetAwaiter().GetResult()), Runs);
        return Task.CompletedTask;
    }

    private static async Task HoldsFor(Case made)
    {
        var first = Ledgers.All.Single(release => release.Name == made.First);
        var time = new HeldDeadlines();
        var hung = new List<HeldTurn>();
        await using var node = new NodeHarness { Time = time };
        Assert.Null(await node.StartOn(node.Releases.Write(first.Compiled)));
        var traffic = await Traffic.Start(node, made.Tells, made.Window);

        var shape = first.Shape;
        foreach (var release in made.Reloads)
        {
            shape = await Reload(node, release, shape, release.HangsIn is null ? request => node.Reload(node.Releases.Write(release.Compiled), request) : request => Hang(node, release, request, time, hung));
            if (made.Compares) await traffic.Compare();
        }

        // Who could not be carried over when its turn had ended is tried again.
        var whole = Ledgers.All.Single(release => release.Name == shape.ToString());
        shape = await Reload(node, whole, shape, request => node.Reload(node.Releases.Write(whole.Compiled), request));
        if (made.Stops is { } last)
        {
            await Stop(node, traffic, last, shape, made.Phase);
        }
        else
        {
            await traffic.End();
            await traffic.AssertModel();
        }

        hung.ForEach(one => one.Dispose());
    }

    /// <summary>The shape that states have afterwards.</summary>
    private static async Task<char> Reload(NodeHarness node, LedgerRelease release, char shape, Func<Func<ReloadRequest, ReloadRequest>, Task<ReloadReport>> reload)
    {
        var status = node.Status;
        var before = status.Version;
        // Who is still to come to this shape comes from the one before, and there is no way back to that.
        var isWhole = status.Late.Count == 0 && status.Parked.Count == 0;
        var report = await reload(Edit(release));
        Assert.True(release.Verdicts(shape).Contains(report.Verdict) || (!isWhole && release.Shape == shape && report.Verdict == ReloadVerdict.Committed), $"{release} after {shape}: {report.Verdict} {string.Join('\n', report.Problems)}");
        var versions = report.Verdict switch { ReloadVerdict.Committed => 1, ReloadVerdict.TakenBack => 2, _ => 0 };
        Assert.Equal(before + versions, node.Status.Version);
        return report.Verdict == ReloadVerdict.Committed ? release.Shape : shape;
    }

    private static Func<ReloadRequest, ReloadRequest> Edit(LedgerRelease release) => request => request with { Force = true, Rollback = release.IsRollback, ProbationSeconds = 0 };

    /// <summary>Its code hangs until the deadline has passed and the report has come, if it comes to that.</summary>
    private static async Task<ReloadReport> Hang(NodeHarness node, LedgerRelease release, Func<ReloadRequest, ReloadRequest> edit, HeldDeadlines time, List<HeldTurn> hung)
    {
        var held = new HeldTurn();
        hung.Add(held);
        var reloading = node.Reload(Ledgers.With(release.HangsIn!, $"{held.Block}.ToString();"), edit);
        // The way back has the deadlines of a reload too: those are not to pass.
        if (await Task.WhenAny(held.Entered, reloading) == held.Entered) await time.PassUntil(reloading, release.HangsIn == "code change" ? [HeldDeadlines.CodeChange] : [HeldDeadlines.Step, HeldDeadlines.Grace]);
        var report = await reloading;
        held.Release();
        return report;
    }

    /// <summary>The node stops in order in the middle of a reload.</summary>
    /// <param name="phase">When that has ended; if it does not come to that, with the reload.</param>
    private static async Task Stop(NodeHarness node, Traffic traffic, LedgerRelease release, char shape, string phase)
    {
        var ends = new ConcurrentDictionary<int, string>();
        AppContext.SetData(Ledgers.EndsOf(node), ends);
        traffic.ExpectEnd();
        Task<bool>? stopping = null;
        ReloadReport? report = null;
        await foreach (var step in ((INode)node.Node).Reload(node.Request(node.Releases.Write(release.Compiled), Edit(release)), "stopped", rehearse: false, hold: null, TestContext.Current.CancellationToken))
        {
            if (step.Phase?.Name == phase) stopping ??= node.Node.StopInOrder();
            report = step.Report ?? report;
        }

        Assert.True(await (stopping ?? node.Node.StopInOrder()));
        Assert.True(release.Verdicts(shape).Contains(report!.Verdict) || report.Problems.Any(problem => problem.Contains("The node is stopping", StringComparison.Ordinal)), $"{release} after {shape}: {report.Verdict} {string.Join('\n', report.Problems)}");
        await traffic.End();
        traffic.AssertStopped(ends);
        Assert.False(File.Exists(node.State.Trial("main")));
        AppContext.SetData(Ledgers.EndsOf(node), null);
    }

    private sealed record Case(string First, LedgerRelease[] Reloads, int[][] Tells, int Window, bool Compares, LedgerRelease? Stops, string Phase)
    {
        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"from {First}: {string.Join("; ", (object[])Reloads)}{(Stops is null ? "" : $"; stops during {Stops} after {Phase}")}; {(Compares ? "compared after each; " : "")}traffic, {Window} at once, {string.Join(" | ", Tells.Select(t => string.Join(' ', t)))}");
    }
}
