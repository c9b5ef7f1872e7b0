namespace WatchReload.Hosting.Tests.Upgrading.Mapping;

public class ReversibilityTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("record State(int A, string B);", "record State(string B, int A);", "Yes", "")]
    [InlineData("record State(int A);", "[FormerName(\"State\")] record Other([FormerName(\"A\")] int B);", "Yes", "")]
    [InlineData("record State(List<int> A);", "record State(IReadOnlyList<int> A);", "Yes", "")]
    [InlineData("record State(int A);", "record State(int A, int B = 1);", "Lossy", "State.B: is new, and is lost on the way back")]
    [InlineData("record State(int A, int B);", "record State(int A);", "Lossy", "State.B: is removed, and has its default on the way back")]
    [InlineData("record State(int A, string B);", "record State(int A);", "No", "State.B: is removed, and has no default on the way back")]
    [InlineData("record State(int A);", "record State(long A);", "Lossy", "State.A: a Int64 may not fit Int32 on the way back")]
    [InlineData("record State(int A);", "record State(int? A);", "Lossy", "State.A: null has no way back to Int32")]
    [InlineData("record State(string A);", "record State(string? A);", "Lossy", "State.A: null has no way back, as it was not nullable")]
    [InlineData("enum E { A } record State(E A);", "enum E { B, A } record State(E A);", "Lossy", "State.A: B of E has no way back")]
    [InlineData("abstract record M; record A : M; record State(M A);", "abstract record M; record A : M; record B : M; record State(M A);", "Lossy", "State.A: B is new; an object of it has no way back")]
    [InlineData("record State(int A);", "record V1(int A); record State(string B) : IUpgrade<V1, State> { public static State Upgrade(V1 o) => new(\"\"); }", "No", "State: State has an Upgrade and no Downgrade to what it was")]
    [InlineData("record State(int A);", "record V1(int A); record State(string B) : IUpgrade<V1, State>, IDowngrade<State, V1> { public static State Upgrade(V1 o) => new(\"\"); public static V1 Downgrade(State s) => new(1); }", "Yes", "")]
    public async Task Way_back_is_known_beforehand(string before, string after, string reversible, string loss)
    {
        await Task.Yield();
        var plan = Change.Of(before, after).Plan();
        Assert.True(plan.Possible, string.Join('\n', plan.Problems));
        Assert.Equal(reversible, plan.Reversible.ToString());
        Assert.Equal(loss, string.Join('\n', plan.Losses));
    }

    /// <summary>A rollback goes through where the older code has defaults, also where forward it was said that it brings nothing back; then it is told what they are for.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Way_back_tells_what_gets_its_default()
    {
        await Task.Yield();
        const string older = "record State(int A);";
        const string newer = "record V1(int A); record State(string B) : IUpgrade<V1, State> { public static State Upgrade(V1 o) => new(\"\"); }";
        Assert.Equal(("No", 0), Change.Of(older, newer).Plan() is var forward ? (forward.Reversible.ToString(), forward.Given.Count) : default);

        var back = Change.Rollback(newer, older).Plan();

        Assert.True(back.Possible, string.Join('\n', back.Problems));
        Assert.Equal(["State.A"], back.Given);
        Assert.Equal(["State.B"], back.Removed);
    }

    [Fact(Timeout = 60_000)]
    public async Task Planning_again_tells_the_same()
    {
        await Task.Yield();
        var change = Change.Of("record Item(int A, int B); record State(List<Item> L); static class Test { static object Make() => new State([new(1, 2)]); }", "record Item(long A); record State(List<Item> L); static class Test { static object Show(State s) => s.L[0].A; }");
        var first = change.Plan();
        Assert.Equal(1L, change.Show());
        var second = change.Plan();
        Assert.Equal(first.Removed, second.Removed);
        Assert.Equal(first.Losses, second.Losses);
        Assert.Equal(1L, change.Show());
    }

    /// <summary>The older and the newer item, with what the newer one's Downgrade gives; and whether there is a way back.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData("Item Item", "record struct Item(Unit Unit)", "record struct Item(string Text)", "record struct ItemV1(UnitV1 Unit)", false)]
    [InlineData("Item Item", "record Item(int Number)", "record struct Item(string Text)", "record ItemV1(int Number)", false)]
    [InlineData("Item Item", "record struct Item(Unit Unit)", "record Item(string Text)", "record struct ItemV1(UnitV1 Unit)", false)]
    [InlineData("Item? Item", "record struct Item(int[] All)", "record struct Item(string Text)", "record struct ItemV1(int[] All)", false)]
    [InlineData("List<Item> Items", "record struct Item((int, Unit) Pair)", "record struct Item(string Text)", "record struct ItemV1((int, UnitV1) Pair)", false)]
    [InlineData("Item Item", "record Item(Unit Unit)", "record Item(string Text)", "record ItemV1(UnitV1 Unit)", true)]
    [InlineData("Item Item", "record struct Item(int Number, string Name, Mood? Mood, DateTime At)", "record struct Item(string Text)", "record struct ItemV1(int Number, string Name, Mood? Mood, DateTime At)", true)]
    [InlineData("Item Item", "record struct Item(System.Collections.Immutable.ImmutableList<int> All)", "record struct Item(string Text)", "record struct ItemV1(System.Collections.Immutable.ImmutableList<int> All)", true)]
    [InlineData("Item Item", "record struct Item(int Number)", "record Item(string Text)", "record struct ItemV1(int Number)", true)]
    public async Task Downgrade_that_cannot_be_used_is_known_beforehand(string member, string before, string after, string result, bool possible)
    {
        await Task.Yield();
        var state = $" enum Mood {{ Glad }} record State({member});";
        var older = $"{before}; record Unit(string Name);" + state;
        var newer = $"{result}; record UnitV1(string Name); {after} : IUpgrade<ItemV1, Item>, IDowngrade<Item, ItemV1> {{ public static Item Upgrade(ItemV1 old) => default!; public static ItemV1 Downgrade(Item item) => default!; }}" + state;

        var forward = Change.Of(older, newer).Plan();

        Assert.True(forward.Possible, string.Join('\n', forward.Problems));
        Assert.Equal(possible ? "Yes" : "No", forward.Reversible.ToString());
        var back = Change.Rollback(newer, older).Plan();
        Assert.Equal(possible, back.Possible);
        if (possible) return;
        Assert.EndsWith("Downgrade of Item gives references, which is possible from a class to a class only", Assert.Single(forward.Losses), StringComparison.Ordinal);
        Assert.EndsWith("Downgrade of Item gives references, which is possible from a class to a class only; write Downgrade of what holds it", Assert.Single(back.Problems), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task More_than_one_Downgrade_is_known_beforehand()
    {
        await Task.Yield();
        var change = Change.Of(
            "record State(int A);",
            "record V1(int A); record W1(int A); record State(string B) : IUpgrade<V1, State>, IDowngrade<State, V1>, IDowngrade<State, W1> { public static State Upgrade(V1 o) => new(\"\"); static V1 IDowngrade<State, V1>.Downgrade(State s) => new(1); static W1 IDowngrade<State, W1>.Downgrade(State s) => new(1); }");
        var plan = change.Plan();
        Assert.Equal(("No", "State: State has more than one Downgrade to what it was"), (plan.Reversible.ToString(), Assert.Single(plan.Losses)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Downgrade_without_an_Upgrade_that_cannot_be_used_is_known_beforehand()
    {
        await Task.Yield();
        var change = Change.Of(
            "record struct Item(Unit Unit); record Unit(string Name); record State(Item Item);",
            "record struct ItemV1(UnitV1 Unit); record UnitV1(string Name); record Unit(string Name); record struct Item(Unit Unit, int Number) : IDowngrade<Item, ItemV1> { public static ItemV1 Downgrade(Item item) => default; } record State(Item Item);");
        Assert.Equal("No", change.Plan().Reversible.ToString());
    }
}
