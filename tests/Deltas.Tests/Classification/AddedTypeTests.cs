using WatchReload.Builder.Deltas;

namespace WatchReload.Deltas.Tests.Classification;

/// <summary>Which types may come with a delta.</summary>
public sealed class AddedTypeTests
{
    private const string Before = """
        namespace Edited;
        public record State(int Count);
        public class Uses { public string Text() { return "Old"; } /* here */ }
        public sealed class Service : IService
        {
            public void Configure(IServiceBuilder service) { _ = new State(1); }
            public ValueTask CodeChange(CodeChangeContext change) => default;
        }
        """;

    [Theory(Timeout = 60_000)]
    [InlineData("public class More { public int One() { return 1; } }", "return new More().One().ToString();", false)]
    [InlineData("public class More { }", "return \"Old\";", true)] // nothing that runs is another
    [InlineData("public record More(int A, string B = \"x\"); public interface IMore; public enum Much { Low, High }", "return new More(1) + \"\" + Much.High;", false)]
    [InlineData("internal static class More { public static string Longer(this string text) => text + text; }", "return \"Old\".Longer();", false)]
    [InlineData("public class More(State state) { public State At => state; }", "return new More(new State(1)).At.ToString();", false)]
    [InlineData("public sealed class More : Exception { public More() { } public More(string text) : base(text) { } public More(string text, Exception inner) : base(text, inner) { } }", "throw new More();", false)]
    public void Type_comes_with_the_bodies_that_use_it(string type, string body, bool isApart)
    {
        var result = new Difference(CompiledAssembly.From("Edited", Before)).To(Before.Replace("return \"Old\";", body, StringComparison.Ordinal) + type);

        Assert.Null(result.Doubt);
        Assert.Equal(isApart, result.Delta!.Apart);
        Assert.Equal(type.Split("record ")[^1] == type ? 1 : 3, result.Delta.Remade.Count);
        Assert.All(result.Delta.Remade, name => Assert.StartsWith("Edited.", name, StringComparison.Ordinal));
    }

    /// <summary>Nothing that runs is touched for it.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData("public class More : IShape { }", "_ = new More();")]
    [InlineData("[FormerName(\"Gone\")] public record More(int A);", "_ = new More(1);")]
    [InlineData("public class More { }", "services.AddSingleton<More>();")]
    public void Types_of_bodies_are_made_anew_with_a_type_that_a_node_may_refuse(string type, string body)
    {
        const string Source = "namespace Edited; public interface IShape; public static class Setup { public static void AddMine(this Microsoft.Extensions.DependencyInjection.IServiceCollection services) { } }";
        var result = new Difference(CompiledAssembly.From("Edited", Source)).To("using Microsoft.Extensions.DependencyInjection; " + Source.Replace("{ }", $"{{ {body} }}", StringComparison.Ordinal) + type);

        Assert.True(result.Delta is { Apart: true }, result.Doubt);
        Assert.Equal(["Edited.IShape", "Edited.More", "Edited.Setup"], result.Delta.Remade.Order(StringComparer.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public void Type_comes_with_types_that_are_made_anew()
    {
        var result = new Difference(CompiledAssembly.From("Edited", Before)).To(Before.Replace("State(int Count)", "State(int Count, Colour Of = default)", StringComparison.Ordinal) + "public enum Colour { Red, Blue }");

        Assert.Null(result.Doubt);
        Assert.True(result.Delta!.Apart);
        Assert.Equal(["Edited.Colour", "Edited.State"], result.Delta.Remade.Order(StringComparer.Ordinal));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("public class Count { }", "code has the name Count already")]
    [InlineData("public class Old { }", "code has the name Old already")] // a text may be taken for a name
    [InlineData("public class OldAttribute : Attribute { }", "code has the name Old already")]
    [InlineData("public static class More { public static string Text(this string text) => text; }", "code has the name Text already")]
    [InlineData("public class More<T> { }", "More is generic")]
    [InlineData("file class More { }", "the file's own")]
    [InlineData("public class More : IService { public void Configure(IServiceBuilder service) { } public ValueTask CodeChange(CodeChangeContext change) => default; }", "More configures the service")]
    [InlineData("public static class More { [System.Runtime.CompilerServices.ModuleInitializer] public static void Begin() { } }", "runs when the assembly is loaded")]
    [InlineData("public static class More { [global::System.Runtime.CompilerServices.ModuleInitializer()] public static void Begin() { } }", "runs when the assembly is loaded")]
    [InlineData("public class More { public int Size => GetType().Assembly.GetTypes().Length; }", "may come upon types")]
    [InlineData("public class More { public string Name => typeof(More).Name; }", "typeof(More) may be asked for its name")]
    [InlineData("[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit)] public struct More { [System.Runtime.InteropServices.FieldOffset(0)] public int X; }", "layouts")]
    [InlineData("public class More { public Nowhere? At; }", "does not compile")]
    [InlineData("public partial class State { }", "something came or went")]
    public void Type_is_left_to_a_load_when_it_could_be_found_or_meant_by_what_stays(string type, string why)
    {
        var result = new Difference(CompiledAssembly.From("Edited", Before)).To(Before + type);

        Assert.Contains(why, result.Doubt ?? "no doubt", StringComparison.Ordinal);
        Assert.Null(result.Delta);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("namespace Edited; public class More { }", null)]
    [InlineData("using System.Text; using More2 = System.Int32; namespace Edited.Parts; public class More { public More2 At; }", null)]
    [InlineData("#nullable disable\nnamespace Edited { namespace Parts { public class More { } } }", null)]
    [InlineData("namespace Edited.Count; public class More { }", "code has the name Count already, which a namespace has now")]
    [InlineData("namespace Edited { namespace Count { public class More { } } }", "code has the name Count already, which a namespace has now")]
    [InlineData("global using More2 = System.Int32; namespace Edited; public class More { }", "concerns more than itself")]
    [InlineData("[assembly: System.Reflection.AssemblyMetadata(\"a\", \"b\")] namespace Edited; public class More { }", "concerns more than itself")]
    [InlineData("using Init = System.Runtime.CompilerServices.ModuleInitializerAttribute; namespace Edited; internal static class More { [Init] internal static void Begin() { } }", "More runs when the assembly is loaded")]
    [InlineData("namespace Edited; public class Uses { }", "does not compile|was declared elsewhere")]
    public void File_may_come_with_types_alone(string file, string? why)
    {
        var result = new Difference(CompiledAssembly.From("Edited", Before)).To(Before, file);

        if (why is null) Assert.True(result.Delta is { Apart: true, Remade: [_] }, result.Doubt);
        else Assert.Contains(why.Split('|'), part => (result.Doubt ?? "no doubt").Contains(part, StringComparison.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public void Type_is_left_to_a_load_when_other_projects_could_see_it_or_a_package_is_used()
    {
        const string Source = "public class C { public object One() { return 1; } }";
        var referenced = new Difference(CompiledAssembly.From("Edited", Source)) { Around = new DeltaSurroundings(new HashSet<string>(), IsReferenced: true, () => [], () => []) };
        Assert.Contains("More can be seen by other projects", referenced.To(Source + " public class More { }").Doubt, StringComparison.Ordinal);
        Assert.Null(referenced.To(Source + " internal class More { }").Doubt);

        var package = CompiledAssembly.From("Some.Package", "public static class Looks { public static object At(object one) => one.GetType().Name; }");
        const string Using = "public class C { public object One() { return Looks.At(1); } }";
        Assert.Contains("Some.Package may go by the names of types", new Difference(CompiledAssembly.From("Edited", Using, package)).To(Using + " public class More { }").Doubt, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("public class More { private int _x; public void Set() { _x = 1; } }", "_x may be unused now")]
    [InlineData("public class More { private int _x; public int Set() { return _x = 1; } public int Get() { return _x; } }", null)]
    public void Type_is_left_to_a_load_when_warnings_are_errors_and_there_may_be_one(string type, string? why)
    {
        var result = new Difference(CompiledAssembly.From("Edited", Before)).To(Before + type, warningsAreErrors: true);

        if (why is null) Assert.Null(result.Doubt);
        else Assert.Contains(why, result.Doubt ?? "no doubt", StringComparison.Ordinal);
    }
}
