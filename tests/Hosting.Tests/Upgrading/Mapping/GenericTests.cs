using WatchReload.Hosting.Upgrading.Mapping;

namespace WatchReload.Hosting.Tests.Upgrading.Mapping;

/// <summary>Generic types of the service (and tuples) that have other arguments in the new code.</summary>
public sealed class GenericTests
{
    private const string Pair = "record Pair<TA, TB>(TA A, TB B); ";

    [Theory(Timeout = 60_000)]
    [InlineData("class", "Pair<string, {0}>", "new(\"a\", 1)", "(x.A, x.B)")]
    [InlineData("class that may be null", "Pair<string, {0}>?", "new(\"a\", 1)", "(x!.A, x.B)")]
    [InlineData("null", "Pair<string, {0}>?", "null", "x is null")]
    [InlineData("argument becomes nullable", "Pair<string, {0}>", "new(\"a\", 1)", "(x.A, x.B)", "", "int", "int?")]
    [InlineData("nested", "Pair<Pair<{0}, string>, Pair<string, {0}>>", "new(new(1, \"a\"), new(\"b\", 2))", "(x.A.A, x.B.B)")]
    [InlineData("in an array", "Pair<string, {0}>[]", "[new(\"a\", 1), new(\"b\", 2)]", "(x[0].B, x[1].B)")]
    [InlineData("in a grid", "Pair<string, {0}>[,]", "new Pair<string, {0}>[,] { { new(\"a\", 1) } }", "x[0, 0].B")]
    [InlineData("in a list", "List<Pair<string, {0}>>", "[new(\"a\", 1), new(\"b\", 2)]", "(x[0].B, x[1].B)")]
    [InlineData("in a list by interface", "IReadOnlyList<Pair<string, {0}>>", "[new(\"a\", 1), new(\"b\", 2)]", "(x[0].B, x[1].B)")]
    [InlineData("dictionary value", "Dictionary<string, Pair<string, {0}>>", "new() { [\"k\"] = new(\"a\", 1) }", "x[\"k\"].B")]
    [InlineData("dictionary key", "Dictionary<Pair<string, {0}>, string>", "new() { [new(\"a\", 1)] = \"v\" }", "x[new(\"a\", 1)]")]
    [InlineData("immutable dictionary value", "ImmutableDictionary<string, Pair<string, {0}>>", "ImmutableDictionary<string, Pair<string, {0}>>.Empty.Add(\"k\", new(\"a\", 1))", "x[\"k\"].B")]
    [InlineData("argument is a collection", "Pair<string, List<{0}>>", "new(\"a\", [1, 2])", "(x.B[0], x.B[1])")]
    [InlineData("struct", "Spot<{0}>", "new(1, [2])", "(x.X, x.All[0])", "record struct Spot<T>(T X, List<T> All);")]
    [InlineData("nullable struct", "Spot<{0}>?", "new Spot<{0}>(1)", "x!.Value.X", "record struct Spot<T>(T X);")]
    [InlineData("in an array of structs", "Spot<{0}>[]", "[new(1), new(2)]", "x[1].X", "record struct Spot<T>(T X);")]
    [InlineData("tuple class", "Tuple<string, {0}>", "Tuple.Create(\"a\", ({0})1)", "x.Item2")]
    [InlineData("nested in a generic type", "Outer<{0}>.Inner<string>", "new(1, \"a\")", "(x.A, x.B)", "static class Outer<T> { public record Inner<U>(T A, U B); }")]
    [InlineData("derived, by its base", "Shape<{0}>", "new Square<{0}>(1, 2)", "(x.GetType().Name, x.Size, ((Square<{0}>)x).Side)", "abstract record Shape<T>(T Size); record Square<T>(T Size, T Side) : Shape<T>(Size);")]
    [InlineData("derived, by its interface", "IShape<{0}>[]", "[new Square<string, {0}>(\"a\", 2)]", "(x[0].Size, ((Square<string, {0}>)x[0]).Name)", "interface IShape<T> { T Size { get; } } record Square<U, T>(U Name, T Size) : IShape<T>;")]
    [InlineData("closed by a derived type", "Shape<{0}>", "new Square(1, 2)", "(x.Size, ((Square)x).Side)", "record Shape<T>(T Size); record Square({0} Size, int Side) : Shape<{0}>(Size);")]
    [InlineData("base of other arguments", "Shape<List<{0}>>", "new Square<{0}>([1], 2)", "(x.Size[0], ((Square<{0}>)x).Side)", "record Shape<T>(T Size); record Square<T>(List<T> Size, T Side) : Shape<List<T>>(Size);")]
    [InlineData("private base members", "Deep<{0}>", "new(1)", "x.Shown", "class Held<T>(T value) { private readonly T _value = value; public string Shown => \"\" + _value; } class Deep<T>(T value) : Held<T>(value);")]
    [InlineData("constrained", "Sum<{0}>", "new(1)", "x.Value", "record Sum<T>(T Value) where T : struct, System.Numerics.INumber<T>;")]
    public async Task Argument_that_widens_is_carried_over_and_comes_back(string kind, string type, string value, string show, string types = "", string narrow = "int", string wide = "long")
    {
        await Task.Yield();
        var source = $"using System.Collections.Immutable; {Pair} {types} record State({type} X); static class Test {{ static object Make() => new State({value}); static object? Show(State s) {{ var x = s.X; return {show}; }} }}";
        string In(string number) => source.Replace("{0}", number, StringComparison.Ordinal);
        var (before, after) = (CodeVersion.Of(In(narrow)), CodeVersion.Of(In(wide)));
        var forward = new Change(before, after, MappingDirection.Forward);
        var back = new Change(after, before, MappingDirection.Rollback);
        Assert.Equal([], forward.Plan().Problems);
        Assert.Equal([], back.Plan().Problems);
        var old = forward.Make();
        var expected = (kind, before.Call("Show", old)!.ToString());

        var carried = forward.Set.Map(old);

        Assert.Equal(expected, (kind, after.Call("Show", carried)!.ToString()));
        Assert.Equal(expected, (kind, before.Call("Show", back.Set.Map(carried))!.ToString()));
        Assert.Equal(expected, (kind, before.Call("Show", old)!.ToString()));
    }

    [Fact(Timeout = 60_000)]
    public async Task Type_that_is_generic_over_a_migrated_one_becomes_one_over_another()
    {
        await Task.Yield();
        const string Box = "record Box<T>(T Value); ";
        var change = Change.Of(
            Box + "record Item(string Name, int Size); record State(Box<Item> A, Box<Box<Item>> B, Dictionary<string, Box<Item>> C, Box<int> D); static class Test { static object Make() { var i = new Item(\"a\", 1); return new State(new(i), new(new(i)), new() { [\"k\"] = new(i) }, new(5)); } }",
            Box.Replace("T Value", "T Value, bool Open = true", StringComparison.Ordinal) + "record Item(string Name, long Size, int Added = 3); record ItemV1(string Name, int Size); record Thing(string Text) : IUpgrade<ItemV1, Thing> { public static Thing Upgrade(ItemV1 o) => new(o.Name + o.Size); } record struct Money(decimal Amount) : IUpgrade<int, Money> { public static Money Upgrade(int c) => new(c / 10m); } record State(Box<Item> A, Box<Box<Thing>> B, Dictionary<string, Box<Thing>> C, Box<Money> D); static class Test { static object Show(State s) => $\"{s.A.Value.Size}{s.A.Value.Added}{s.A.Open} {s.B.Value.Value.Text} {ReferenceEquals(s.B.Value.Value, s.C[\"k\"].Value)} {s.D.Value.Amount * 10:0}\"; }");
        Assert.Equal("13True a1 True 5", change.Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Renamed_generic_type_and_renamed_members_of_it_are_found()
    {
        await Task.Yield();
        var change = Change.Of(
            Pair + "record State(Pair<string, int> P); static class Test { static object Make() => new State(new(\"a\", 1)); }",
            "[FormerName(\"Pair\")] record Couple<TA, TB>(TA A, [FormerName(\"B\")] TB Other); record State(Couple<string, long> P); static class Test { static object Show(State s) => (s.P.A, s.P.Other); }");
        Assert.Equal(("a", 1L), change.Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Class_becomes_a_struct_with_other_arguments_and_back()
    {
        await Task.Yield();
        const string Class = "record Spot<T>(T X); record State(Spot<int> A, List<Spot<int>> B); static class Test { static object Make() => new State(new(1), [new(2)]); static object Show(State s) => (s.A.X, s.B[0].X).ToString(); }";
        var @struct = Class.Replace("record Spot", "record struct Spot", StringComparison.Ordinal).Replace("<int>", "<long>", StringComparison.Ordinal);
        Assert.Equal("(1, 2)", Change.Of(Class, @struct).Show());
        Assert.Equal("(1, 2)", Change.Rollback(@struct, Class).Show());
        Assert.Equal("(1, 2)", Change.Of(@struct.Replace("<long>", "<int>", StringComparison.Ordinal), Class.Replace("<int>", "<long>", StringComparison.Ordinal)).Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Shared_and_cyclic_references_and_long_chains_stay_what_they_are()
    {
        await Task.Yield();
        const string Source = "class Node<T> { public T Value = default!; public Node<T>? Next; } record State(Node<int> A, Node<int> B, Node<int> Chain);";
        var change = Change.Of(
            Source + "static class Test { static object Make() { var a = new Node<int> { Value = 7 }; a.Next = new() { Next = a }; Node<int> chain = new(); for (var i = 1; i < 100_000; i++) chain = new() { Value = i, Next = chain }; return new State(a, a, chain); } }",
            Source.Replace("<int>", "<long>", StringComparison.Ordinal) + "static class Test { static object Show(State s) { var n = 0; for (var c = s.Chain; c is not null; c = c.Next) n++; return (s.A.Value, ReferenceEquals(s.A, s.B), ReferenceEquals(s.A.Next!.Next, s.A), n, s.Chain.Value); } }");
        Assert.Equal((7L, true, true, 100_000, 99_999L), change.Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Own_Upgrade_between_the_two_is_used()
    {
        await Task.Yield();
        var change = Change.Of(
            "record Amount<T>(T Value); record State(Amount<int> A); static class Test { static object Make() => new State(new(150)); }",
            "record Amount<T>(T Value) : IUpgrade<Cents, Amount<T>> { public static Amount<T> Upgrade(Cents o) => new((T)(object)(o.Value / 100m)); } record Cents(int Value); record State(Amount<decimal> A); static class Test { static object Show(State s) => s.A.Value; }");
        Assert.Equal(1.5m, change.Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Parameter_of_an_Upgrade_may_have_other_arguments()
    {
        await Task.Yield();
        var change = Change.Of(
            Pair + "record State(Pair<string, int> P); static class Test { static object Make() => new State(new(\"a\", 1)); }",
            Pair + "record PairV1(string A, int B); record StateV1(PairV1 P); record State(string Text) : IUpgrade<StateV1, State> { public static State Upgrade(StateV1 o) => new(o.P.A + o.P.B); } static class Test { static object Show(State s) => s.Text; }");
        Assert.Equal("a1", change.Show());
    }

    [Theory(Timeout = 60_000)]
    [InlineData("Pair<string, long>", "Pair<string, int>", "State.X.B: Int64 does not fit Int32; keep the wider type, or write Upgrade")]
    [InlineData("Pair<string, int?>", "Pair<string, int>", "State.X.B: null has no counterpart in Int32; keep it nullable, or write Upgrade")]
    [InlineData("Pair<string, string>", "Pair<string, int>", "State.X.B: System.String cannot become System.Int32; write Upgrade")]
    [InlineData("Pair<int, int>", "Pair<string, string>", "State.X.A: System.Int32 cannot become System.String; write Upgrade|State.X.B: System.Int32 cannot become System.String; write Upgrade")]
    [InlineData("List<Pair<string, long>>", "List<Pair<string, int>>", "State.X[].B: Int64 does not fit Int32; keep the wider type, or write Upgrade")]
    [InlineData("Dictionary<int, Pair<string, long>>", "Dictionary<int, Pair<string, int>>", "State.X[].B: Int64 does not fit Int32; keep the wider type, or write Upgrade")]
    [InlineData("Pair<string, Item>", "Pair<string, Other>", "State.X.B: Item is now another type and cannot become Other; write Upgrade")]
    [InlineData("Pair<string, Gone>", "Pair<string, Other>", "State.X.B: Gone is no longer there; keep it, or put [FormerName(\"Gone\")] on the type that it has become")]
    [InlineData("Id<Item>", "Id<Other>", "State.X: its type argument Item cannot become Other, as no member that is carried over is made of it; write Upgrade")]
    [InlineData("Number<Item>", "Number<Other>", "State.X: its type argument Item cannot become Other, as no member that is carried over is made of it; write Upgrade")]
    [InlineData("Pair<string, Id<Item>>", "Pair<string, Id<Other>>", "State.X.B: its type argument Item cannot become Other, as no member that is carried over is made of it; write Upgrade")]
    [InlineData("Sent<Item>", "Sent<Other>", "State.X.To: WatchReload.Actors.ActorRef<Item> is now another type and cannot become WatchReload.Actors.ActorRef<Other>; write Upgrade")]
    [InlineData("Pair<string, int>", "One<int>", "State.X: Pair<System.String, System.Int32> is now another type and cannot become One<System.Int32>; write Upgrade")]
    [InlineData("Spot<long>", "Spot<int>", "State.X.X: Int64 does not fit Int32; keep the wider type, or write Upgrade")]
    public async Task Argument_that_cannot_become_the_new_one_is_refused(string before, string after, string problems)
    {
        await Task.Yield();
        const string Types = Pair + "record One<T>(T A); record Item(int A); record Other(int A); record Id<TOwner>(Guid Value); record struct Number<TOwner>(int Value); record struct Spot<T>(T X); record Sent<T>(ActorRef<T> To) where T : class; ";
        var change = Change.Of(
            $"{Types} record Gone(int A); record State({before} X);",
            $"{Types} record State({after} X);");
        Assert.Equal(problems.Split('|'), change.Plan().Problems);
    }

    [Fact(Timeout = 60_000)]
    public async Task Added_member_of_the_argument_does_not_tell_how_it_becomes_another()
    {
        await Task.Yield();
        var change = Change.Of(
            "record Item(int A); record Other(int A); record Id<T>(int Value); record State(Id<Item> X);",
            "record Item(int A); record Other(int A); record Id<T>(int Value, T? Cached = default); record State(Id<Other> X);");
        Assert.Equal(["State.X: its type argument Item cannot become Other, as no member that is carried over is made of it; write Upgrade"], change.Plan().Problems);
    }

    [Fact(Timeout = 60_000)]
    public async Task Name_alone_may_change_with_its_type()
    {
        await Task.Yield();
        const string Id = "record Id<TOwner>(int Value); record Holder(Id<{0}> X); record State(Holder H);";
        var change = Change.Of(
            Id.Replace("{0}", "Item", StringComparison.Ordinal) + "record Item(int A); static class Test { static object Make() => new State(new(new(5))); }",
            Id.Replace("{0}", "Thing", StringComparison.Ordinal) + "[FormerName(\"Item\")] record Thing(long A); static class Test { static object Show(State s) => s.H.X.Value; }");
        Assert.Equal(5, change.Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Value_that_does_not_fit_on_the_way_back_fails_with_its_path()
    {
        await Task.Yield();
        var change = Change.Rollback(
            Pair + "record State(Dictionary<string, Pair<string, long>> X); static class Test { static object Make() => new State(new() { [\"k\"] = new(\"a\", 1L << 40) }); }",
            Pair + "record State(Dictionary<string, Pair<string, int>> X);");
        Assert.True(change.Plan().Possible);
        Assert.StartsWith("State.X[\"k\"].B: 1099511627776 is no Int32", change.Failure(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Way_back_is_lossy_as_for_any_member_that_widens()
    {
        await Task.Yield();
        var plan = Change.Of(Pair + "record State(Pair<string, int> X);", Pair + "record State(Pair<string, long> X);").Plan();
        Assert.Equal(Reversibility.Lossy, plan.Reversible);
        Assert.Equal("State.X.B: a Int64 may not fit Int32 on the way back", Assert.Single(plan.Losses));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("long", true, "Pair<String, Int32>.B: a Int64 may not fit Int32 on the way back")]
    [InlineData("byte", false, "Pair<String, Int32>.B: Int32 does not fit Byte; keep the wider type, or write Upgrade")]
    public async Task State_of_a_behavior_is_planned_for_the_type_that_the_new_behavior_has(string argument, bool possible, string told)
    {
        await Task.Yield();
        var change = Change.Of(Pair + "static class Test { static object Make() => new Pair<string, int>(\"a\", 1); }", $"{Pair} record Held(Pair<string, {argument}> P); static class Test {{ static object Show(object o) => ((Pair<string, {argument}>)o).B; }}");
        var old = change.Make();
        var slot = change.New.Type("Held").GetProperty("P")!.PropertyType;

        var plan = change.Set.Plan([(old.GetType(), slot)]);

        Assert.Equal(possible, plan.Possible);
        Assert.Contains(told, possible ? plan.Losses : plan.Problems);
        if (possible) Assert.Equal(1L, change.New.Call("Show", change.Set.Map(old, slot)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Generic_type_that_stays_is_carried_over_too()
    {
        await Task.Yield();
        var contracts = CodeVersion.Named("Contracts", Pair.Replace("record", "public record", StringComparison.Ordinal));
        var before = CodeVersion.Of("public record Item(int A); public record State(Pair<string, int> X, Pair<string, Item> Y); static class Test { static object Make() => new State(new(\"a\", 1), new(\"b\", new(2))); }", contracts);
        var after = CodeVersion.Of("public record Item(long A); public record State(Pair<string, long> X, Pair<string, Item> Y); static class Test { static object Show(State s) => (s.X.B, s.Y.B.A); }", contracts);
        var change = new Change(before, after, MappingDirection.Forward, contracts);
        Assert.Equal((1L, 2L), change.Show());
    }

    [Theory(Timeout = 60_000)]
    [InlineData("record Box<T>(T Value) : IBox where T : struct;", "State.Any: Box<System.String> does not meet the constraints that Box<T> has now; loosen them")]
    [InlineData("[FormerName(\"Box`1\")] record Pair<T, U>(T Value) : IBox;", "State.Any: Box<System.String> has 1 type arguments, and Pair<T, U> has 2; keep them")]
    [InlineData("record Other : IBox;", "State.Any: Box<T> is no longer there")]
    public async Task Object_whose_generic_type_has_no_room_for_its_arguments_fails_with_the_cause(string after, string failure)
    {
        await Task.Yield();
        const string State = "interface IBox; record State(IBox Any); ";
        var change = Change.Of(State + "record Box<T>(T Value) : IBox; static class Test { static object Make() => new State(new Box<string>(\"a\")); }", State + after);
        Assert.StartsWith(failure, change.Failure(), StringComparison.Ordinal);
    }
}
