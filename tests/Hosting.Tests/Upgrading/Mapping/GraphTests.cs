using System.Diagnostics;

namespace WatchReload.Hosting.Tests.Upgrading.Mapping;

public class GraphTests
{
    [Fact(Timeout = 60_000)]
    public async Task Shared_references_stay_shared()
    {
        await Task.Yield();
        const string Source = "record Item(int A); record State(Item One, Item Two, List<Item> All, List<int> X, List<int> Y, object Any, Item[] Array); static class Test { static object Make() { var i = new Item(1); var l = new List<int>(); return new State(i, i, [i, new(1)], l, l, i, [i]); } static object Show(State s) => (ReferenceEquals(s.One, s.Two), ReferenceEquals(s.One, s.All[0]), ReferenceEquals(s.One, s.All[1]), ReferenceEquals(s.X, s.Y), ReferenceEquals(s.Any, s.One), ReferenceEquals(s.Array[0], s.One)); }";
        Assert.Equal((true, true, false, true, true, true), Change.Of(Source, Source).Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Cycles_stay_cycles()
    {
        await Task.Yield();
        const string Source = """
            class Node { public string Name = ""; public Node? Next, Parent; public List<Node> Children = []; public Dictionary<string, Node> ByName = []; public object? Self; }
            record State(Node Root);
            static class Test
            {
                static object Make() { var r = new Node { Name = "r" }; var c = new Node { Name = "c", Parent = r, Next = r }; r.Next = c; r.Self = r; r.Children.Add(c); r.Children.Add(r); r.ByName["c"] = c; return new State(r); }
                static object Show(State s) => (s.Root.Children[0].Parent == s.Root, s.Root.Next!.Next == s.Root, s.Root.Children[1] == s.Root, s.Root.ByName["c"] == s.Root.Next, s.Root.Self == s.Root);
            }
            """;
        Assert.Equal((true, true, true, true, true), Change.Of(Source, Source).Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Cycle_through_the_keys_and_values_of_hashed_and_immutable_collections_is_mapped()
    {
        await Task.Yield();
        const string Source = """
            using System.Collections.Immutable; using System.Collections.Frozen;
            class Room { public string Name = ""; public ImmutableDictionary<string, Room> Doors = null!; public FrozenDictionary<string, Room> Frozen = null!; public HashSet<Room> Seen = []; public Dictionary<Room, int> Distance = []; public ImmutableList<Room> List = null!; public override int GetHashCode() => Name.GetHashCode(); public override bool Equals(object? o) => o is Room r && r.Name == Name; }
            record State(Room First);
            static class Test
            {
                static object Make()
                {
                    var a = new Room { Name = "a" }; var b = new Room { Name = "b" };
                    a.Doors = ImmutableDictionary<string, Room>.Empty.Add("b", b); b.Doors = ImmutableDictionary<string, Room>.Empty.Add("a", a);
                    a.Frozen = new Dictionary<string, Room> { ["self"] = a, ["b"] = b }.ToFrozenDictionary(); b.Frozen = a.Frozen;
                    a.Seen = [a, b]; b.Distance[a] = 1; b.Distance[b] = 0; a.List = [a, b]; b.List = a.List;
                    return new State(a);
                }
                static object Show(State s) { var a = s.First; var b = a.Doors["b"]; return (b.Doors["a"] == a, a.Frozen["self"] == a, ReferenceEquals(a.Frozen, b.Frozen), a.Seen.Contains(new Room { Name = "b" }), b.Distance[new Room { Name = "a" }], a.List[1] == b, ReferenceEquals(a.List, b.List)); }
            }
            """;
        Assert.Equal((true, true, true, true, 1, true, true), Change.Of(Source, Source).Show());
    }

    /// <summary>Of the two, the one that is met last is left first, and needs the other: which needs no more than the empty object between them.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData("object Next", "n.Next", "")]
    [InlineData("Wrap Next", "n.Next.Item", "record Wrap(object Item);")]
    [InlineData("Wrap Next", "n.Next.Item", "record WrapV1(object Item); record Wrap(object Item, bool IsUpgraded) : IUpgrade<WrapV1, Wrap> { public static Wrap Upgrade(WrapV1 old) => new(old.Item, true); }")]
    public async Task Cycle_through_two_immutable_collections_with_an_object_between_them_is_mapped(string next, string item, string after)
    {
        await Task.Yield();
        const string Source = "using System.Collections.Immutable; using System.Collections.Frozen; class Node { public string Name = \"\"; public ** = null!; } record State(FrozenDictionary<string, Node> All);";
        const string Made = "record Wrap(object Item); static class Test { static object Make() { var n = new Node { Name = \"n\" }; var s = new State(new Dictionary<string, Node> { [\"k\"] = n }.ToFrozenDictionary()); n.Next = ##; return s; } }";
        var source = Source.Replace("**", next, StringComparison.Ordinal);
        var change = Change.Of(
            source + Made.Replace("##", next.StartsWith("Wrap", StringComparison.Ordinal) ? "new(ImmutableList.Create<object>(s.All))" : "ImmutableList.Create<object>(s.All)", StringComparison.Ordinal),
            source + after + $"static class Test {{ static object Show(State s) {{ var n = s.All[\"k\"]; return (n.Name, ReferenceEquals(((ImmutableList<object>){item})[0], s.All)); }} }}");
        Assert.Equal(("n", true), change.Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Immutable_collection_that_would_have_to_be_there_before_itself_fails()
    {
        await Task.Yield();
        const string Source = "using System.Collections.Immutable; record struct Part(object? Item); record State(object Any);";
        var change = Change.Of(
            Source + "static class Test { static object Make() { object box = new Part(null); var list = ImmutableList.Create<object>(box); typeof(Part).GetField(\"<Item>k__BackingField\", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!.SetValue(box, list); return new State(list); } }",
            Source);
        Assert.StartsWith("State.Any: it cannot be complete before itself", change.Failure(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Hash_of_an_element_that_refers_to_an_immutable_collection_on_a_cycle_is_that_of_the_complete_one()
    {
        await Task.Yield();
        const string Source = """
            using System.Collections.Immutable;
            record Room(string Name) { public ImmutableList<Room> Doors { get; set; } = []; public HashSet<Room> Seen { get; set; } = []; public Dictionary<Room, int> Distance { get; set; } = []; public SortedSet<string> Last { get; set; } = []; }
            record State(Room First);
            static class Test
            {
                static object Make() { var r = new Room("r"); r.Doors = [r]; r.Seen.Add(r); r.Distance[r] = 5; return new State(r); }
                static object Show(State s) { var r = s.First; return (ReferenceEquals(r.Doors[0], r), r.Seen.Contains(r), r.Distance.ContainsKey(r)); }
            }
            """;
        Assert.Equal((true, true, true), Change.Of(Source, Source).Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task List_linked_through_100_000_records_is_mapped()
    {
        await Task.Yield();
        var change = Change.Of(
            "record Link(int Value, Link? Next); record State(Link? Head); static class Test { static object Make() { Link? head = null; for (var i = 0; i < 100_000; i++) head = new(i, head); return new State(head); } }",
            "sealed record Link(long Value, Link? Next); record State(Link? Head); static class Test { static object Show(State s) { var (n, sum) = (0, 0L); for (var l = s.Head; l is not null; l = l.Next) { n++; sum += l.Value; } return (n, sum); } }");
        Assert.Equal((100_000, 4999950000L), change.Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Deep_nesting_of_immutable_collections_in_object_members_is_mapped()
    {
        await Task.Yield();
        const string Source = "using System.Collections.Immutable; record Leaf(int A); record State(object X); static class Test { static object Make() { object x = new Leaf(1); for (var i = 0; i < 100_000; i++) x = ImmutableList.Create<object>(x); return new State(x); } static object Show(State s) { var n = 0; var x = s.X; while (x is ImmutableList<object> l) { x = l[0]; n++; } return (n, ((Leaf)x).A); } }";
        Assert.Equal((100_000, 1), Change.Of(Source, Source).Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Upgrade_runs_along_a_long_list_without_recursion()
    {
        await Task.Yield();
        var change = Change.Of(
            "record Link(int Value, Link? Next); record State(Link? Head); static class Test { static object Make() { Link? head = null; for (var i = 0; i < 100_000; i++) head = new(i, head); return new State(head); } }",
            "record LinkV1(int Value, Link? Next); record Link(string Text, Link? Next) : IUpgrade<LinkV1, Link> { public static Link Upgrade(LinkV1 old) => new(old.Value.ToString(), old.Next); } record State(Link? Head); static class Test { static object Show(State s) { var n = 0; for (var l = s.Head; l is not null; l = l.Next) n++; return (n, s.Head!.Text); } }");
        Assert.Equal((100_000, "99999"), change.Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task What_a_struct_in_the_parameter_of_an_Upgrade_shares_with_others_stays_shared()
    {
        await Task.Yield();
        const string Source = "struct Spot { public List<##> Marks; } ** record State(Leaf Leaf, Spot Spot);";
        var change = Change.Of(
            Source.Replace("##", "int", StringComparison.Ordinal).Replace("**", "record Leaf(int A, Spot Spot);", StringComparison.Ordinal)
                + "static class Test { static object Make() { List<int> l = [1]; return new State(new(1, new() { Marks = l }), new() { Marks = l }); } }",
            Source.Replace("##", "long", StringComparison.Ordinal)
                .Replace("**", "record LeafV1(int A, Spot Spot); record Leaf(string B, Spot Spot) : IUpgrade<LeafV1, Leaf> { public static Leaf Upgrade(LeafV1 old) => new(\"b\", old.Spot); }", StringComparison.Ordinal)
                + "static class Test { static object Show(State s) => ReferenceEquals(s.Leaf.Spot.Marks, s.Spot.Marks); }");
        Assert.Equal(true, change.Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Old_objects_are_not_changed()
    {
        await Task.Yield();
        const string Source = "using System.Collections.Immutable; class Item { public int A; public List<Item> More = []; } record State(List<Item> L, Dictionary<string, Item> D, ImmutableList<Item> I, SortedSet<int> S); static class Test { static object Make() { var i = new Item { A = 1 }; i.More.Add(i); return new State([i], new() { [\"k\"] = i }, [i], [1, 2]); } static object Show(State s) => $\"{s.L.Count} {s.L[0].A} {s.L[0].More.Count} {s.D[\"k\"] == s.L[0]} {s.I[0] == s.L[0]} {s.S.Count}\"; static void Spoil(State s) { s.L[0].A = 9; s.L[0].More.Clear(); s.L.Clear(); s.D.Clear(); s.S.Clear(); } }";
        var change = Change.Of(Source, Source);
        var old = change.Make();
        var fresh = change.Set.Map(old);
        change.New.Call("Spoil", fresh);
        Assert.Equal("1 1 1 True True 2", change.Old.Call("Show", old));
    }

    [Fact(Timeout = 60_000)]
    public async Task Every_failure_names_the_path_to_the_object()
    {
        await Task.Yield();
        const string Types = "record Line({0} Level); record Log(List<Line> Lines, Dictionary<string, Line> ByName); record State(Log Log);";
        var change = Change.Rollback(
            Types.Replace("{0}", "long", StringComparison.Ordinal) + "static class Test { static object Make(bool inMap) => new State(new([new(1), new(inMap ? 2 : long.MaxValue)], new() { [\"x\"] = new(1), [\"y\"] = new(inMap ? long.MaxValue : 3) })); }",
            Types.Replace("{0}", "int", StringComparison.Ordinal));
        Assert.StartsWith("State.Log.Lines[1].Level: 9223372036854775807 is no Int32", change.Failure(false), StringComparison.Ordinal);
        Assert.StartsWith("State.Log.ByName[\"y\"].Level: 9223372036854775807 is no Int32", change.Failure(true), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Many_threads_map_at_once()
    {
        await Task.Yield();
        var change = Change.Of(
            "record Item(string Name); record Deep(int I, List<Item> Items); record State(int Id, string Name, long Count); static class Test { static object Make() => Enumerable.Range(0, 100_000).Select(i => new State(i, \"n\", i)).ToArray(); static object Other(int i) => new Deep(i, [new(\"a\"), new(\"b\")]); }",
            "record Item(string Name, int Size = 1); record Deep(int I, List<Item> Items); record State(int Id, string Name, long Count, int More = 1); static class Test { static object Show(object[] all) => all.Cast<State>().Sum(s => s.More + s.Id); static object ShowOther(Deep d) => d.I + d.Items.Count; }");
        var all = (object[])change.Make();
        var mapped = new object[all.Length];
        var others = new object?[1000];
        change.Plan();
        change.Set.WarmUp();
        var time = Stopwatch.StartNew();
        Parallel.For(0, all.Length, i => mapped[i] = change.Set.Map(all[i]));
        TestContext.Current.SendDiagnosticMessage("100,000 records mapped in {0} ms", time.ElapsedMilliseconds);
        Parallel.For(0, others.Length, i => others[i] = change.New.Call("ShowOther", change.Set.Map(change.Old.Call("Other", i)!)));
        Assert.Equal(4999950000L + 100_000, Convert.ToInt64(mapped.Select(m => (long)(int)m.GetType().GetProperty("Id")!.GetValue(m)!).Sum() + 100_000, null));
        Assert.Equal(Enumerable.Range(2, 1000), others.Cast<int>());
    }
}
