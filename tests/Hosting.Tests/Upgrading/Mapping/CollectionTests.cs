namespace WatchReload.Hosting.Tests.Upgrading.Mapping;

public class CollectionTests
{
    private const string Usings = "using System.Collections.Immutable; using System.Collections.Frozen; using System.Collections.Concurrent; using System.Collections.ObjectModel; ";

    /// <summary>One collection of records, whose record gets a member; what the collection shows must stay.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData("Item[]", "[a, b, a]", "string.Join(' ', x.Select(i => i.Name))")]
    [InlineData("List<Item>", "[a, b, a]", "string.Join(' ', x.Select(i => i.Name))")]
    [InlineData("Item[,]", "new Item[,] { { a, b }, { b, a } }", "x[0, 0].Name + x[0, 1].Name + x[1, 0].Name + x[1, 1].Name")]
    [InlineData("Item[][]", "[[a], [b, a]]", "x[0][0].Name + x[1][0].Name + x[1][1].Name")]
    [InlineData("Queue<Item>", "new([a, b])", "x.Dequeue().Name + x.Dequeue().Name")]
    [InlineData("Stack<Item>", "new([a, b])", "x.Pop().Name + x.Pop().Name")]
    [InlineData("LinkedList<Item>", "new([a, b])", "x.First!.Value.Name + x.Last!.Value.Name")]
    [InlineData("HashSet<Item>", "[a, b]", "x.Contains(new Item(\"a\")) + \" \" + x.Count")]
    [InlineData("SortedSet<string>", "[\"b\", \"a\"]", "x.Min + x.Max")]
    [InlineData("Dictionary<Item, Item>", "new() { [a] = b }", "x[new Item(\"a\")].Name")]
    [InlineData("SortedDictionary<int, Item>", "new() { [2] = b, [1] = a }", "x.First().Value.Name")]
    [InlineData("SortedList<int, Item>", "new() { [2] = b, [1] = a }", "x.Values[0].Name")]
    [InlineData("PriorityQueue<Item, int>", "new([(b, 2), (a, 1)])", "x.Dequeue().Name + x.Dequeue().Name")]
    [InlineData("ImmutableArray<Item>", "[a, b]", "x[0].Name + x[1].Name")]
    [InlineData("ImmutableList<Item>", "[a, b]", "x[0].Name + x[1].Name")]
    [InlineData("ImmutableQueue<Item>", "[a, b]", "x.Peek().Name + x.Count()")]
    [InlineData("ImmutableStack<Item>", "ImmutableStack.Create(a, b)", "x.Peek().Name + x.Count()")]
    [InlineData("ImmutableHashSet<Item>", "[a, b]", "x.Contains(new Item(\"b\"))")]
    [InlineData("ImmutableSortedDictionary<int, Item>", "ImmutableSortedDictionary<int, Item>.Empty.Add(2, b).Add(1, a)", "x.First().Value.Name")]
    [InlineData("ImmutableSortedSet<int>", "[2, 1]", "x[0]")]
    [InlineData("ImmutableDictionary<Item, Item>", "ImmutableDictionary<Item, Item>.Empty.Add(a, b)", "x[new Item(\"a\")].Name")]
    [InlineData("FrozenSet<Item>", "new[] { a, b }.ToFrozenSet()", "x.Contains(new Item(\"a\"))")]
    [InlineData("FrozenDictionary<string, Item>", "new Dictionary<string, Item> { [\"k\"] = a, [\"l\"] = b }.ToFrozenDictionary()", "x[\"k\"].Name")]
    [InlineData("FrozenDictionary<int, Item>", "new Dictionary<int, Item> { [1] = a }.ToFrozenDictionary()", "x[1].Name")]
    [InlineData("ConcurrentDictionary<string, Item>", "new([new(\"k\", a)])", "x[\"k\"].Name")]
    [InlineData("ConcurrentQueue<Item>", "new([a, b])", "x.First().Name")]
    [InlineData("ConcurrentStack<Item>", "new([a, b])", "x.First().Name")]
    [InlineData("ConcurrentBag<Item>", "[a]", "x.First().Name")]
    [InlineData("Collection<Item>", "[a, b]", "x[1].Name")]
    [InlineData("ReadOnlyCollection<Item>", "new([a, b])", "x[1].Name")]
    [InlineData("IReadOnlyList<Item>", "[a, b]", "x[1].Name + x.Count")]
    [InlineData("IReadOnlyList<Item>", "new List<Item> { a, b }", "x[1].Name + x.GetType().Name")]
    [InlineData("IReadOnlyList<string>", "[\"a\"]", "x[0]")]
    [InlineData("IEnumerable<Item>", "new[] { a, b }", "x.Last().Name + x.GetType().Name")]
    [InlineData("IList<Item>", "ImmutableList.Create(a)", "x[0].Name")]
    [InlineData("ISet<Item>", "new HashSet<Item> { a }", "x.Contains(new Item(\"a\"))")]
    [InlineData("IDictionary<string, Item>", "new Dictionary<string, Item> { [\"k\"] = a }", "x[\"k\"].Name")]
    [InlineData("IReadOnlyDictionary<string, Item>", "new Dictionary<string, Item> { [\"k\"] = a }.ToFrozenDictionary()", "x[\"k\"].Name")]
    [InlineData("ArraySegment<Item>", "new ArraySegment<Item>([a, b], 1, 1)", "x[0].Name")]
    [InlineData("ReadOnlyMemory<Item>", "new[] { a, b }.AsMemory(1)", "x.Span[0].Name")]
    [InlineData("(Item, List<Item>)", "(a, [b])", "x.Item1.Name + x.Item2[0].Name")]
    [InlineData("List<(Item?, int)>", "[(a, 1), (null, 2)]", "x[0].Item1!.Name + x[1].Item2")]
    [InlineData("Dictionary<(Item, int), List<Item?>>", "new() { [(a, 1)] = [null, b] }", "x[(new Item(\"a\"), 1)][1]!.Name")]
    [InlineData("List<Money?>", "[new(1), null]", "(x[0]!.Value.Cents, x[1])")]
    [InlineData("Money[,]", "new Money[,] { { new(1) }, { new(2) } }", "x[1, 0].Cents")]
    [InlineData("Money?[,]", "new Money?[,] { { new(1), null } }", "(x[0, 0]!.Value.Cents, x[0, 1])")]
    [InlineData("Item?[,,]", "new Item?[,,] { { { a, null } }, { { b, a } } }", "x[0, 0, 0]!.Name + x[0, 0, 1] + x[1, 0, 0]!.Name + ReferenceEquals(x[0, 0, 0], x[1, 0, 1])")]
    [InlineData("(Item?, int)[,]", "new (Item?, int)[,] { { (a, 1) }, { (null, 2) } }", "x[0, 0].Item1!.Name + x[1, 0]")]
    [InlineData("object[,]", "new object[,] { { new Money(1), a, \"t\" } }", "((Money)x[0, 0]).Cents + ((Item)x[0, 1]).Name + x[0, 2]")]
    [InlineData("object", "new Item[,] { { b } }", "((Item[,])x)[0, 0].Name")]
    [InlineData("int[,]", "(int[,])Array.CreateInstance(typeof(int), [1, 2], [5, 6])", "x[5, 7] + x.GetLowerBound(1)")]
    [InlineData("System.Text.StringBuilder", "new(\"text\")", "x.ToString()")]
    [InlineData("System.Collections.BitArray", "new(new[] { true, false })", "x[0]")]
    [InlineData("object", "new Dictionary<string, object?> { [\"k\"] = new List<object> { a, 5, \"t\" } }", "((Item)((List<object>)((Dictionary<string, object?>)x)[\"k\"]!)[0]).Name")]
    public async Task Elements_are_mapped(string type, string value, string show)
    {
        await Task.Yield();
        var before = "record struct Money(int Cents); record Item(string Name); record State(" + type + " X); static class Test { static object Make() { Item a = new(\"a\"), b = new(\"b\"); return new State(" + value + "); } static object Show(State s) { var x = s.X; return " + show + "; } }";
        var after = before.Replace("int Cents", "long Cents", StringComparison.Ordinal).Replace("record Item(string Name)", "record Item(string Name, int Size = 3)", StringComparison.Ordinal);
        var change = Change.Of(Usings + before, Usings + after);
        Assert.Equal(change.Old.Call("Show", change.Make())!.ToString(), change.Show()!.ToString());
    }

    [Theory(Timeout = 60_000)]
    [InlineData("List<int>", "[1, 2]", "ImmutableList<long>")]
    [InlineData("int[]", "[1, 2]", "List<int>")]
    [InlineData("List<int>", "[1, 2]", "IReadOnlyList<long>")]
    [InlineData("List<int>", "[1, 2]", "Queue<int>")]
    [InlineData("HashSet<int>", "[1, 2]", "FrozenSet<int>")]
    [InlineData("SortedSet<int>", "[1, 2]", "ImmutableSortedSet<long>")]
    public async Task Collection_becomes_another_of_its_family(string before, string value, string after)
    {
        await Task.Yield();
        var change = Change.Of(
            Usings + $"record State({before} X); static class Test {{ static object Make() => new State({value}); }}",
            Usings + $"record State({after} X); static class Test {{ static object Show(State s) => string.Join(' ', s.X.Order()); }}");
        Assert.Equal("1 2", change.Show());
    }

    [Theory(Timeout = 60_000)]
    [InlineData("Mood[,]", "new[,] { { Mood.Sad, Mood.Sad, Mood.Sad }, { Mood.Sad, Mood.Glad, Mood.Sad } }", "State.X[1, 1]: 'Glad' is no longer a value of Mood")]
    [InlineData("Item[,]", "new Item[,] { { new(Mood.Sad) }, { new(Mood.Glad) } }", "State.X[1, 0].Mood: 'Glad' is no longer a value of Mood")]
    [InlineData("Item[]", "[new(Mood.Sad), new(Mood.Glad)]", "State.X[1].Mood: 'Glad' is no longer a value of Mood")]
    public async Task Element_is_named_by_its_place(string type, string value, string problem)
    {
        await Task.Yield();
        var before = $"enum Mood {{ Sad, Glad }} record Item(Mood Mood); record State({type} X); static class Test {{ static object Make() => new State({value}); }}";
        var change = Change.Of(before, $"enum Mood {{ Sad }} record Item(Mood Mood); record State({type} X);");
        Assert.StartsWith(problem, change.Failure(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Map_becomes_another_map()
    {
        await Task.Yield();
        var change = Change.Of(
            Usings + "record State(Dictionary<string, int> X); static class Test { static object Make() => new State(new(StringComparer.OrdinalIgnoreCase) { [\"a\"] = 1 }); }",
            Usings + "record State(FrozenDictionary<string, long> X); static class Test { static object Show(State s) => s.X[\"A\"]; }");
        Assert.Equal(1L, change.Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Comparers_are_kept()
    {
        await Task.Yield();
        const string Types = """
            class ByLength : IEqualityComparer<Item>, IComparer<Item> { public int Scale = 1; public bool Equals(Item? a, Item? b) => a!.Name.Length == b!.Name.Length; public int GetHashCode(Item i) => i.Name.Length; public int Compare(Item? a, Item? b) => Scale * a!.Name.Length.CompareTo(b!.Name.Length); }
            record State(Dictionary<string, int> Names, HashSet<Item> Items, SortedSet<Item> Sorted, ImmutableDictionary<Item, int> Fixed, PriorityQueue<string, Item> Heap, IEqualityComparer<string> Own);
            """;
        var change = Change.Of(
            Usings + Types + "record Item(string Name); static class Test { static object Make() => new State(new(StringComparer.OrdinalIgnoreCase) { [\"a\"] = 1 }, new([new(\"x\")], new ByLength()), new([new(\"a\"), new(\"bb\")], new ByLength { Scale = -1 }), ImmutableDictionary.Create<Item, int>(new ByLength()).Add(new(\"x\"), 4), new([(\"long\", new(\"aaa\")), (\"short\", new(\"a\"))], new ByLength()), StringComparer.OrdinalIgnoreCase); }",
            Usings + Types + "record Item(string Name, int Size = 2); static class Test { static object Show(State s) => (s.Names[\"A\"], s.Items.Contains(new(\"y\")), s.Sorted.First().Name, s.Fixed[new(\"z\")], s.Heap.Dequeue(), s.Own.Equals(\"a\", \"A\"), s.Items.Comparer.GetType() == typeof(ByLength)); }");
        Assert.Equal((1, true, "bb", 4, "short", true, true), change.Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Comparer_made_of_a_lambda_is_refused_with_its_path()
    {
        await Task.Yield();
        const string Source = "record State(SortedSet<string> Names); static class Test { static object Make() => new State(new([\"a\"], Comparer<string>.Create((a, b) => b.CompareTo(a)))); }";
        var message = Change.Of(Source, Source).Failure();
        Assert.StartsWith("State.Names: its comparer", message, StringComparison.Ordinal);
        Assert.EndsWith("holds code of the old version; write a comparer class", message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Hashes_are_those_of_the_new_objects()
    {
        await Task.Yield();
        const string Key = "sealed record Key(Tag Tag, ImmutableArray<int> Never) ; sealed class Tag(HashSet<string> names) { public override bool Equals(object? o) => o is Tag t && t.Names.SetEquals(Names); public override int GetHashCode() => Names.Count * VERSION; HashSet<string> Names => names; }";
        const string State = "record State(Dictionary<Key, string> X, Key First); static class Test { static object Make() { var k = new Key(new([\"a\", \"b\"]), default); return new State(new() { [k] = \"found\" }, k); } static object Show(State s) => s.X[s.First] + s.X[s.X.Keys.First()]; }";
        var change = Change.Of(Usings + Key.Replace("VERSION", "1", StringComparison.Ordinal) + State, Usings + Key.Replace("VERSION", "31", StringComparison.Ordinal) + State);
        Assert.Equal("foundfound", change.Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Containers_in_what_is_copied_are_copied()
    {
        await Task.Yield();
        const string Source = """
            record State(List<int> A, Dictionary<string, List<int>> B, int[] C, ImmutableArray<int> D, ImmutableList<List<int>> E, string F, (List<int>, int) G);
            static class Test
            {
                static object Make() => new State([1], new() { ["k"] = [2] }, [3], [4], [[5]], "f", ([6], 0));
                static object Parts(State s) => new object[] { s.A, s.B, s.B["k"], s.C, s.E[0], s.G.Item1 };
                static object Shared(State s) => s.F;
                static object Show(State s) => $"{s.A[0]}{s.B["k"][0]}{s.C[0]}{s.D[0]}{s.E[0][0]}{s.F}{s.G.Item1[0]}";
            }
            """;
        var change = Change.Of(Usings + Source, Usings + Source);
        var old = change.Make();
        var fresh = change.Set.Map(old);
        Assert.Equal("12345f6", change.New.Call("Show", fresh));
        foreach (var (a, b) in ((object[])change.Old.Call("Parts", old)!).Zip((object[])change.New.Call("Parts", fresh)!)) Assert.NotSame(a, b);
        Assert.Same(change.Old.Call("Shared", old), change.New.Call("Shared", fresh));
    }

    [Fact(Timeout = 60_000)]
    public async Task Lazy_sequence_is_refused_with_its_path()
    {
        await Task.Yield();
        const string Source = "record State(IEnumerable<int> X); static class Test { static object Make() => new State(new[] { 1, 2 }.Where(x => x > 1)); }";
        Assert.Matches(@"^State\.X: System\.Linq\.Enumerable.* is not state", Change.Of(Source, Source).Failure());
        const string Iterator = "record State(IEnumerable<int> X); static class Test { static object Make() => new State(Some()); static IEnumerable<int> Some() { yield return 1; } }";
        Assert.StartsWith("State.X: ", Change.Of(Iterator, Iterator).Failure(), StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("FrozenSet<Item>", "State.X[].Name: is new and has no default")]
    [InlineData("FrozenDictionary<string, Item>", "State.X[].Name: is new and has no default")]
    [InlineData("FrozenDictionary<Item, int>", "State.X[].Key.Name: is new and has no default")]
    [InlineData("ImmutableDictionary<string, FrozenSet<Item>>", "State.X[][].Name: is new and has no default")]
    public async Task Elements_of_frozen_collections_are_planned(string type, string problem)
    {
        await Task.Yield();
        var change = Change.Of(Usings + $"record Item; record State({type} X);", Usings + $"record Item(string Name); record State({type} X);");
        Assert.StartsWith(problem, change.Problem(), StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("FrozenSet<Item>", "FrozenSet<Item>")]
    [InlineData("FrozenDictionary<string, Item>", "ImmutableDictionary<string, Item>")]
    [InlineData("ImmutableHashSet<Item>", "FrozenSet<Item>")]
    public async Task Way_back_of_what_is_in_frozen_collections_is_known_beforehand(string before, string after)
    {
        await Task.Yield();
        var plan = Change.Of(Usings + $"record Item(string Name); record State({before} X);", Usings + $"record Item; record State({after} X);").Plan();
        Assert.True(plan.Possible, string.Join('\n', plan.Problems));
        Assert.Equal("No", plan.Reversible.ToString());
    }

    [Theory(Timeout = 60_000)]
    [InlineData("Dictionary<Mood, Item>", "new(map)")]
    [InlineData("SortedDictionary<Mood, Item>", "new(map)")]
    [InlineData("SortedList<Mood, Item>", "new(map)")]
    [InlineData("ImmutableDictionary<Mood, Item>", "map.ToImmutableDictionary()")]
    [InlineData("ImmutableSortedDictionary<Mood, Item>", "map.ToImmutableSortedDictionary()")]
    [InlineData("ConcurrentDictionary<Mood, Item>", "new(map)")]
    [InlineData("FrozenDictionary<Mood, Item>", "map.ToFrozenDictionary()")]
    public async Task Keys_that_become_equal_are_refused(string type, string value)
    {
        await Task.Yield();
        var state = $"record Item(string Name); record State({type} X);";
        var change = Change.Of(
            Usings + "enum Mood { Sad, Gloomy } " + state + " static class Test { static object Make() { var map = new Dictionary<Mood, Item> { [Mood.Sad] = new(\"a\"), [Mood.Gloomy] = new(\"b\") }; return new State(" + value + "); } }",
            Usings + "enum Mood { [FormerName(\"Gloomy\")] Sad } " + state);
        Assert.StartsWith("State.X: ArgumentException: An ", change.Failure(), StringComparison.Ordinal);
    }
}
