using WatchReload.Hosting.Upgrading.Mapping;

namespace WatchReload.Hosting.Tests.Upgrading.Mapping;

public class RollbackTests
{
    private const string V1 = "record State(string Name, int Cents); static class Test { static object Make() => new State(\"ann lee\", 150); static object Show(State s) => (s.Name, s.Cents); }";
    private const string V2 = "record StateV1(string Name, int Cents); record State(string First, string Last, decimal Price) : IUpgrade<StateV1, State>, IDowngrade<State, StateV1> { public static State Upgrade(StateV1 old) { var n = old.Name.Split(' '); return new(n[0], n[1], old.Cents / 100m); } public static StateV1 Downgrade(State s) => new(s.First + ' ' + s.Last, (int)(s.Price * 100)); } static class Test { static object Make() => new State(\"bob\", \"moe\", 2.5m); static object Show(State s) => (s.First, s.Last, s.Price); }";

    [Fact(Timeout = 60_000)]
    public async Task Downgrade_of_the_version_that_leaves_is_used()
    {
        await Task.Yield();
        Assert.Equal(("bob moe", 250), Change.Rollback(V2, V1).Show());
        Assert.Equal(("ann lee", 150), Change.Rollback(V1, V1).Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Downgrades_form_a_chain_over_versions()
    {
        await Task.Yield();
        const string V3 = "record StateV1(string Name, int Cents); record StateV2(string First, string Last, decimal Price) : IDowngrade<StateV2, StateV1> { public static StateV1 Downgrade(StateV2 s) => new(s.First + ' ' + s.Last, 3); } record State(string Text) : IDowngrade<State, StateV2> { public static StateV2 Downgrade(State s) => new(s.Text, \"x\", 1); } static class Test { static object Make() => new State(\"t\"); }";
        Assert.Equal(("t", "x", 1m), Change.Rollback(V3, V2).Show());
        Assert.Equal(("t x", 3), Change.Rollback(V3, V1).Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Older_objects_still_go_forward_during_a_rollback()
    {
        await Task.Yield();
        Assert.Equal(("ann", "lee", 1.5m), Change.Rollback(V1, V2).Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Downgrade_is_used_anywhere_in_the_graph()
    {
        await Task.Yield();
        var change = Change.Rollback(
            "record ItemV1(int A); record Item(string B) : IDowngrade<Item, ItemV1> { public static ItemV1 Downgrade(Item i) => new(int.Parse(i.B)); } record struct Money(decimal D) : IDowngrade<Money, int> { public static int Downgrade(Money m) => (int)(m.D * 100); } record State(List<Item> L, Item I, Money Cents); static class Test { static object Make() { var i = new Item(\"7\"); return new State([i], i, new(0.5m)); } }",
            "record Item(int A); record State(List<Item> L, Item I, int Cents); static class Test { static object Show(State s) => (s.L[0].A, ReferenceEquals(s.L[0], s.I), s.Cents); }");
        Assert.Equal((7, true, 50), change.Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task What_went_forward_by_shape_goes_back_by_shape()
    {
        await Task.Yield();
        const string Before = "enum Color { Red, Green } record Profile(string Name); record State(int A, float F, Profile P, int N, byte[] B, Color C, string Text); static class Test { static object Make() => new State(5, 0.1f, new(\"ann\"), 4, [1], Color.Green, \"t\"); static object Show(State s) => $\"{s.A} {s.F == 0.1f} {s.P.Name} {s.N} {s.B[0]} {s.C} {s.Text}\"; }";
        const string After = "enum Color { Blue, Green, Red } [FormerName(\"Profile\")] record Person([FormerName(\"Name\")] string Nick, int More = 2); record State(long A, double F, Person P, int? N, long[] B, Color C, string Text, string Added = \"x\"); static class Test { }";
        var (v1, v2, v3) = (CodeVersion.Of(Before), CodeVersion.Of(After), CodeVersion.Of(Before));
        var forward = new Change(v1, v2, MappingDirection.Forward).Set.Map(v1.Call("Make")!);
        var back = new Change(v2, v3, MappingDirection.Rollback).Set.Map(forward);
        Assert.Equal(v1.Call("Show", v1.Call("Make")), v3.Call("Show", back));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("long", "int", "1L << 40", "State.X: 1099511627776 is no Int32")]
    [InlineData("double", "int", "1.5", "State.X: 1.5 is no Int32")]
    [InlineData("double", "float", "1e300", "State.X: 1E+300 is no Single")]
    [InlineData("int", "byte", "-1", "State.X: -1 is no Byte")]
    [InlineData("int?", "int", "null", "State.X: null has no counterpart")]
    [InlineData("long?", "short", "70000", "State.X: 70000 is no Int16")]
    [InlineData("string?", "string", "null", "State.X: null has no counterpart")]
    public async Task Value_that_does_not_fit_fails_with_its_path(string newer, string older, string value, string message)
    {
        await Task.Yield();
        var change = Change.Rollback($"record State({newer} X); static class Test {{ static object Make() => new State({value}); }}", $"record State({older} X);");
        Assert.True(change.Plan().Possible);
        Assert.StartsWith(message, change.Failure(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Name_that_was_given_up_and_taken_again_is_refused()
    {
        await Task.Yield();
        var change = Change.Rollback("record State([FormerName(\"Name\")] string Nick, string Name);", "record State(string Name);");
        Assert.Equal("State: 'Name' could be 'Name' or 'Nick', which has that former name; write Downgrade", change.Problem());
    }
}
