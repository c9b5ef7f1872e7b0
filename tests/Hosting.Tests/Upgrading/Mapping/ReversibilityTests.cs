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
}
