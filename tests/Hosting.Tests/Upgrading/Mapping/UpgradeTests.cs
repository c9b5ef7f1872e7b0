using WatchReload.Hosting.Upgrading.Mapping;

namespace WatchReload.Hosting.Tests.Upgrading.Mapping;

public class UpgradeTests
{
    private const string V1 = "record State(string Name, int Cents); static class Test { static object Make() => new State(\"ann lee\", 150); }";
    private const string V2 = "record StateV1(string Name, int Cents); record State(string First, string Last, decimal Price) : IUpgrade<StateV1, State> { public static State Upgrade(StateV1 old) { var n = old.Name.Split(' '); return new(n[0], n[1], old.Cents / 100m); } } static class Test { static object Make() => new State(\"bob\", \"moe\", 2.5m); static object Show(State s) => (s.First, s.Last, s.Price); }";

    [Fact(Timeout = 60_000)]
    public async Task Upgrade_applies_when_the_old_shape_is_its_parameters()
    {
        await Task.Yield();
        Assert.Equal(("ann", "lee", 1.5m), Change.Of(V1, V2).Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Upgrade_is_left_alone_when_the_shape_is_the_new_one()
    {
        await Task.Yield();
        Assert.Equal(("bob", "moe", 2.5m), Change.Of(V2, V2).Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Upgrades_form_a_chain_over_versions()
    {
        await Task.Yield();
        const string V3 = "record StateV1(string Name, int Cents); record StateV2(string First, string Last, decimal Price) : IUpgrade<StateV1, StateV2> { public static StateV2 Upgrade(StateV1 old) { var n = old.Name.Split(' '); return new(n[0], n[1], old.Cents / 100m); } } record State(string Text) : IUpgrade<StateV2, State> { static State IUpgrade<StateV2, State>.Upgrade(StateV2 old) => new($\"{old.First}+{old.Last}\"); } static class Test { static object Show(State s) => s.Text; }";
        var (v1, v2, v3) = (CodeVersion.Of(V1), CodeVersion.Of(V2), CodeVersion.Of(V3));
        var set = new Change(v2, v3, MappingDirection.Forward).Set;
        Assert.Equal("ann+lee", v3.Call("Show", set.Map(v1.Call("Make")!)));
        Assert.Equal("bob+moe", v3.Call("Show", set.Map(v2.Call("Make")!)));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("record State(int A, Mark M);", false)]
    [InlineData("record StateV1(int A, Mark M); record State(long A) : IUpgrade<StateV1, State> { public static State Upgrade(StateV1 o) => new(o.A); }", true)]
    [InlineData("record struct Money(decimal Amount) : IUpgrade<int, Money> { public static Money Upgrade(int c) => new(c / 100m); } record State(Money A, Mark M);", true)]
    [InlineData("record struct Money(decimal Amount) : IUpgrade<int, Money> { public static Money Upgrade(int c) => new(c / 100m); } record State(Money? A, Mark M);", true)]
    [InlineData("record State(int A, Mark M) { public string More { get; set; } = string.Concat(\"m\", \"o\"); }", true)]
    [InlineData("record struct Inner(string B) : IUpgrade<int, Inner> { public static Inner Upgrade(int o) => new(\"x\"); } record State(int A, Mark M);", true, "record struct Mark(Inner X);")]
    public async Task Code_of_the_service_is_known_to_run_when_a_state_is_mapped_by_it(string after, bool runs, string mark = "record struct Mark(int X);")
    {
        await Task.Yield();
        var change = Change.Of("record struct Mark(int X); record State(int A, Mark M); static class Test { static object Make() => new State(1, new(2)); }", mark + after);
        Assert.Empty(change.Plan().Problems);
        Assert.NotNull(change.Map());
        Assert.Equal(runs, change.Set.Of(change.Old.Type("State"), change.New.Type("State")).RunsService);
    }

    [Fact(Timeout = 60_000)]
    public async Task Code_of_the_service_is_known_to_run_when_a_boxed_struct_is_mapped_back_by_Downgrade()
    {
        await Task.Yield();
        var change = Change.Rollback(
            "record struct State(decimal Amount) : IDowngrade<State, int> { public static int Downgrade(State s) => (int)(s.Amount * 100); } static class Test { static object Make() => new State(1.5m); }",
            "static class Test { static object Show(int s) => s; }");
        var mapping = change.Set.Of(change.Old.Type("State"), typeof(int));
        Assert.True(mapping.IsFlat && mapping.RunsService);
        Assert.Equal(150, mapping.Map(change.Make()));
    }

    [Fact(Timeout = 60_000)]
    public async Task Upgrade_wins_anywhere_in_the_graph()
    {
        await Task.Yield();
        var change = Change.Of(
            "record Money(int Cents); record struct Mark(int X); record State(Money A, List<Money> B, Dictionary<Money, Mark> C, object D, Mark E, Mark? F, Money? G); static class Test { static object Make() { var m = new Money(5); return new State(m, [m], new() { [m] = new(1) }, m, new(2), new Mark(3), null); } }",
            "record MoneyV1(int Cents); record Money(decimal Amount) : IUpgrade<MoneyV1, Money> { public static Money Upgrade(MoneyV1 o) => new(o.Cents / 100m); } record struct MarkV1(int X); record struct Mark(string Text) : IUpgrade<MarkV1, Mark> { public static Mark Upgrade(MarkV1 o) => new(\"x\" + o.X); } record State(Money A, List<Money> B, Dictionary<Money, Mark> C, object D, Mark E, Mark? F, Money? G); static class Test { static object Show(State s) => $\"{s.A.Amount.ToString(System.Globalization.CultureInfo.InvariantCulture)} {ReferenceEquals(s.A, s.B[0])} {s.C[s.A].Text} {ReferenceEquals(s.D, s.A)} {s.E.Text} {s.F!.Value.Text} {s.G is null}\"; }");
        Assert.Equal("0.05 True x1 True x2 x3 True", change.Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Member_whose_type_changed_goes_through_the_new_types_upgrade()
    {
        await Task.Yield();
        var change = Change.Of(
            "record Profile(string Name); record State(int Cents, string Name, Profile Who); static class Test { static object Make() => new State(5, \"ann\", new(\"ann\")); }",
            "record ProfileV1(string Name); record Person(string Nick) : IUpgrade<ProfileV1, Person> { public static Person Upgrade(ProfileV1 o) => new(o.Name + \"!\"); } record struct Money(decimal Amount) : IUpgrade<int, Money> { public static Money Upgrade(int c) => new(c / 100m); } record Name(string Text, bool Known) : IUpgrade<string, Name> { public static Name Upgrade(string s) => new(s, true); } record State(Money Cents, Name Name, Person Who); static class Test { static object Show(State s) => (s.Cents.Amount, s.Name.Text, s.Who.Nick); }");
        Assert.Equal((0.05m, "ann", "ann!"), change.Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task State_of_a_behavior_becomes_another_type_by_the_new_types_upgrade()
    {
        await Task.Yield();
        const string One = "record One(int A); ";
        var change = Change.Of(
            One + "static class Test { static object Make() => new One(1); }",
            One + "record OneV1(int A); record Two(string Text) : IUpgrade<OneV1, Two> { public static Two Upgrade(OneV1 o) => new(\"a\" + o.A); } static class Test { static object Show(Two t) => t.Text; }");
        var (old, slot) = (change.Make(), change.New.Type("Two"));
        Assert.Equal([], change.Set.Plan([(old.GetType(), (Type?)slot)]).Problems);
        Assert.Equal("a1", change.New.Call("Show", change.Set.Map(old, slot)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Parameter_may_declare_nested_old_shapes_or_the_present_types()
    {
        await Task.Yield();
        const string Before = "record Item(int A); enum Kind { X, Y } record State(Item I, List<Item> L, Kind K, Dictionary<Item, int> D); static class Test { static object Make() { var i = new Item(1); return new State(i, [i], Kind.Y, new() { [i] = 6 }); } }";
        var byShape = Change.Of(Before, "record ItemV1(int A); enum KindV1 { Y, X } record Item(string B); enum Kind { Z } record StateV1(ItemV1 I, IReadOnlyList<ItemV1> L, KindV1 K, Dictionary<ItemV1, int> D); record State(string Text) : IUpgrade<StateV1, State> { public static State Upgrade(StateV1 o) => new($\"{o.I.A} {ReferenceEquals(o.I, o.L[0])} {o.K} {o.D[o.I]}\"); } static class Test { static object Show(State s) => s.Text; }".Replace("IReadOnlyList", "List", StringComparison.Ordinal));
        Assert.Equal("1 True Y 6", byShape.Show());
        var byName = Change.Of(Before, "record Item(int A, int More = 4); enum Kind { Y, X } record StateV1(Item I, List<Item> L, Kind K, Dictionary<Item, int> D); record State(string Text, Item I) : IUpgrade<StateV1, State> { public static State Upgrade(StateV1 o) => new($\"{o.I.A} {o.I.More} {ReferenceEquals(o.I, o.L[0])} {o.K}\", o.I); } static class Test { static object Show(State s) => s.Text; }");
        Assert.Equal("1 4 True Y", byName.Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task More_than_one_way_is_refused()
    {
        await Task.Yield();
        var change = Change.Of(V1, "record A(string Name, int Cents); record B(string Name, int Cents); record State(string Text) : IUpgrade<A, State>, IUpgrade<B, State> { public static State Upgrade(A o) => new(\"\"); public static State Upgrade(B o) => new(\"\"); }");
        Assert.Equal("State: there is more than one Upgrade from State to State: A -> State; B -> State; keep one", change.Problem());
    }

    [Fact(Timeout = 60_000)]
    public async Task Upgrade_between_equal_shapes_is_refused()
    {
        await Task.Yield();
        var change = Change.Of(V1, "record StateV1(string Name); record State(string Name) : IUpgrade<StateV1, State> { public static State Upgrade(StateV1 o) => new(o.Name); }");
        Assert.StartsWith("State: Upgrade between StateV1 and State can never be chosen", change.Problem(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Upgrade_that_nearly_fits_is_a_warning()
    {
        await Task.Yield();
        var change = Change.Of(V1, "record StateV1(string Name, long Cents); record State(string Name) : IUpgrade<StateV1, State> { public static State Upgrade(StateV1 o) => new(o.Name); }");
        Assert.Equal("State: Upgrade(StateV1) is not used: the type of StateV1.Cents is not what it was", Assert.Single(change.Plan().Warnings));
    }

    [Fact(Timeout = 60_000)]
    public async Task Upgrade_that_throws_fails_with_its_path_and_cause()
    {
        await Task.Yield();
        var change = Change.Of(
            "record Item(int A); record State(List<Item> L); static class Test { static object Make() => new State([new(1), new(0)]); }",
            "record ItemV1(int A); record Item(string B) : IUpgrade<ItemV1, Item> { public static Item Upgrade(ItemV1 o) => o.A == 0 ? throw new InvalidOperationException(\"empty\") : new(\"\"); } record State(List<Item> L);");
        Assert.Equal("State.L[1]: Upgrade threw InvalidOperationException: empty", change.Failure());
    }

    [Theory(Timeout = 60_000)]
    [InlineData("List<int>", "[5]", "old.Held.Clear()")]
    [InlineData("int[]", "[5]", "old.Held[0] = 0")]
    [InlineData("int[,]", "new[,] { { 5 } }", "old.Held[0, 0] = 0")]
    [InlineData("Dictionary<string, int>", "new() { [\"k\"] = 5 }", "old.Held.Clear()")]
    [InlineData("HashSet<int>", "[5]", "old.Held.Clear()")]
    [InlineData("Memory<int>", "new int[] { 5 }", "old.Held.Span[0] = 0")]
    [InlineData("ArraySegment<int>", "new([5])", "old.Held.Array![0] = 0")]
    [InlineData("(int, List<int>)", "(1, [5])", "old.Held.Item2.Clear()")]
    [InlineData("IReadOnlyList<int>", "new List<int> { 5 }", "((List<int>)old.Held).Clear()")]
    [InlineData("object", "new List<int> { 5 }", "((List<int>)old.Held).Clear()")]
    [InlineData("System.Text.StringBuilder", "new(\"5\")", "old.Held.Clear()")]
    [InlineData("System.Text.Json.Nodes.JsonNode", "new System.Text.Json.Nodes.JsonArray(5)", "((System.Text.Json.Nodes.JsonArray)old.Held).Clear()")]
    [InlineData("Box", "new() { Content = [5] }", "old.Held.Content.Clear()")]
    public async Task State_that_serves_is_whole_when_Upgrade_empties_what_it_is_given_and_throws(string type, string value, string changes)
    {
        await Task.Yield();
        const string box = "class Box { public List<int> Content { get; set; } = []; }";
        var change = Change.Of(
            $"{box} record State({type} Held); static class Test {{ static object Make() => new State({value}); static string Show(State s) => (object)s.Held switch {{ int[,] grid => grid[0, 0].ToString(), System.Text.StringBuilder text => text.ToString(), var other => System.Text.Json.JsonSerializer.Serialize(other, new System.Text.Json.JsonSerializerOptions {{ IncludeFields = true }}) }}; }}",
            $"{box} record StateV1({type} Held); record State({type} Held, int Count) : IUpgrade<StateV1, State> {{ public static State Upgrade(StateV1 old) {{ {changes}; throw new InvalidOperationException(\"not today\"); }} }}");
        var old = change.Make();
        var before = change.Old.Call("Show", old);

        Assert.Contains("not today", Assert.Throws<MappingException>(() => change.Set.Map(old)).Message, StringComparison.Ordinal);

        Assert.Contains("5", Assert.IsType<string>(before), StringComparison.Ordinal);
        Assert.Equal(before, change.Old.Call("Show", old));
    }

    /// <summary>It is of the version that is left, and runs before anything is made of its result.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Downgrade_is_given_the_object_that_serves()
    {
        await Task.Yield();
        var change = Change.Rollback(
            "record StateV1(int Cents); record State(List<int> Parts) : IDowngrade<State, StateV1> { public static State? Given; public static StateV1 Downgrade(State now) { Given = now; return new(now.Parts.Sum()); } } static class Test { static object Make() => new State([5]); static object Given() => State.Given!; }",
            "record State(int Cents); static class Test { static object Show(State s) => s.Cents; }");
        var serving = change.Make();

        Assert.Equal(5, change.New.Call("Show", change.Set.Map(serving)));

        Assert.Same(serving, change.Old.Call("Given"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Parent_that_its_upgraded_child_refers_to_is_complete_but_for_the_child()
    {
        await Task.Yield();
        var change = Change.Of(
            "class Parent { public string Name = \"p\"; public List<Child> Children = []; } class Child { public Parent P = null!; public int A; } record State(Parent P); static class Test { static object Make() { var p = new Parent(); p.Children.Add(new() { P = p, A = 1 }); p.Children.Add(new() { P = p, A = 2 }); return new State(p); } }",
            "class Parent { public string Name = \"\"; public List<Child> Children = []; } class ChildV1 { public Parent P = null!; public int A; } class Child : IUpgrade<ChildV1, Child> { public Parent P = null!; public string Text = \"\"; public static Child Upgrade(ChildV1 o) => new() { P = o.P, Text = o.P.Name + o.A }; } record State(Parent P); static class Test { static object Show(State s) => (s.P.Children[0].Text, s.P.Children[1].Text, s.P.Children[0].P == s.P); }");
        Assert.Equal(("p1", "p2", true), change.Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Object_that_would_need_itself_to_be_upgraded_fails()
    {
        await Task.Yield();
        var change = Change.Of(
            "class Node { public Node? Next; public int A; } record State(Node N); static class Test { static object Make() { var n = new Node(); n.Next = n; return new State(n); } }",
            "class NodeV1 { public Node? Next; public int A; } class Node : IUpgrade<NodeV1, Node> { public Node? Next; public string B = \"\"; public static Node Upgrade(NodeV1 o) => new() { Next = o.Next }; } record State(Node N);");
        Assert.StartsWith("State.N: Upgrade would need its own result", change.Failure(), StringComparison.Ordinal);
    }
}
