using WatchReload.Hosting.Tests.Upgrading.Mapping;

namespace WatchReload.Analyzers.Tests.Upgrades;

/// <summary>The same new code before the analyzer and, with old code that it would apply to, before the node's planner.</summary>
public sealed class UpgradeAgreementTests
{
    private const string Step = "public static State Upgrade(V1 old) => new(old.A);";

    [Theory(Timeout = 60_000)]
    // Refused by the node, and by the analyzer.
    [InlineData("record State(string A);", "record V1(int A); record State(int A) : IUpgrade<V1, State> { " + Step + " }", "WR0006", "can never be chosen")]
    [InlineData("record Sub(int X); record State(Sub A);", "record V1(Sub A); record Sub(string X); record Now(string X); record State(Now A) : IUpgrade<V1, State> { public static State Upgrade(V1 old) => new(new Now(\"\")); }", "WR0006", "can never be chosen")]
    [InlineData("record State(int A);", "record V1(int A); record W1(int A); record State(string A) : IUpgrade<V1, State>, IUpgrade<W1, State> { public static State Upgrade(V1 o) => new(\"\"); public static State Upgrade(W1 o) => new(\"\"); }", "WR0007", "more than one Upgrade")]
    [InlineData("record State(int A);", "record V1(int A); record V2(bool A) : IUpgrade<V1, V2> { public static V2 Upgrade(V1 o) => new(true); } record State(string A) : IUpgrade<V1, State>, IUpgrade<V2, State> { public static State Upgrade(V1 o) => new(\"\"); public static State Upgrade(V2 o) => new(\"\"); }", "WR0007", "more than one Upgrade")]
    // Never found by the node, which then has no way.
    [InlineData("record State(int A);", "record V1(int A); record State(string A) { public static State Upgrade(V1 o) => new(\"\"); }", "WR0004", "write Upgrade")]
    [InlineData("record State(int A);", "interface IOld { int A { get; } } record State(string A) : IUpgrade<IOld, State> { public static State Upgrade(IOld o) => new(\"\"); }", "WR0008", "write Upgrade")]
    [InlineData("record State(int A);", "abstract record Old(int A); record State(string A) : IUpgrade<Old, State> { public static State Upgrade(Old o) => new(\"\"); }", "WR0008", "Old")]
    [InlineData("record State(int A);", "record State(string A) : IUpgrade<object, State> { public static State Upgrade(object o) => new(\"\"); }", "WR0008", "write Upgrade")]
    [InlineData("record State(Sub A); record Sub(int X);", "record V1(int X); record Sub(string X); record State(Sub A) : IUpgrade<V1, Sub2> { static Sub2 IUpgrade<V1, Sub2>.Upgrade(V1 o) => new(\"\"); } record Sub2(string X) : IUpgrade<V1, Sub2> { public static Sub2 Upgrade(V1 o) => new(\"\"); }", "WR0005", "write Upgrade")]
    // Accepted by both.
    [InlineData("record State(int A);", "record V1(int A); record State(string A) : IUpgrade<V1, State> { public static State Upgrade(V1 o) => new(\"\"); }", null, null)]
    [InlineData("record State(int A);", "record V1(int A); record V2(bool A) : IUpgrade<V1, V2> { public static V2 Upgrade(V1 o) => new(true); } record State(string A) : IUpgrade<V2, State> { public static State Upgrade(V2 o) => new(\"\"); }", null, null)]
    [InlineData("record State(int A);", "record V1(int A); abstract record State : IUpgrade<V1, State> { public static State Upgrade(V1 o) => new Round(o.A); } record Round(int R) : State;", null, null)]
    public async Task What_the_node_would_not_use_is_a_warning(string before, string after, string? id, string? problem)
    {
        var marks = (await Analyzed.Marks(after + Analyzed.Around.Replace("public ", "", StringComparison.Ordinal).Replace("override", "public override", StringComparison.Ordinal).Replace("void", "public void", StringComparison.Ordinal))).Select(m => m.Split(' ')[0]).Distinct();
        var plan = Change.Of(before, after).Plan();
        if (id is null)
        {
            Assert.Empty(marks);
            Assert.Empty(plan.Problems);
        }
        else
        {
            Assert.Contains(id, marks);
            Assert.Contains(plan.Problems, p => p.Contains(problem!, StringComparison.Ordinal));
        }
    }
}
