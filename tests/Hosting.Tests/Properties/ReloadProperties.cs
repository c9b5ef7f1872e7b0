using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Properties;

/// <summary>Any reloads under any traffic, against a model that knows no reloads: what was told is written, in order, once.</summary>
public sealed class ReloadProperties
{
    private const int Runs = 15;

    private static readonly Gen<Case> Cases =
        from first in Gen.Elements("a", "b")
        from reloads in Gen.Elements(Ledgers.All.ToArray()).NonEmptyListOf()
        from tells in Gen.Choose(0, Teller.Step(Ledgers.Ways.Count, 0, 0) - 1).ArrayOf(10).ArrayOf(3)
        from window in Gen.Choose(1, 6)
        select new Case(first, [.. reloads.Take(8)], tells, window);

    [Fact(Timeout = 480_000)]
    public Task States_are_the_models_and_messages_arrive_once_in_order_whatever_becomes_of_reloads()
    {
        Seeded.Check(Prop.ForAll(Cases.ToArbitrary(), made => HoldsFor(made).GetAwaiter().GetResult()), Runs);
        return Task.CompletedTask;
    }

    private static async Task HoldsFor(Case made)
    {
        var first = Ledgers.All.Single(release => release.Name == made.First);
        await using var node = new NodeHarness();
        Assert.Null(await node.StartOn(node.Releases.Write(first.Compiled)));
        var traffic = await Traffic.Start(node, made.Tells, made.Window);

        var shape = first.Shape;
        foreach (var release in made.Reloads) shape = await Reload(node, release, shape);
        // Who could not be carried over when its turn had ended is tried again.
        shape = await Reload(node, Ledgers.All.Single(release => release.Name == shape.ToString()), shape);
        await traffic.End();
        await traffic.AssertModel();
    }

    /// <summary>The shape that states have afterwards.</summary>
    private static async Task<char> Reload(NodeHarness node, LedgerRelease release, char shape)
    {
        var status = node.Status;
        var before = status.Version;
        // Who is still to come to this shape comes from the one before, and there is no way back to that.
        var isWhole = status.Late.Count == 0 && status.Parked.Count == 0;
        var report = await node.Reload(node.Releases.Write(release.Compiled), r => r with { Force = true, Rollback = release.IsRollback, ProbationSeconds = 0 });
        Assert.True(release.Verdicts(shape).Contains(report.Verdict) || (!isWhole && release.Shape == shape && report.Verdict == ReloadVerdict.Committed), $"{release} after {shape}: {report.Verdict} {string.Join('\n', report.Problems)}");
        var versions = report.Verdict switch { ReloadVerdict.Committed => 1, ReloadVerdict.TakenBack => 2, _ => 0 };
        Assert.Equal(before + versions, node.Status.Version);
        return report.Verdict == ReloadVerdict.Committed ? release.Shape : shape;
    }

    private sealed record Case(string First, LedgerRelease[] Reloads, int[][] Tells, int Window)
    {
        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"from {First}: {string.Join("; ", (object[])Reloads)}; traffic, {Window} at once, {string.Join(" | ", Tells.Select(t => string.Join(' ', t)))}");
    }
}
