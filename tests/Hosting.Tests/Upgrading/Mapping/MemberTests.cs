using WatchReload.Hosting.Upgrading.Mapping;

namespace WatchReload.Hosting.Tests.Upgrading.Mapping;

public class MemberTests
{
    [Fact(Timeout = 60_000)]
    public async Task Members_go_by_name_when_their_order_changes()
    {
        await Task.Yield();
        var change = Change.Of(
            "record State(string Name, int Count) { private readonly long _since = 7; public long Since => _since; } static class Test { static object Make() => new State(\"ann\", 3); }",
            "record State(int Count, string Name) { private readonly long _since; public long Since => _since; } static class Test { static object Show(State s) => (s.Name, s.Count, s.Since); }");
        Assert.Equal(("ann", 3, 7L), change.Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Added_parameter_gets_its_default()
    {
        await Task.Yield();
        var change = Change.Of(
            "record State(string Name); static class Test { static object Make() => new State(\"ann\"); }",
            """
            enum Mood { Bad, Good = 5 }
            record State(string Name, int Count = 3, string Topic = "news", Mood Mood = Mood.Good, Mood? Maybe = Mood.Good, decimal Price = 1.5m, int? None = null, System.DateTime When = default, double Plain = 0.5);
            static class Test { static object Show(State s) => (s.Name, s.Count, s.Topic, (int)s.Mood, (int?)s.Maybe, s.Price, s.None) + $"{s.When.Ticks} {s.Plain.ToString(System.Globalization.CultureInfo.InvariantCulture)}"; }
            """);
        Assert.Equal("(ann, 3, news, 5, 5, 1.5, )0 0.5", change.Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Added_member_gets_its_initializer()
    {
        await Task.Yield();
        var change = Change.Of(
            "record State(string Name); static class Test { static object Make() => new State(\"ann\"); }",
            """
            record State(string Name)
            {
                public List<string> Tags { get; init; } = ["new"];
                public string Key { get; } = Name.ToUpperInvariant();
                public int Count = 4;
                private int _secret = 5;
                public int Secret => _secret;
            }
            static class Test { static object Show(State s) => $"{s.Name} {s.Tags[0]} {s.Key} {s.Count} {s.Secret}"; }
            """);
        Assert.Equal("ann new ANN 4 5", change.Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Initializer_sees_mapped_members_when_they_are_objects()
    {
        await Task.Yield();
        var change = Change.Of(
            "record Item(string Name); record State(List<Item> Items); static class Test { static object Make() => new State([new(\"a\"), new(\"b\")]); }",
            """
            record Item(string Name, int Weight = 2);
            record State(List<Item> Items) { public int Total { get; init; } = Items.Sum(i => i.Weight); }
            static class Test { static object Show(State s) => (s.Items.Count, s.Total); }
            """);
        Assert.Equal((2, 4), change.Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Constructor_of_a_class_gives_added_members_their_values()
    {
        await Task.Yield();
        var change = Change.Of(
            "class State { public string Name { get; set; } = \"\"; } static class Test { static object Make() => new State { Name = \"ann\" }; }",
            "class State { public string Name { get; set; } = \"\"; public List<int> Scores { get; set; } public State() { Scores = [1]; } } static class Test { static object Show(State s) => (s.Name, s.Scores.Count); }");
        Assert.Equal(("ann", 1), change.Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Added_member_without_default_gets_null_or_zero_when_that_is_legal()
    {
        await Task.Yield();
        var change = Change.Of(
            "record State(string Name); static class Test { static object Make() => new State(\"ann\"); }",
            "record State(string Name, string? Topic, int Count, Guid Id) { public int? More; } static class Test { static object Show(State s) => (s.Topic, s.Count, s.Id, s.More); }");
        Assert.Equal(((string?)null, 0, Guid.Empty, (int?)null), change.Show());
    }

    [Theory(Timeout = 60_000)]
    [InlineData("record State(string Name, string Topic);")]
    [InlineData("record State(string Name) { public required int Topic { get; init; } }")]
    [InlineData("class State { public string Name = \"\"; public string Topic { get; set; } = null!; State(int n) { } }")]
    public async Task Added_member_without_a_value_is_refused(string after)
    {
        await Task.Yield();
        var change = Change.Of("record State(string Name); static class Test { static object Make() => new State(\"ann\"); }", after);
        Assert.Equal("State.Topic: is new and has no default; give it one (a parameter default or an initializer), make it nullable, or write Upgrade", change.Problem());
        Assert.StartsWith("State: State.Topic: is new and has no default", change.Failure(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Removed_members_are_listed()
    {
        await Task.Yield();
        var change = Change.Of(
            "record Log(int Level, string File); record State(string Name, string Topic, Log Log); static class Test { static object Make() => new State(\"ann\", \"t\", new(1, \"f\")); }",
            "record Log(int Level); record State(string Name, Log Log); static class Test { static object Show(State s) => (s.Name, s.Log.Level); }");
        Assert.Equal(["State.Topic", "State.Log.File"], change.Plan().Removed);
        Assert.Equal(("ann", 1), change.Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Renamed_members_and_types_keep_their_values()
    {
        await Task.Yield();
        var change = Change.Of(
            """
            namespace Chat { record Profile(string Name) { public int Age { get; init; } internal long seen; } class Outer { public record Inner(int A); } record State(Profile Who, Outer.Inner In, List<Profile> All); }
            static class Test { static object Make() { var p = new Chat.Profile("ann") { Age = 9, seen = 5 }; return new Chat.State(p, new(1), [p]); } }
            """,
            """
            namespace Chat {
                [FormerName("Profile")] record Person([FormerName("Name")] string Nick) { [FormerName("Age")] public int Years { get; init; } [FormerName("seen")] internal long Seen; }
                [FormerName("Outer")] class Shell { [FormerName("Inner")] public record Core(int A); }
                [FormerName("Chat.State")] record Situation(Person Who, Shell.Core In, List<Person> All);
            }
            static class Test { static object Show(Chat.Situation s) => (s.Who.Nick, s.Who.Years, s.Who.Seen, s.In.A, ReferenceEquals(s.All[0], s.Who)); }
            """);
        Assert.Equal(("ann", 9, 5L, 1, true), change.Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Former_name_that_two_members_claim_is_refused()
    {
        await Task.Yield();
        var change = Change.Of(
            "record State(string Name); static class Test { static object Make() => new State(\"ann\"); }",
            "record State(string Name, [FormerName(\"Name\")] string Nick);");
        Assert.Equal("State: 'Nick' could have been 'Name', which becomes 'Name'; remove the [FormerName] that is not meant, or write Upgrade", change.Problem());
    }

    [Fact(Timeout = 60_000)]
    public async Task Former_name_that_two_types_claim_is_refused()
    {
        await Task.Yield();
        var change = Change.Of("record State(int A); static class Test { static object Make() => new State(1); }", "[FormerName(\"State\")] record One(int A); [FormerName(\"State\")] record Two(int A);");
        Assert.Equal("State: One and Two both have the former name State; leave it to one of them", change.Problem());
    }

    [Fact(Timeout = 60_000)]
    public async Task Type_that_moves_to_another_assembly_is_found_by_its_own_name()
    {
        await Task.Yield();
        var before = CodeVersion.Named("Chat", "namespace Chat { public record Visitor(string Name); } static class Test { static object Make() => new Chat.Visitor(\"ann\"); }");
        var after = CodeVersion.Named("Guests", "namespace Chat { [FormerName(\"Chat.Visitor\")] public record Visitor(string Name, int Age = 3); } static class Test { static object Show(Chat.Visitor v) => (v.Name, v.Age); }");
        var set = new MappingSet(new ByAssembly(after), MappingDirection.Forward);
        Assert.Equal(("ann", 3), after.Call("Show", set.Map(before.Call("Make")!)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Vanished_type_is_refused()
    {
        await Task.Yield();
        var change = Change.Of("record Gone(int A); record State(Gone? Gone); static class Test { static object Make() => new State(new Gone(1)); }", "record State(string? Gone);");
        Assert.Equal("State.Gone: Gone is no longer there; keep it, or put [FormerName(\"Gone\")] on the type that it has become", change.Problem());
    }

    [Fact(Timeout = 60_000)]
    public async Task Numbers_widen()
    {
        await Task.Yield();
        var change = Change.Of(
            "record State(int A, byte B, float C, char D, List<short> E, int? F, uint G, Dictionary<int, byte> H, long I); static class Test { static object Make() => new State(-1, 2, 0.5f, 'x', [3], 4, 5, new() { [1] = 2 }, long.MaxValue); }",
            "record State(long A, int B, double C, int D, List<long> E, long? F, decimal G, Dictionary<long, ulong> H, Int128 I); static class Test { static object Show(State s) => (s.A, s.B, s.C, s.D, s.E[0], s.F, s.G, s.H[1], s.I); }");
        Assert.Equal((-1L, 2, 0.5, (int)'x', 3L, (long?)4, 5m, (2ul, (Int128)long.MaxValue)).ToString(), change.Show()!.ToString()!.Replace("2, 9223", "(2, 9223", StringComparison.Ordinal) + ")");
    }

    [Theory(Timeout = 60_000)]
    [InlineData("long", "int", "Int64 does not fit Int32; keep the wider type, or write Upgrade")]
    [InlineData("int?", "int", "null has no counterpart in Int32; keep it nullable, or write Upgrade")]
    [InlineData("int", "string", "System.Int32 cannot become System.String; write Upgrade")]
    [InlineData("string", "int", "System.String cannot become System.Int32; write Upgrade")]
    [InlineData("List<int>", "HashSet<int>", "System.Collections.Generic.List<System.Int32> cannot become System.Collections.Generic.HashSet<System.Int32>; write Upgrade")]
    [InlineData("Other", "Another", "Other is no longer there; keep it, or put [FormerName(\"Other\")] on the type that it has become")]
    public async Task Type_that_does_not_fit_is_refused(string before, string after, string problem)
    {
        await Task.Yield();
        var change = Change.Of($"record Other(int A); record State({before} A);", $"record Another(int A); record State({after} A);");
        Assert.Equal($"State.A: {problem}", change.Problem());
    }

    [Fact(Timeout = 60_000)]
    public async Task All_problems_are_in_one_list_with_their_paths()
    {
        await Task.Yield();
        var change = Change.Of(
            "record Line(long Level); record Log(List<Line> Lines); record State(Log Log, string Text, int? Maybe);",
            "record Line(int Level); record Log(List<Line> Lines, string File); record State(Log Log, int Text, int Maybe);");
        Assert.Equal(
            ["State.Text", "State.Maybe", "State.Log.File", "State.Log.Lines[].Level"],
            change.Plan().Problems.Select(p => p[..p.IndexOf(": ", StringComparison.Ordinal)]));
    }

    [Fact(Timeout = 60_000)]
    public async Task Value_becomes_nullable()
    {
        await Task.Yield();
        var change = Change.Of(
            "record struct Money(int Cents); record State(int A, Money B, Money? C, Money? D); static class Test { static object Make() => new State(1, new(2), new Money(3), null); }",
            "record struct Money(long Cents); record State(int? A, Money? B, Money? C, Money? D); static class Test { static object Show(State s) => (s.A, s.B?.Cents, s.C?.Cents, s.D?.Cents); }");
        Assert.Equal(((int?)1, (long?)2, (long?)3, (long?)null), change.Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Null_fails_with_its_path_when_the_member_is_no_longer_nullable()
    {
        await Task.Yield();
        var change = Change.Of(
            "record Log(string? File); record State(List<Log?> Logs, Log? Last); static class Test { static object Make(bool whole) => new State([new(\"a\"), new(whole ? \"b\" : null)], new(\"c\")); }",
            "record Log(string File); record State(List<Log?> Logs, Log Last); static class Test { }");
        Assert.Contains("State.Last: was nullable and is not any more; an object that has null here cannot be carried over", change.Plan().Warnings);
        Assert.StartsWith("State.Logs[1].File: null has no counterpart, as the new member is not nullable", change.Failure(false), StringComparison.Ordinal);
        Assert.NotNull(change.Set.Map(change.Make(true)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Structs_generics_nested_and_inherited_members_are_mapped()
    {
        await Task.Yield();
        const string Types = """
            record struct Point(int X, int Y);
            class Pair<T> { public T First = default!; public T Second = default!; }
            struct Holder<T> { public T Value; public (T, int) Tuple; public KeyValuePair<string, T> Entry; }
            abstract class Base { private int _id; public int Id { get => _id; set => _id = value; } }
            class Nested { public class Inner : Base { private int _id = 5; public int Own => _id; public Tuple<Item, int> Old = null!; } }
            """;
        var change = Change.Of(
            Types + """
            record Item(string Name);
            record State(Point P, Pair<Item> Pair, Holder<Item> H, Nested.Inner In);
            static class Test { static object Make() { var a = new Item("a"); return new State(new(1, 2), new() { First = a, Second = new("b") }, new() { Value = a, Tuple = (a, 7), Entry = new("k", a) }, new() { Id = 4, Old = Tuple.Create(a, 8) }); } }
            """,
            Types + """
            record Item(string Name, int Size = 1);
            record State(Point P, Pair<Item> Pair, Holder<Item> H, Nested.Inner In);
            static class Test { static object Show(State s) => $"{s.P} {s.Pair.First.Name}{s.Pair.Second.Name} {ReferenceEquals(s.Pair.First, s.H.Value)} {s.H.Tuple.Item1.Size}{s.H.Tuple.Item2} {s.H.Entry.Key}{s.H.Entry.Value.Name} {s.In.Id}{s.In.Own} {s.In.Old.Item1.Name}{s.In.Old.Item2}"; }
            """);
        Assert.Equal("Point { X = 1, Y = 2 } ab True 17 ka 45 a8", change.Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Class_becomes_struct_and_struct_becomes_class()
    {
        await Task.Yield();
        var change = Change.Of(
            "record A(int X); record struct B(int Y); record State(A A, B B, List<A> As, List<B> Bs); static class Test { static object Make() => new State(new(1), new(2), [new(3)], [new(4)]); }",
            "record struct A(long X); record B(long Y); record State(A A, B B, List<A> As, List<B> Bs); static class Test { static object Show(State s) => (s.A.X, s.B.Y, s.As[0].X, s.Bs[0].Y); }");
        Assert.Equal((1L, 2L, 3L, 4L), change.Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Struct_can_be_the_state_itself()
    {
        await Task.Yield();
        var change = Change.Of(
            "record Item(int A); record struct State(string Name, List<Item> Items); static class Test { static object Make() => new State(\"ann\", [new(3)]); }",
            "record Item(long A); record struct State(string Name, List<Item> Items, int Count = 7); static class Test { static object Show(State s) => (s.Name, s.Items[0].A, s.Count); }");
        Assert.Equal(("ann", 3L, 7), change.Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Members_are_set_whatever_their_access()
    {
        await Task.Yield();
        const string Source = """
            class State(string captured)
            {
                public string Captured() => captured;
                public int GetOnly { get; } = 1;
                public required int Required { get; init; }
                private readonly int _readOnly = captured.Length;
                public int ReadOnly => _readOnly;
                internal protected string Field { get; private set; } = captured + "!";
                public string Show => $"{captured} {GetOnly} {Required} {_readOnly} {Field}";
            }
            static class Test { static object Make() => new State("ann") { Required = 2 }; static object Show(State s) => s.Show; }
            """;
        Assert.Equal("ann 1 2 3 ann!", Change.Of(Source, Source).Show());
    }

    /// <summary>As for a release that no longer has the old type's assembly.</summary>
    private sealed class ByAssembly(CodeVersion version) : ITypePairing
    {
        public IEnumerable<Type> NewTypes => version.Assembly.GetTypes();

        public Type? Counterpart(Type oldType) => IsReloaded(oldType) ? null : oldType;

        public bool IsReloaded(Type type) => type.Assembly.IsCollectible && type.Assembly != version.Assembly;
    }
}
