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

    /// <summary>Of flags: the value, what both enums say, and what becomes of it: a number, or why it is refused.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData("[Flags] enum E { A = 1 }", "[Flags] enum E { A = 2, B = 4 }", "5", "State.X: 4 had no name in E, and is the number of another value now; write Upgrade")]
    [InlineData("[Flags] enum E { A = 1 }", "[Flags] enum E { A = 1, B = 4 }", "5", "State.X: 4 had no name in E")]
    [InlineData("[Flags] enum E { A = 1 }", "[Flags] enum E { A = 4 }", "4", "State.X: 4 had no name in E")]
    [InlineData("[Flags] enum E { A = 1 }", "[Flags] enum E { A = 1, Both = 3 }", "3", "State.X: 2 had no name in E")]
    [InlineData("[Flags] enum E { A = 1 }", "[Flags] enum E { A = 1, B = 4 }", "9", "9")]
    [InlineData("[Flags] enum E { A = 1, All = -1 }", "[Flags] enum E { A = 2, All = -1 }", "9", "10")]
    [InlineData("[Flags] enum E { A = 1, B = 2 }", "[Flags] enum E { A = 1, B = 2, Both = 3 }", "3", "3")]
    [InlineData("[Flags] enum E { A = 1, B = 2 }", "enum E { A = 1, B = 2, C = 3 }", "3", "State.X: 3 had no name in E")]
    [InlineData("enum E { A = 1, B = 2 }", "[Flags] enum E { A = 2, B = 1, C = 4 }", "1 + 8", "10")]
    [InlineData("enum E { A = 1, B = 2 }", "[Flags] enum E { A = 1, B = 2, C = 4 }", "5", "State.X: 4 had no name in E")]
    [InlineData("[Flags] enum E { A = 1, High = 1 << 31 }", "[Flags] enum E { A = 2, High = 4 }", "1 | 1 << 31", "6")]
    [InlineData("[Flags] enum E { A = 1, High = 1 << 31 }", "[Flags] enum E { A = 1 }", "1 | 1 << 31", "State.X: 'High' is no longer a value of E")]
    [InlineData("[Flags] enum E { A = 1 }", "[Flags] enum E { A = 1, High = 1 << 31 }", "1 | 1 << 31", "State.X: -2147483648 had no name in E")]
    public async Task Bit_without_a_name_stays_unless_it_has_one_now(string before, string after, string value, string becomes)
    {
        await Task.Yield();
        ShowsOrFails(before, after, value, becomes);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("enum E { A }", "enum E : byte { A }", "300", "State.X: 300 has no name in E and is no Byte, which E is now; write Upgrade")]
    [InlineData("enum E { A }", "enum E : byte { A }", "200", "200")]
    [InlineData("enum E { A }", "enum E : uint { A }", "-1", "State.X: -1 has no name in E and is no UInt32")]
    [InlineData("enum E : ulong { A }", "enum E : sbyte { A }", "ulong.MaxValue", "State.X: 18446744073709551615 has no name in E and is no SByte")]
    [InlineData("enum E : ulong { A }", "enum E : long { A }", "ulong.MaxValue", "State.X: 18446744073709551615 has no name in E and is no Int64")]
    [InlineData("enum E : sbyte { A }", "enum E : long { A }", "-5", "-5")]
    [InlineData("[Flags] enum E { A = 256 }", "[Flags] enum E : byte { A = 1 }", "256 + 2", "3")]
    [InlineData("[Flags] enum E { A = 256 }", "[Flags] enum E : byte { A = 1 }", "512 + 256", "State.X: 512 has no name in E and is no Byte")]
    public async Task Number_without_a_name_fails_where_the_underlying_type_cannot_hold_it(string before, string after, string value, string becomes)
    {
        await Task.Yield();
        ShowsOrFails(before, after, value, becomes);
    }

    [Fact(Timeout = 60_000)]
    public async Task Remedy_on_the_way_back_is_Downgrade()
    {
        await Task.Yield();
        var change = Change.Rollback("enum E { A } record State(E X); static class Test { static object Make() => new State((E)300); }", "enum E : byte { A } record State(E X);");
        Assert.EndsWith("write Downgrade", change.Failure(), StringComparison.Ordinal);
    }

    // In a member, where it is compiled, and in a list, where it is boxed.
    private static void ShowsOrFails(string before, string after, string value, string becomes)
    {
        const string Show = " static class Test { static object Show(State s) => $\"{s.X:D}{string.Concat(s.L.Select(x => x.ToString(\"D\")))}\"; }";
        var inMember = Change.Of(before + $" record State(E X, List<E> L); static class Test {{ static object Make() => new State(unchecked((E)({value})), []); }}", after + " record State(E X, List<E> L);" + Show);
        var inList = Change.Of(before + $" record State(E X, List<E> L); static class Test {{ static object Make() => new State(default, [unchecked((E)({value}))]); }}", after + " record State(E X, List<E> L);" + Show);
        if (becomes.StartsWith("State", StringComparison.Ordinal))
        {
            Assert.StartsWith(becomes, inMember.Failure(), StringComparison.Ordinal);
            Assert.StartsWith(becomes.Replace("State.X", "State.L[0]", StringComparison.Ordinal), inList.Failure(), StringComparison.Ordinal);
            return;
        }

        Assert.Equal(becomes, inMember.Show());
        Assert.Equal("0" + becomes, inList.Show());
    }
}
