using WatchReload.Builder.Deltas;

namespace WatchReload.Deltas.Tests.Classification;

/// <summary>Types are made anew with all that mention them, or it is left to a load.</summary>
public sealed class RemadeTypeTests
{
    private const string Before = """
        using System.Runtime.CompilerServices;
        namespace Edited;
        public sealed record State(int Count);
        public class Holds { public State? Kept { get; init; } }
        public class Above { public Holds Get() => new(); }
        public class Apart { public int One() => 1; /* apart */ }
        public static class Says { public static string Loud(this string text) => text + "!"; }
        public class Calls { public string Greeting() => "hello".Loud(); }
        public class Of<T> { public T? One; }
        public class Failed : Exception { }
        public class UsesGeneric { public Of<int>? Many; }
        public static class Wakes { public static TaskAwaiter GetAwaiter(this int number) => Task.CompletedTask.GetAwaiter(); }
        public enum Level { Low, High }
        public interface IShape { Level Level { get; } }
        public readonly record struct Circle(int R) : IShape { public Level Level => Level.Low; }
        public delegate Level Asked(Circle circle);
        public sealed class MarkAttribute(int number) : Attribute { public int Number => number; }
        [Mark(1)] public class Marked { public event Asked? Asked; public Level? Ask() => Asked?.Invoke(default); }
        public sealed class Service : IService
        {
            public void Configure(IServiceBuilder service) { _ = new State(1); }
            public ValueTask CodeChange(CodeChangeContext change) { return default; }
            private static void Helper() { }
        }
        /* end */
        """;

    [Theory(Timeout = 60_000)]
    [InlineData("State(int Count)", "State(long Count, int More = 3)", "Above Holds State")]
    [InlineData("State(int Count)", "State(string Name)", null)] // does not compile where it is made
    [InlineData("{ public State? Kept { get; init; } }", "{ public State? Kept { get; init; } public int More { get; set; } = 7; }", "Above Holds")]
    [InlineData("/* apart */", "private readonly int _more = 1; public int More => _more;", "Apart")]
    [InlineData("Low, High", "Low, Middle, High", "Asked Circle IShape Level Marked")]
    [InlineData("text + \"!\"", "text + \"!\"; public static int Number", "Calls Says")]
    [InlineData("Circle(int R)", "Circle(int R, int X)", "Asked Circle Marked")]
    [InlineData("public int Number => number;", "public int Number => number; public int Twice = 2 * number;", "MarkAttribute Marked")]
    [InlineData("_ = new State(1);", "_ = new State(2);", "")] // of the service the body alone
    [InlineData("return default;", "return ValueTask.CompletedTask;", null)] // a body
    public void Type_is_made_anew_with_all_that_mention_it(string old, string edited, string? remade)
    {
        var result = Edit(old, edited);

        Assert.Equal(remade, result.Delta is { Apart: true } delta ? string.Join(' ', delta.Remade.Select(name => name["Edited.".Length..]).Order(StringComparer.Ordinal)) : null);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("/* apart */", "public void Check(bool ended) => ObjectDisposedException.ThrowIf(ended, this);\n        /* apart */ private int _kept; public int Kept => _kept;", "ThrowIf may come upon types")]
    [InlineData("class Failed : Exception { }", "class Failed : Exception { public int More => 1; }", "Failed is told by its name")]
    [InlineData("/* apart */", "public sealed class Broke : Exception { } public int More => 1;", "Broke is told by its name")]
    [InlineData("public T? One;", "public T? One; public T? Two;", "Of is generic")]
    [InlineData("public class UsesGeneric { public Of<int>? Many; }", "", "a type went")]
    [InlineData("Task.CompletedTask.GetAwaiter();", "Task.CompletedTask.GetAwaiter(); public static int Number;", "called without being written")]
    [InlineData("string Loud(this string text)", "string Shout(this string text)", "does not compile (CS1061)")] // in Calls, which mentions neither
    [InlineData("string Loud(this string text)", "string Loud(string text)", "does not compile (CS1061)")]
    [InlineData("TaskAwaiter GetAwaiter(this int number)", "TaskAwaiter Awaits(this int number)", "called without being written")]
    [InlineData("public class Of<T> { public T? One; }", "public class Of { public int One; }", "Of is generic")]
    [InlineData("private static void Helper() { }", "private static void Helper(State? state) { }", "configures the service")]
    [InlineData("private static void Helper() { }", "private static void Configure(State? state) { }", "configures the service")]
    [InlineData("private static void Helper() { }", "private static readonly State Kept = new(1);", "configures the service")]
    [InlineData("State(int Count)", "State(int Count, int Count)", "does not compile")]
    [InlineData("/* apart */", "private T More<T>(T more) where T : IShape => more;", "constraints of type parameters")]
    [InlineData("/* apart */", "[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit)] public struct At { [System.Runtime.InteropServices.FieldOffset(0)] public int X; }", "layouts")]
    [InlineData("/* apart */", "[System.Runtime.InteropServices.DllImport(\"c\")] private static extern int getpid();", "another language")]
    [InlineData("/* apart */", "public object Field => GetType().GetFields().Length;", "GetType may come upon types")]
    [InlineData("/* apart */", "public string Field = typeof(Apart).Name;", "typeof(Apart)")]
    [InlineData("/* apart */", "public int Field = typeof(int).Assembly.GetTypes().Length;", "may come upon types")]
    public void Type_is_left_to_a_load_when_another_generation_of_it_would_not_be_the_same(string old, string edited, string why)
    {
        var result = Edit(old, edited);

        Assert.Contains(why, result.Doubt ?? "no doubt", StringComparison.Ordinal);
        Assert.Null(result.Delta);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("typeof(int).Assembly.GetName().Name")]
    [InlineData("typeof(Apart).Assembly.GetName().Name")]
    [InlineData("(new object().GetType() == typeof(Apart)).ToString()")]
    public void Assembly_and_type_may_be_asked_what_is_the_same_in_every_generation(string asked)
    {
        var result = Edit("/* apart */", $"public string? Field = {asked};");

        Assert.True(result.Delta is { Apart: true }, result.Doubt);
    }

    [Fact(Timeout = 60_000)]
    public void Type_is_left_to_a_load_when_it_is_mentioned_outside_of_types()
    {
        const string Source = "using static Edited.Says; namespace Edited; public static class Says { public static int One() => 1; } public class C { public int Two() => One() + 1; }";

        Assert.Contains("Says is mentioned outside of types", new Difference(CompiledAssembly.From("Edited", Source)).To(Source.Replace("int One() => 1;", "long One() => 1;", StringComparison.Ordinal)).Doubt, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("", "using System.Text;", "return \"1\";", "return new StringBuilder(\"1\").ToString();", "A B", null)]
    [InlineData("using System.Text;", "", "return \"1\";", "return \"2\";", "A B", null)]
    [InlineData("", "using System.Text;", "return \"1\";", "return \"1\";", "A B", null)]
    [InlineData("", "using System.Numerics;", "class Other;", "class Other { public Vector2 At; }", "A B Other", null)]
    [InlineData("", "global using System.Text;", "return \"1\";", "return \"2\";", null, "something outside of types changed")]
    [InlineData("", "using static System.Math;", "return \"1\";", "return $\"{Abs(-1)}\";", null, "outside of types may be another")]
    [InlineData("[assembly: CLSCompliant(false)]", "using System.Text; [assembly: CLSCompliant(false)]", "return \"1\";", "return \"2\";", null, "CLSCompliant means outside of types may be another")]
    [InlineData("", "using System.Text;", "class Other;", "class Other : IService { public void Configure(IServiceBuilder service) { } public ValueTask CodeChange(CodeChangeContext change) => default; }", null, "Other configures the service")]
    public void All_types_of_a_file_are_made_anew_when_a_using_of_its_own_comes_or_goes(string head, string edited, string old, string becomes, string? remade, string? why)
    {
        const string Source = " namespace Edited; public class A { public string One() { return \"1\"; } } public class B { public A? At; } public class Other;";
        var result = new Difference(CompiledAssembly.From("Edited", head + Source)).To(edited + Source.Replace(old, becomes, StringComparison.Ordinal));

        if (why is not null) Assert.Contains(why, result.Doubt ?? "no doubt", StringComparison.Ordinal);
        else Assert.Superset(remade!.Split(' ').Select(name => $"Edited.{name}").ToHashSet(), result.Delta!.Remade.ToHashSet());
    }

    [Fact(Timeout = 60_000)]
    public void Type_is_left_to_a_load_when_other_projects_see_it()
    {
        const string Source = "public record C(int A);";
        DeltaResult To(string old, string edited, bool isReferenced = false) => new Difference(CompiledAssembly.From("Edited", Source)) { Around = new DeltaSurroundings(new HashSet<string>(), isReferenced, () => [], () => []) }.To(Source.Replace(old, edited, StringComparison.Ordinal));

        Assert.NotNull(To("C(int A)", "C(long A)").Delta);
        Assert.Contains("C can be seen by other projects", To("C(int A)", "C(long A)", isReferenced: true).Doubt, StringComparison.Ordinal);
        Assert.Contains("C can be seen by other projects", To("public record C(int A)", "internal record C(long A)", isReferenced: true).Doubt, StringComparison.Ordinal); // and was used by them, maybe
    }

    [Theory(Timeout = 60_000)]
    [InlineData("Service : IService", "Service")] // it is one no more
    [InlineData("new State(1)", "new State(2)")] // what the node calls stands within another type
    public void Type_is_left_to_a_load_when_the_node_would_go_on_calling_the_one_before(string old, string edited)
    {
        const string Source = "public record State(int A); public class Outer { public sealed class Service : IService { public void Configure(IServiceBuilder service) { _ = new State(1); } public ValueTask CodeChange(CodeChangeContext change) => default; } }";

        Assert.Contains("Outer configures the service", new Difference(CompiledAssembly.From("Edited", Source)).To(Source.Replace("State(int A)", "State(long A)", StringComparison.Ordinal).Replace(old, edited, StringComparison.Ordinal)).Doubt, StringComparison.Ordinal);
        var alone = Source.Replace("public class Outer { ", "", StringComparison.Ordinal)[..^2];
        Assert.Contains("Service configures the service", new Difference(CompiledAssembly.From("Edited", alone)).To(alone.Replace("Service : IService", "Service", StringComparison.Ordinal)).Doubt, StringComparison.Ordinal);
    }

    /// <summary>Also where what is made anew gets to it through what stays.</summary>
    [Fact(Timeout = 60_000)]
    public void Type_is_left_to_a_load_when_code_of_the_service_uses_a_package()
    {
        const string Source = "public record C(int A); public class Wraps { public object At(object one) => Looks.At(one); } public class E { public object Name() => new Wraps().At(new C(1)); }";
        var package = CompiledAssembly.From("Some.Package", "public static class Looks { public static object At(object one) => one.GetType().Name; }");
        DeltaResult To(string edited) => new Difference(CompiledAssembly.From("Edited", Source, package)).To(edited);

        Assert.Contains("Some.Package may go by the names of types", To(Source.Replace("C(int A)", "C(long A)", StringComparison.Ordinal)).Doubt, StringComparison.Ordinal);
        Assert.True(To(Source.Replace("=> Looks.At(one);", "=> Looks.At(this);", StringComparison.Ordinal)).Delta is { Apart: false });

        const string Plain = "public record C(int A); public class E { public object Name() { return new C(1); } }";
        var difference = new Difference(CompiledAssembly.From("Edited", Plain, package));
        Assert.True(difference.To(Plain.Replace("C(int A)", "C(long A)", StringComparison.Ordinal)).Delta is { Apart: true });
        Assert.Contains("Some.Package may go by the names of types", difference.To(Plain.Replace("C(int A)", "C(short A)", StringComparison.Ordinal).Replace("return new C(1);", "return Looks.At(new C(1));", StringComparison.Ordinal)).Doubt, StringComparison.Ordinal);
    }

    /// <summary>The runtime looks more than 25 of them up by an index that it does not add to.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData("public enum Level { Low }", "Low", "Low, High", "names of Level")]
    [InlineData("public record Level(int A);", "int A", "int A, int B = 3", null)]
    [InlineData("public record Level(int A); public class Reads { public object? Read() => System.Text.Json.JsonSerializer.Deserialize(\"\", System.Text.Json.Serialization.Metadata.JsonMetadataServices.CreateValueInfo<int>(null!, null!)); }", "int A", "int A, int B = 3", "which Deserialize may look for")]
    [InlineData("public record Level(int A);", "(int A);", "(int A) { public object Next => (int a = 3) => a; }", "default of a lambda's parameter")]
    [InlineData("public record Level(int A);", "int A", "int A, string B = \"half \\ud83d of one\"", "default of B")]
    [InlineData("public record Level(int A);", "int A", "int A, char B = '\\ud83d'", "default of B")]
    [InlineData("public class Level(int a) { public int A => a; }", "int a)", "int a, int b = 3)", "whoever makes Level may look for")]
    public void Constants_are_left_to_a_load_when_the_runtime_would_not_find_them(string source, string old, string edited, string? why)
    {
        var before = source + $"public static class Many {{ {string.Concat(Enumerable.Range(0, 30).Select(i => $"public const int C{i} = {i};"))} }}";

        var result = new Difference(CompiledAssembly.From("Edited", before)).To(before.Replace(old, edited, StringComparison.Ordinal));

        if (why is null) Assert.Equal("3", Assert.Single(result.Delta!.Defaults).Value);
        else Assert.Contains(why, result.Doubt ?? "no doubt", StringComparison.Ordinal);
    }

    private static DeltaResult Edit(string old, string edited)
    {
        Assert.Contains(old, Before, StringComparison.Ordinal);
        return new Difference(CompiledAssembly.From("Edited", Before)).To(Before.Replace(old, edited, StringComparison.Ordinal));
    }
}
