namespace WatchReload.Hosting.Tests.Upgrading.Mapping;

/// <summary>One case of each kind of data that a state may be made of, each with a member added and a number widened on the way.</summary>
public sealed class KindTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("struct", "struct Point { public @int X; public string? Y; } record State(Point P);", "new State(new Point { X = 1 })", "s.P.X")]
    [InlineData("record struct", "readonly record struct Point(@int X@, );", "new State(new Point(1))", "s.P.X", "record State(Point P);")]
    [InlineData("generic type", "record Pair<TA, TB>(TA A, TB B@, );", "new State(new(new(1), \"b\"))", "(s.P.A.N, s.P.B)", "record Leaf(@int N); record State(Pair<Leaf, string> P);")]
    [InlineData("nested type", "static class Outer { public sealed class Inner { public @int N; @more public sealed record Deep(@int M); } }", "new State(new Outer.Inner { N = 1 }, new(2))", "(s.I.N, s.D.M)", "record State(Outer.Inner I, Outer.Inner.Deep D);")]
    [InlineData("recursive type", "record Tree(@int N, List<Tree> Below@, );", "new State(new Tree(1, [new(2, [new(3, [])])]))", "s.T.Below[0].Below[0].N", "record State(Tree T);")]
    [InlineData("dictionary keyed by a migrated type", "record Key(@int N, string T@, );", "new State(new() { [new Key(1, \"a\")] = 5, [new Key(2, \"b\")] = 6 })", "(s.D[new Key(2, \"b\")], s.D.ContainsKey(new Key(1, \"a\")), s.D.Count)", "record State(Dictionary<Key, @int> D);")]
    [InlineData("record without a primary constructor", "record Person { public string Name { get; init; } = \"\"; public @int Age { get; set; } @more }", "new State(new Person { Name = \"ann\", Age = 7 })", "(s.P.Name, s.P.Age)", "record State(Person P);")]
    [InlineData("class with a matching constructor", "class Person(string name, @int age) { public string Name { get; } = name; public @int Age { get; } = age; @more }", "new State(new Person(\"ann\", 7))", "(s.P.Name, s.P.Age)", "record State(Person P);")]
    [InlineData("required member", "class Person { public required string Name { get; set; } public required @int Age { get; init; } @more }", "new State(new Person { Name = \"ann\", Age = 7 })", "(s.P.Name, s.P.Age)", "record State(Person P);")]
    [InlineData("init-only member", "class Person { public string Name { get; init; } = \"\"; public readonly @int Age = 7; @more }", "new State(new Person { Name = \"ann\" })", "(s.P.Name, s.P.Age)", "record State(Person P);")]
    [InlineData("enum with moved values", "enum Kind { @kinds }", "new State(Kind.B, [Kind.A, Kind.B], Kind.A)", "(s.K, s.Many[1], s.Maybe)", "record State(Kind K, Kind[] Many, Kind? Maybe);")]
    [InlineData("interface-typed member", "interface IShape { @int Size { get; } } record Square(@int Size@, ) : IShape; record Circle(@int Size) : IShape;", "new State(new Square(1), [new Circle(2), new Square(3)])", "(s.One.GetType().Name, s.All[0].GetType().Name, s.All[1].Size)", "record State(IShape One, IShape[] All);")]
    [InlineData("base-typed member", "abstract record Shape(@int Size); record Square(@int Size@, ) : Shape(Size); record Circle(@int Size) : Shape(Size);", "new State(new Square(1), [new Circle(2), new Square(3)])", "(s.One.GetType().Name, s.All[0].GetType().Name, s.All[1].Size)", "record State(Shape One, List<Shape> All);")]
    [InlineData("shared reference", "class Item { public @int N; @more }", "Shared(new Item { N = 1 })", "(ReferenceEquals(s.A, s.B), ReferenceEquals(s.A, s.All[0]), s.B.N)", "record State(Item A, Item B, List<Item> All);", "static State Shared(Item i) => new(i, i, [i]);")]
    [InlineData("cyclic reference", "class Item { public @int N; public Item? Next; @more }", "Cycle()", "(ReferenceEquals(s.A, s.A.Next!.Next), s.A.Next!.N)", "record State(Item A);", "static State Cycle() { var a = new Item { N = 1 }; a.Next = new Item { N = 2, Next = a }; return new(a); }")]
    public async Task Each_kind_of_data_is_carried_over_and_comes_back(string kind, string types, string value, string show, string state = "", string helper = "")
    {
        await Task.Yield();
        var source = $"{types} {state} static class Test {{ {helper} static object Make() => {value}; static object Show(State s) => {show}; }}";
        var before = CodeVersion.Of(In(source, "int", "", "", "A, B"));
        var after = CodeVersion.Of(In(source, "long", "public int Added = 3;", ", int Added = 3", "B = 4, Added = 1, A = 2"));
        var forward = new Change(before, after, WatchReload.Hosting.Upgrading.Mapping.MappingDirection.Forward);
        var back = new Change(after, before, WatchReload.Hosting.Upgrading.Mapping.MappingDirection.Rollback);
        Assert.Empty(forward.Plan().Problems);
        Assert.Empty(back.Plan().Problems);
        var old = forward.Make();
        var expected = before.Call("Show", old)!.ToString();

        var carried = forward.Set.Map(old);

        Assert.Equal((kind, expected), (kind, after.Call("Show", carried)!.ToString()));
        Assert.Equal((kind, expected), (kind, before.Call("Show", back.Set.Map(carried))!.ToString()));
    }

    private static string In(string source, string number, string more, string parameter, string kinds) => source
        .Replace("@int", number, StringComparison.Ordinal)
        .Replace("@more", more, StringComparison.Ordinal)
        .Replace("@, ", parameter, StringComparison.Ordinal)
        .Replace("@kinds", kinds, StringComparison.Ordinal);
}
