namespace WatchReload.Deltas.Tests.Classification;

public sealed class BodyTests
{
    private const string Before = """
        using System.Runtime.CompilerServices;
        namespace Edited;
        public sealed class Plain(int given)
        {
            private readonly int _kept = given;
            private int _unused = 1;
            public int Auto { get; set; } = 1;
            public int Method(int x) { return x + 1; }
            public int Arrow(int x) => x + 1;
            public int Property { get { return _kept; } set { _unused = value; } }
            public int Short => 1;
            public int this[int i] { get { return i; } }
            public event Action Happened { add { _ = value; } remove { } }
            public static Plain operator +(Plain a, int b) { return a; }
            public static explicit operator int(Plain a) { return a._kept; }
            public async Task<int> Async() { await Task.Yield(); return 1; }
            public IEnumerable<int> Iterator() { yield return 1; }
            public int Local() { int Inner() => 1; return Inner(); }
            public Func<int> Lambda() { return () => 1; }
            public T Generic<T>(T x) { return x; }
            public int Optional(int x = 1) { return x; }
            ~Plain() { _unused = 2; }
            public sealed class Inner { public int Deep() { return 1; } }
        }
        public class Of<T> { public int Method() { return 1; } }
        public interface IDefault { int Method() { return 1; } }
        public static class Calls { public static int Here([CallerLineNumber] int line = 0) { return line; } }
        public sealed class Service : IService
        {
            public void Configure(IServiceBuilder service) { Helper(); }
            public ValueTask CodeChange(CodeChangeContext change) { return default; }
            private static void Helper() { }
        }
        """;

    [Theory(Timeout = 60_000)]
    [InlineData("return x + 1;", "return x + 2;")]
    [InlineData("Arrow(int x) => x + 1", "Arrow(int x) => x + 2")]
    [InlineData("get { return _kept; }", "get { return _kept + 1; }")]
    [InlineData("set { _unused = value; }", "set { _unused = value + 1; }")]
    [InlineData("Short => 1", "Short => 2")]
    [InlineData("get { return i; }", "get { return i + 1; }")]
    [InlineData("add { _ = value; }", "add { }")]
    [InlineData("operator +(Plain a, int b) { return a; }", "operator +(Plain a, int b) { return new Plain(b); }")]
    [InlineData("{ return a._kept; }", "{ return a._kept + 1; }")]
    [InlineData("await Task.Yield(); return 1;", "await Task.Yield(); await Task.Yield(); return 2;")]
    [InlineData("yield return 1;", "yield return 1; yield return 2;")]
    [InlineData("int Inner() => 1;", "int Inner() => 2;")]
    [InlineData("return () => 1;", "var two = 2; return () => two;")]
    [InlineData("Deep() { return 1; }", "Deep() { return 2; }")]
    [InlineData("CodeChangeContext change) { return default; }", "CodeChangeContext change) { return ValueTask.CompletedTask; }")]
    public void Edit_is_a_delta_when_it_is_in_the_body_of_a_member(string old, string edited)
    {
        var result = Edit(old, edited);

        Assert.Null(result.Doubt);
        Assert.Equal(1, result.Delta!.Generation);
    }

    private const string Kept = """
        using System.IO;
        namespace Edited;
        public readonly record struct RoomKey(string Name) : IComparable<RoomKey>
        {
            public bool Equals(RoomKey other) => Names.Same(Name, other.Name);
            public override int GetHashCode() { return Name.GetHashCode(); }
            public int CompareTo(RoomKey other) => Order.Of(Name) - Order.Of(other.Name);
            internal string Shown { get { return Name; } }
            public static bool operator <(RoomKey a, RoomKey b) { return a.CompareTo(b) < 0; }
            public static bool operator >(RoomKey a, RoomKey b) => a.CompareTo(b) > 0;
        }
        public static class Names
        {
            public static bool Same(string a, string b) { return Plain(a) == Plain(b); }
            public static string Plain(string name) { return name; }
            public static string Fold(string name) { return name.Trim(); }
            public static string Greeting(string name) { return "Hello " + name; }
        }
        public static class Order { public static int Of(string name) { var sum = 0; foreach (var letter in new Letters(name)) sum += letter; return sum; } }
        public sealed class Letters(string text) { public IEnumerator<char> GetEnumerator() { return text.GetEnumerator(); } public int Total() { return text.Length; } }
        public sealed class Purchase { public string Told = ""; public int Cancel() { return 1; } public string Key { get; } = Names.Fold("a"); }
        public sealed record Tag(string Name) { public override string ToString() { return Name; } }
        public sealed record Tagged(Tag[] Tags) { public bool Equals(Tagged? other) => new Purchase().Key == string.Join('/', Tags.AsEnumerable()); public override int GetHashCode() => 0; }
        public sealed record Parcel(int Weight) { public int Heft { get { return Weights.Doubled(Weight); } } internal int Hidden { get { return Weight - 5; } } }
        public static class Weights { public static int Doubled(int weight) { return weight + weight; } }
        public sealed record Letter(int Weight) { private bool PrintMembers(System.Text.StringBuilder text) { text.Append(Stamped(Weight)); return true; } private static int Stamped(int weight) { return weight + 7; } }
        public sealed class Worker : IAsyncDisposable
        {
            private readonly CancellationTokenSource _end = new();
            public int[] None = [];
            public Task StartAsync() { File.WriteAllText("a", ""); return Task.CompletedTask; }
            public Task StopAsync() { _end.Cancel(); None = []; File.Delete(At()); return Task.CompletedTask; }
            public async ValueTask DisposeAsync() { await Task.Yield(); }
            private static string At() { return "a"; }
        }
        public sealed class Odd : System.Text.Json.Serialization.JsonConverterFactory
        {
            public override bool CanConvert(Type type) => type == typeof(RoomKey);
            public override System.Text.Json.Serialization.JsonConverter? CreateConverter(Type type, System.Text.Json.JsonSerializerOptions options) { return null; }
        }
        """;

    [Theory(Timeout = 60_000)]
    [InlineData("{ return Name.GetHashCode(); }", "{ return 1; }", "collections that states hold were filled by GetHashCode")]
    [InlineData("=> Names.Same(Name, other.Name)", "=> true", "collections that states hold were filled by Equals")]
    [InlineData("=> Order.Of(Name) - Order.Of(other.Name)", "=> 0", "collections that states hold were filled by CompareTo")]
    [InlineData("{ return Plain(a) == Plain(b); }", "{ return true; }", "which may call Same")]
    [InlineData("{ return name; }", "{ return name.ToUpperInvariant(); }", "which may call Plain")]
    [InlineData("{ return text.GetEnumerator(); }", "{ return \"\".GetEnumerator(); }", "which may call GetEnumerator")]
    [InlineData("{ return a.CompareTo(b) < 0; }", "{ return false; }", "which may call op_LessThan")]
    [InlineData("{ return name.Trim(); }", "{ return name.Trim('/'); }", "which may call Fold")]
    [InlineData("ToString() { return Name; }", "ToString() { return Name + Name; }", "which may call ToString")]
    [InlineData("{ return Weights.Doubled(Weight); }", "{ return 2; }", "which may call Heft")]
    [InlineData("{ return weight + weight; }", "{ return weight; }", "which may call Doubled")]
    [InlineData("{ return weight + 7; }", "{ return weight; }", "which may call Stamped")]
    [InlineData("File.Delete(At());", "File.Delete(At() + At());", "what runs is ended by StopAsync")]
    [InlineData("{ return \"a\"; }", "{ return \"b\"; }", "what runs is ended by StopAsync, which may call At")]
    [InlineData("await Task.Yield();", "", "what runs is ended by DisposeAsync")]
    [InlineData("type == typeof(RoomKey)", "false", "serializers keep what they have found out by CanConvert")]
    [InlineData("{ return null; }", "{ return options.Converters[0]; }", "serializers keep what they have found out by CreateConverter")]
    public void Bodies_are_left_to_objects_from_before_that_depend_on_them(string old, string edited, string doubt)
    {
        Assert.Contains(old, Kept, StringComparison.Ordinal);
        var result = new Difference(CompiledAssembly.From("Edited", Kept)).To(Kept.Replace(old, edited, StringComparison.Ordinal));
        // Either the type is made anew, with all that mention it, or it is a replay.
        Assert.Contains(doubt, result.MoreThanBodies ?? result.Doubt, StringComparison.Ordinal);
        Assert.NotEqual(false, result.Delta?.Apart);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("{ return \"Hello \" + name; }", "{ return name; }")]
    [InlineData("{ return text.Length; }", "{ return 0; }")]
    [InlineData("Cancel() { return 1; }", "Cancel() { return 2; }")]
    [InlineData("get { return Name; }", "get { return \"\"; }")]
    [InlineData("{ return Weight - 5; }", "{ return 5; }")]
    [InlineData("File.WriteAllText(\"a\", \"\");", "File.WriteAllText(\"b\", \"\");")]
    public void Bodies_are_replaced_beside_those_that_objects_from_before_depend_on(string old, string edited)
    {
        Assert.Contains(old, Kept, StringComparison.Ordinal);
        var result = new Difference(CompiledAssembly.From("Edited", Kept)).To(Kept.Replace(old, edited, StringComparison.Ordinal));
        Assert.Null(result.MoreThanBodies);
        Assert.False(result.Delta!.Apart);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("Check(a-b)", "Check(a - b)")]
    [InlineData("(a*b).Tested()", "(a * b).Tested()")]
    [InlineData("\n          \"\"\"", "\n        \"\"\"")]
    public void Edit_is_a_delta_when_equal_tokens_come_to_other_code(string old, string edited)
    {
        const string source = """"
            using System.Runtime.CompilerServices;
            namespace Edited;
            public static class Texts
            {
                public static string Check(int x, [CallerArgumentExpression(nameof(x))] string text = "") { return text; }
                public static string Tested(this int x, [CallerArgumentExpression(nameof(x))] string text = "") { return text; }
                public static string Told(int a, int b) { return Check(a-b) + (a*b).Tested(); }
                public static string Hello(string name) { return $"""
                        Hello {name}
                      """; }
                public static int Other() { return 1; }
            }
            """";
        Assert.Contains(old, source, StringComparison.Ordinal);

        var alone = new Difference(CompiledAssembly.From("Edited", source)).To(source.Replace(old, edited, StringComparison.Ordinal));
        var beside = new Difference(CompiledAssembly.From("Edited", source)).To(source.Replace(old, edited, StringComparison.Ordinal).Replace("return 1;", "return 2;", StringComparison.Ordinal));

        Assert.Null(alone.Doubt);
        Assert.Null(beside.Doubt);
        // Two bodies, and not one.
        Assert.True(beside.Delta!.IL.Length > alone.Delta!.IL.Length);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("_kept = given", "_kept = given + 1", "_kept changed")]
    [InlineData("Auto { get; set; } = 1", "Auto { get; set; } = 2", "Plain changed|Auto changed")]
    [InlineData("Auto { get; set; }", "Auto { get; set { _unused = value; } }", "Auto changed")]
    [InlineData("public int Method(int x)", "public long Method(int x)", "declaration of Method")]
    [InlineData("public int Method(int x)", "public virtual int Method(int x)", "declaration of Method")]
    [InlineData("public int Method(int x)", "[Obsolete] public int Method(int x)", "declaration of Method")]
    [InlineData("int x = 1)", "int x = 2)", "declaration of Optional")]
    [InlineData("public int Short => 1;", "", "came or went")]
    [InlineData("public int Short => 1;", "public int Short => 1; public int More => 1;", "came or went")]
    [InlineData("return x; }\n    public int Optional", "x.ToString(); return x; }\n    public int Optional", "Generic is generic")]
    [InlineData("Of<T> { public int Method() { return 1; } }", "Of<T> { public int Method() { return 2; } }", "Of is generic")]
    [InlineData("IDefault { int Method() { return 1; } }", "IDefault { int Method() { return 2; } }", "interface")]
    [InlineData("_unused = 2;", "_unused = 3;", "changed")]
    [InlineData("{ Helper(); }", "{ }", "configures the service")]
    [InlineData("Helper() { }", "Helper() { _ = 1; }", "configures the service")]
    [InlineData("yield return 1;", "return [1];", "iterator")]
    [InlineData("return x + 1;", "return x + given;", "parameter given")]
    [InlineData("Inner() => 1;", "Inner() => Other<int>(1); U Other<U>(U u) => u;", "generic local function")]
    [InlineData("Short => 1", "Short => field", "may have a field")]
    [InlineData("return x + 1;", "return x + nothing;", "does not compile (CS0103)")]
    [InlineData("return x + 1;", "return x + ;", "does not compile")]
    [InlineData("namespace Edited;", "#nullable disable\nnamespace Edited;", "directive")]
    [InlineData("return x + 1;", "return x  +  1;", "may tell its line")]
    public void Edit_does_not_replace_bodies_alone_when_it_is_more_than_that(string old, string edited, string why)
    {
        var result = Edit(old, edited);

        Assert.Contains(why.Split('|'), part => (result.MoreThanBodies ?? result.Doubt)!.Contains(part, StringComparison.Ordinal));
        Assert.Equal(result.Doubt is null, result.Delta is { Apart: true });
    }

    [Fact(Timeout = 60_000)]
    public void Edit_is_left_to_a_load_when_it_moves_code_that_may_tell_its_line()
    {
        const string Callers = "public class Caller { public int First() { return 1; } public void Second(object o) { System.Threading.Lock.Equals(o, o); } }";
        var declares = new Difference(CompiledAssembly.From("Edited", Before));
        var plain = new Difference(CompiledAssembly.From("Edited", Callers));

        Assert.Contains("may tell its line", declares.To(Before.Replace("return x + 1;", "return x +\n 2;", StringComparison.Ordinal)).Doubt, StringComparison.Ordinal);
        Assert.Null(plain.To(Callers.Replace("return 1;", "return\n2;", StringComparison.Ordinal)).Doubt);
    }

    [Fact(Timeout = 60_000)]
    public void Directive_is_left_to_a_load_when_it_goes_to_the_end_of_the_file()
    {
        var result = new Difference(CompiledAssembly.From("Edited", "#nullable disable\nusing System;\npublic class C { public int Get() { return 1; } }"))
            .To("using System;\npublic class C { public int Get() { return 2; } }\n#nullable disable");

        Assert.Contains("directive", result.Doubt ?? "no doubt", StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("#nullable disable\n public string? One; public string Two = \"\";", "public string? One;\n#nullable disable\n public string Two = \"\";", "directive")]
    [InlineData("#nullable disable\n public string? Of(int a) => null; public string Of(long a) => \"\";", "public string? Of(int a) => null;\n#nullable disable\n public string Of(long a) => \"\";", "directive")]
    [InlineData("public class Inner {\n#nullable disable\n }", "#nullable disable\n public class Inner { }", "directive")]
    [InlineData("public int Of() { var a = 1;\n#pragma warning disable CS0219\n return a; }", "public int Of() { var a = 1; a++; a++;\n#pragma warning disable CS0219\n return a; }", null)]
    [InlineData("public int Of() { var a = 1;\n#pragma warning disable CS0219\n return a; }", "#pragma warning disable CS0219\n public int Of() { var a = 1; return a; }", "directive")]
    [InlineData("public int Of {\n get {\n#nullable disable\n return 1; } set { } }", "public int Of {\n get { return 1; } set {\n#nullable disable\n } }", "directive")]
    [InlineData("#region a\n public int One; public int Two;\n#endregion\n", "#region b\n public int One; public int Two;\n#endregion\n", "directive")]
    [InlineData("#nullable disable\n public string? One; public string Two = \"\";", "#nullable disable\n public string? One; public string Two = \"\";", null)]
    public void Directive_is_left_to_a_load_when_it_comes_to_stand_before_another_member(string members, string edited, string? why)
    {
        const string Body = "public class C { public int Get() { return 1; } MEMBERS }";
        var before = Body.Replace("MEMBERS", "\n" + members, StringComparison.Ordinal);
        var result = new Difference(CompiledAssembly.From("Edited", before)).To(Body.Replace("MEMBERS", "\n" + edited, StringComparison.Ordinal).Replace("return 1;", "return 2;", StringComparison.Ordinal));

        if (why is null) Assert.True(result.Delta is { Apart: false }, result.Doubt);
        else Assert.Contains(why, result.Doubt ?? "no doubt", StringComparison.Ordinal);
    }

    /// <summary>The runtime looks more than 25 of them up by an index that it does not add to.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData("routes.MapGet(1)", "the defaults of parameters, which MapGet may look for")]
    [InlineData("routes.MapThing(1)", null)]
    public void Body_is_left_to_a_load_when_somebody_may_look_for_the_default_of_a_lambda_in_it(string asked, string? why)
    {
        var before = $"public class Routes {{ public object MapGet(object one) => one; public object MapThing(object one) => one; }} public class C {{ public object One(Routes routes) {{ _ = {asked}; return 1; }} }} public static class Many {{ {string.Concat(Enumerable.Range(0, 30).Select(i => $"public const int C{i} = {i};"))} }}".Replace(why is null ? "public object MapGet(object one) => one;" : "never", "", StringComparison.Ordinal);
        var doubt = new Difference(CompiledAssembly.From("Edited", before)).To(before.Replace("return 1;", "return (int page = 1) => page;", StringComparison.Ordinal)).Doubt;

        if (why is null) Assert.Null(doubt);
        else Assert.Contains(why, doubt ?? "no doubt", StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("private int _x; public void Set() { _x = 1; } public int Get() { return _x; }", "return _x;", "return 1;", "_x")]
    [InlineData("private int _x; public void Set() { _x = 1; } public int Get() { return _x; }", "return _x;", "_x = 2; return 1;", "_x")] // mentioned as often, and read no more
    [InlineData("private int _x; public void Set() { _x = 1; } public int Get() { return _x; }", "return _x;", "int _x = 1; return _x;", "_x")] // by another of the name
    [InlineData("private int _x; public void Set() { _x = 1; } public int Get() { return _x; }", "return _x;", "return nameof(_x).Length;", "_x")]
    [InlineData("private int _x; public void Set() { _x = 1; } public int Get() { return _x; }", "return _x;", "return _x + this._x;", null)]
    [InlineData("private int _x; public void Set() { _x = 1; } public int Get() { return _x; } public int Twice() { return 2 * _x; }", "return _x;", "return 1;", null)]
    [InlineData("private int _x; public void Set() { _x = 1; } public int Get() { return _x; }", "_x = 1;", ";", "_x")]
    [InlineData("private int _x = 2; public void Set() { _x = 1; } public int Get() { return _x; }", "_x = 1;", ";", null)]
    [InlineData("private int _x; public void Set() { (_x, _) = (1, 2); } public int Get() { return _x; }", "(_x, _) = (1, 2);", ";", "_x")]
    [InlineData("private int _x; public void Set() { int.TryParse(\"1\", out _x); } public int Get() { return _x; }", "int.TryParse(\"1\", out _x);", ";", "_x")]
    [InlineData("private int Count; public void Reset() { Count = 0; } public int Of(List<int> l) { return l.Count + Count; }", "l.Count + Count", "l.Count", "Count")] // another's of that name
    [InlineData("private bool closed; public bool Close() { closed = true; return closed; } public object Of() { return System.Linq.Enumerable.Repeat(element: closed, count: 1); } public object More(Func<int, int> of) { return Told.Of(closed: true); } } public static class Told { public static object Of(bool closed) { return closed; }", "return closed;", "return true;", null)] // read elsewhere
    [InlineData("private bool closed; public bool Close() { closed = true; return closed; } public object More() { return Told.Of(closed: true); } } public static class Told { public static object Of(bool closed) { return closed; }", "return closed;", "return true;", "closed")]
    [InlineData("private int Length; public int Set() { Length = 2; return Length; } public bool Is(string text) { return text is { Length: 3 } || text?.Length == 2; }", "return Length;", "return 2;", "Length")]
    [InlineData("private int Capacity; public int Get() { Capacity = 1; return Capacity; } public object Of() { return new List<int> { Capacity = 3 }; }", "Capacity = 1;", ";", "Capacity")]
    [InlineData("private Mode Mode = Mode.On; public void Set() { Mode = Mode.Off; } public bool Is() { return Mode == Mode.On; } } public enum Mode { On, Off } public class More {", "return Mode == Mode.On;", "return true;", "Mode")]
    [InlineData("private int _x = 1; public class Inner { public int Get(C c) { return c._x; } }", "return c._x;", "return 1;", "_x")]
    [InlineData("internal int X; public int Get() { return X; } } public class Other { public void Set(C c) { c.X = 1; }", "c.X = 1;", ";", "X")]
    [InlineData("public event Action? Rung; public void Ring() { Rung?.Invoke(); }", "Rung?.Invoke();", ";", "Rung")]
    [InlineData("public event Action? Rung; public void Ring() { Rung?.Invoke(); } public void Again() { Rung?.Invoke(); }", "Ring() { Rung?.Invoke();", "Ring() { ;", null)]
    public void Edit_is_left_to_a_load_when_a_field_may_be_unused_and_warnings_are_errors(string members, string old, string edited, string? unused)
    {
        var source = $"public class C {{ {members} }}";
        string? Doubt(bool warningsAreErrors) => new Difference(CompiledAssembly.From("Edited", source)).To(source.Replace(old, edited, StringComparison.Ordinal), warningsAreErrors).Doubt;

        Assert.Null(Doubt(warningsAreErrors: false));
        Assert.Equal(unused is null ? null : $"{unused} may be unused now, which would be an error", Doubt(warningsAreErrors: true)?.Split(';')[0]);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("", "return 1;", "return given;", false)]
    [InlineData("public int Other() { return given; }", "return 1;", "return given;", true)]
    [InlineData("public string Other() { return nameof(given); }", "return 1;", "return given;", false)]
    [InlineData("private readonly int _kept = given;", "return 1;", "return given;", false)]
    [InlineData("", "var given = 1; return given;", "return given;", false)] // what was a local
    [InlineData("", "return given;", "return 1;", false)]
    [InlineData("public int Other => given;", "return given;", "return 1;", true)]
    public void Edit_is_a_delta_when_the_type_keeps_the_same_parameters_of_its_constructor(string other, string old, string edited, bool isDelta)
    {
        string Source(string body) => $"public class C(int given) {{ {other} public int Method() {{ {body} }} }}";

        var result = new Difference(CompiledAssembly.From("Edited", Source(old))).To(Source(edited));

        Assert.Equal(isDelta ? null : "C may keep the parameter given of its constructor now, or not any more", result.MoreThanBodies);
    }

    private static Builder.Deltas.DeltaResult Edit(string old, string edited)
    {
        Assert.Contains(old, Before, StringComparison.Ordinal);
        return new Difference(CompiledAssembly.From("Edited", Before)).To(Before.Replace(old, edited, StringComparison.Ordinal));
    }
}
