using WatchReload.Builder.Deltas;

namespace WatchReload.Deltas.Tests.Classification;

/// <summary>A method may be added to what is loaded when nothing that stays can come to mean another thing by it.</summary>
public sealed class AddedMethodTests
{
    private const string Before = """
        using System.Runtime.CompilerServices;
        namespace Edited;
        public class Base { public virtual int Of() { return 1; } }
        public sealed class Plain(int given, string kept, string named) : Base
        {
            private readonly int _first = given;
            public int Old(int x) { return x + kept.Length; }
            public string Said() { return nameof(named) + "Spoken word"; }
            /* here */
        }
        public class Parent { /* parent */ }
        public sealed class Child : Parent, IComparable<Child>, IAsyncDisposable { int IComparable<Child>.CompareTo(Child? other) => 0; ValueTask IAsyncDisposable.DisposeAsync() => default; }
        public sealed class Table : Parent, IHasName { string IHasName.Name() => ""; }
        public interface IHasName { string Name(); }
        public sealed record State(int X) { /* record */ }
        public struct Value { public int Y; /* struct */ }
        public static class Calls { /* static */ }
        public class Of<T> { /* generic */ public sealed class Within { /* within */ } }
        public interface IThing { /* interface */ }
        public sealed class Failure : Exception { /* exception */ }
        [Serializable] public sealed class Marked { /* marked */ }
        public sealed class Behaviour : ConnectionBehavior<State, string>
        {
            /* behavior */
            public override ValueTask<State> Frame(State s, ReadOnlyMemory<byte> frame, Context self) => new(s);
            public override ValueTask<State> Receive(State s, string m, Context self) => new(s);
        }
        public sealed class ThingController { /* controller */ }
        public sealed class Service : IService { public void Configure(IServiceBuilder service) { } /* service */ }
        """;

    /// <summary>What it has looked for in vain may be remembered, and turns that began in it go on.</summary>
    [Fact(Timeout = 60_000)]
    public void Name_that_a_replaced_body_used_is_not_new()
    {
        var difference = new Difference(CompiledAssembly.From("Edited", Before));
        Assert.Null(difference.To(Before.Replace("Spoken word", "Added", StringComparison.Ordinal)).Doubt);
        Assert.Null(difference.To(Before).Doubt);
        Assert.Contains("the name Added already", Why(difference.To(Before.Replace("/* here */", "public int Added() => 1;", StringComparison.Ordinal))), StringComparison.Ordinal);
        Assert.Null(difference.To(Before.Replace("/* here */", "public int Another() => 1;", StringComparison.Ordinal)).Doubt);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("here", "private int Added(int x) { return x + _first; }")]
    [InlineData("here", "public int Added() => Twice(2); private static int Twice(int x) => x * 2;")]
    [InlineData("here", "public int Added() => Added(2); private static int Added(int x) => x * 2;")]
    [InlineData("here", "internal async Task<int> Added() { await Task.Yield(); return _first; }")]
    [InlineData("here", "public IEnumerable<int> Added() { yield return 1; }")]
    [InlineData("here", "public async IAsyncEnumerable<int> Added() { await Task.Yield(); yield return 1; }")]
    [InlineData("here", "public Func<int> Added(int x) { int Twice() => x * 2; return () => Twice() + _first; }")]
    [InlineData("here", "public string Added(in int x, out int y, ref int z, int w = 2, params string?[] more) { y = x; return more[0] ?? kept; }")]
    [InlineData("here", "public (int A, string? B) Added(dynamic d, nint n) { return (d, kept); }")]
    [InlineData("here", "public string Added() { return kept; }")]
    [InlineData("here", "public int Added() { var given = 2; return given; }")]
    [InlineData("parent", "protected internal int Added() => 1;")]
    [InlineData("record", "public int Added() => X + 1;")]
    [InlineData("struct", "public int Added() => Y + 1;")]
    [InlineData("static", "internal static string Added(string text) => text + text;")]
    [InlineData("behavior", "private State Added(State s, Context self) { self.WriteLine(\"x\"); return s; }")]
    public void Method_is_a_delta_when_its_name_is_new_and_it_is_plain(string where, string added)
    {
        var result = Add(where, added);

        Assert.Null(result.Doubt);
        Assert.Equal((1, true), (result.Delta!.Generation, result.AddsMethods));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("here", "public int Old(long x) => 2;", "came or went in Plain")] // may win overload resolution
    [InlineData("here", "public int Of(int x) => 2;", "the name Of already")]
    [InlineData("here", "private int Within() => 1;", "the name Within already")] // a type
    [InlineData("here", "private int Spoken() => 1;", "the name Spoken already")] // reflection and attributes have names in texts
    [InlineData("here", "private int Pretended() => 1; private int _field;", "came or went")]
    [InlineData("here", "private int Added => 1;", "came or went")]
    [InlineData("here", "public int Added<T>() => 1;", "Added is generic")]
    [InlineData("here", "public int Added() { return Inner(1); U Inner<U>(U u) => u; }", "generic local function")]
    [InlineData("here", "[Obsolete] public int Added() => 1;", "has attributes")]
    [InlineData("here", "public int Added([System.Diagnostics.CodeAnalysis.AllowNull] string x) => 1;", "has attributes")]
    [InlineData("parent", "public virtual int Added() => 1;", "is virtual")]
    [InlineData("parent", "public new int Added() => 1;", "is new")]
    [InlineData("struct", "public readonly int Added() => 1;", "is readonly")]
    [InlineData("static", "public static int Added(this string text) => 1;", "extends another type")]
    [InlineData("parent", "public int CompareTo(Child? other) => 0;", "the name CompareTo already")]
    [InlineData("parent", "string IFormattable.ToString(string? f, IFormatProvider? p) => \"\";", "more than a method")]
    [InlineData("here", "public void Dispose() { }", "looked up")]
    [InlineData("here", "public int GetHashCode() => 1;", "looked up")]
    [InlineData("record", "private bool PrintMembers(System.Text.StringBuilder b) => false;", "looked up")]
    [InlineData("here", "private void OnStop(int x) { } public void Add(int x) { }", "looked up")]
    [InlineData("here", "public bool ShouldSerializeAge() => false;", "looked up")]
    [InlineData("here", "public int get_Age() => 1;", "looked up")]
    [InlineData("here", "private void when() { }", "looked up")]
    [InlineData("here", "public int Added() { return given; }", "keep the parameter given")]
    [InlineData("here", "public string Added() { return named; }", "keep the parameter named")]
    [InlineData("generic", "public int Added() => 1;", "Of is generic")]
    [InlineData("within", "public int Added() => 1;", "Within is generic")]
    [InlineData("interface", "int Added() => 1;", "came or went")]
    [InlineData("exception", "public int Added() => 1;", "Exception, which Failure derives from")]
    [InlineData("marked", "public int Added() => 1;", "SerializableAttribute of Marked")]
    [InlineData("controller", "public int Added() => 1;", "ThingController")]
    [InlineData("service", "private static void Added() { }", "configures the service")]
    [InlineData("behavior", "private void Stopping() { }", "hides that of")]
    [InlineData("here", "public int Added() => nothing;", "does not compile (CS0103)")]
    [InlineData("here", "public Nothing Added() => null!;", "does not compile (CS0246)")]
    [InlineData("static", "public int Added() => 1;", "does not compile (CS0708)")]
    public void Method_is_not_added_when_it_may_be_more_than_its_callers_see(string where, string added, string why)
    {
        var result = Add(where, added);

        Assert.Contains(why, Why(result), StringComparison.Ordinal);
        Assert.Equal(result.Doubt is null, result.Delta is { Apart: true });
    }

    /// <summary>An interface of another assembly, with a body of its own for what nobody has written yet.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData("public class Parent { } public sealed class Thing : Parent, IGreets { }", "Parent { }", "Parent { public string Greeting() => \"another\"; }")]
    [InlineData("public class Thing : IGreets { }", "IGreets { }", "IGreets { public string Greeting() => \"another\"; }")]
    public void Method_is_not_added_when_it_may_implement_an_interface_of_another_assembly(string before, string old, string edited)
    {
        var greets = CompiledAssembly.From("Greets", "public interface IGreets { string Greeting() => \"its own\"; }");
        var difference = new Difference(CompiledAssembly.From("Edited", before, greets)) { Around = new DeltaSurroundings(new HashSet<string> { "Greets" }, false, () => [], () => []) };

        Assert.Contains("the added Greeting may implement IGreets", Why(difference.To(before.Replace(old, edited, StringComparison.Ordinal))), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public void Method_is_not_added_when_it_hides_one_of_another_assembly()
    {
        var bases = CompiledAssembly.From("Bases", "public class Root { public string Hidden() => \"root\"; }");
        const string Source = "public sealed class Thing : Root { }";
        var difference = new Difference(CompiledAssembly.From("Edited", Source, bases)) { Around = new DeltaSurroundings(new HashSet<string> { "Bases" }, false, () => [], () => []) };

        Assert.Contains("the added Hidden hides that of Root", Why(difference.To("public sealed class Thing : Root { public string Hidden() => \"thing\"; }")), StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("public", false)]
    [InlineData("protected internal", false)]
    [InlineData("internal", true)]
    [InlineData("private", true)]
    public void Method_is_left_to_a_load_when_other_projects_can_see_it(string access, bool isDelta)
    {
        const string Source = "public class Lib { /* here */ } internal class Hidden { /* hidden */ }";
        var around = new DeltaSurroundings(new HashSet<string>(), IsReferenced: true, () => [], () => []);
        DeltaResult Add(string source, string where) => new Difference(CompiledAssembly.From("Edited", source)) { Around = around }.To(source.Replace($"/* {where} */", $"{access} int Added() => 1;", StringComparison.Ordinal));
        const string Friend = "[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"Other\")]\n";

        Assert.Equal(isDelta, Add(Source, "here").Delta is not null);
        Assert.NotNull(Add(Source, "hidden").Delta);
        Assert.Equal(access == "private", Add(Friend + Source, "hidden").Delta is not null);
    }

    /// <summary>Something may keep what it found in a type; after a load there is another type, after a delta there is the same.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData("public", false)]
    [InlineData("internal", true)]
    public void Public_method_is_not_added_when_a_package_may_have_looked_for_such(string access, bool isDelta)
    {
        var package = CompiledAssembly.From("Some.Package", "public static class Looks { }");
        const string Source = "public class C { }";
        var difference = new Difference(CompiledAssembly.From("Edited", Source, package));

        var result = difference.To($"public class C {{ {access} int Added() => 1; }}");

        Assert.Equal(isDelta ? null : "Some.Package may have looked for public methods before Added was added", result.MoreThanBodies);
    }

    [Fact(Timeout = 60_000)]
    public void Method_is_not_added_when_another_project_has_its_name()
    {
        const string Source = "public class C { }";
        var other = CompiledAssembly.From("Other", "public class O { object? Call(dynamic d) => d.Added(); }");
        var difference = new Difference(CompiledAssembly.From("Edited", Source)) { Around = new DeltaSurroundings(new HashSet<string>(), false, () => other.Compilation.SyntaxTrees, () => []) };

        Assert.Contains("the name Added already", Why(difference.To("public class C { public int Added() => 1; }")), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public void Methods_that_came_by_delta_are_edited_by_delta_and_taken_away_with_their_type()
    {
        var difference = new Difference(CompiledAssembly.From("Edited", Before));
        var added = Before.Replace("/* here */", "private int Added(int x) { return x; }", StringComparison.Ordinal);

        Assert.Null(difference.To(added).Doubt);
        var again = difference.To(added.Replace("return x;", "Func<int> f = () => x; return f();", StringComparison.Ordinal));
        Assert.Equal((null, 2, false), (again.Doubt, again.Delta?.Generation, again.AddsMethods));
        Assert.Contains("declaration of Other changed", Why(difference.To(added.Replace("Added", "Other", StringComparison.Ordinal))), StringComparison.Ordinal);
        Assert.Contains("came or went in Plain", Why(difference.To(Before)), StringComparison.Ordinal);
    }

    private static string Why(DeltaResult result) => result.MoreThanBodies ?? result.Doubt ?? "no doubt";

    private static DeltaResult Add(string where, string added)
    {
        var mark = $"/* {where} */";
        Assert.Contains(mark, Before, StringComparison.Ordinal);
        return new Difference(CompiledAssembly.From("Edited", Before)).To(Before.Replace(mark, added, StringComparison.Ordinal));
    }
}
