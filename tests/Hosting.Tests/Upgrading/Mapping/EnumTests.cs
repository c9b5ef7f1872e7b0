namespace WatchReload.Hosting.Tests.Upgrading.Mapping;

public class EnumTests
{
    [Fact(Timeout = 60_000)]
    public async Task Enums_go_by_name_when_their_values_move()
    {
        await Task.Yield();
        var change = Change.Of(
            "enum Color { Red, Green, Blue } [Flags] enum Rights : byte { None, Read = 1, Write = 2, All = 3 } record State(Color C, Color? M, List<Color> L, Dictionary<Color, int> D, Rights R, Rights Odd, object O, Color Unnamed); static class Test { static object Make() => new State(Color.Green, Color.Blue, [Color.Red], new() { [Color.Blue] = 1 }, Rights.Read | Rights.Write, (Rights)65, Color.Blue, (Color)77); }",
            "enum Color : long { Blue, [FormerName(\"Green\")] Lime = 10, Red, None = 50 } [Flags] enum Rights : ushort { None, Write = 4, Read = 8 } record State(Color C, Color? M, List<Color> L, Dictionary<Color, int> D, Rights R, Rights Odd, object O, Color Unnamed); static class Test { static object Show(State s) => $\"{s.C} {s.M} {s.L[0]} {s.D[Color.Blue]} {s.R} {(int)s.Odd} {s.O} {s.Unnamed}\"; }");
        Assert.Equal("Lime Blue Red 1 Write, Read 72 Blue 77", change.Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Vanished_name_that_occurs_fails_with_its_path()
    {
        await Task.Yield();
        var change = Change.Of(
            "enum Color { Red, Green } record State(List<Color> L, Color C); static class Test { static object Make(bool inList) => new State([Color.Red, inList ? Color.Green : Color.Red], Color.Green); }",
            "enum Color { Red } record State(List<Color> L, Color C);");
        var plan = change.Plan();
        Assert.True(plan.Possible);
        Assert.Contains("State.C: Color has lost Green; an object that has it cannot be carried over", plan.Warnings);
        Assert.StartsWith("State.L[1]: 'Green' is no longer a value of Color; put [FormerName(\"Green\")] on what it has become", change.Failure(true), StringComparison.Ordinal);
        Assert.StartsWith("State.C: 'Green' is no longer a value of Color", change.Failure(false), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Number_without_a_name_that_is_another_value_now_fails()
    {
        await Task.Yield();
        var change = Change.Of("enum Color { Red } record State(Color C); static class Test { static object Make() => new State((Color)1); }", "enum Color { Red, Green } record State(Color C);");
        Assert.StartsWith("State.C: 1 had no name in Color", change.Failure(), StringComparison.Ordinal);
    }
}
