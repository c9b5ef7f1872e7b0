using System.Reflection;
using System.Reflection.Metadata;
using System.Runtime.Loader;
using WatchReload.Builder.Deltas;

namespace WatchReload.Deltas.Tests;

/// <summary>What the runtime does not find in deltas, which is why such edits are loads (adr 30). When one of these fails, the runtime has been mended, and what it stands for in <see cref="DeltaTables"/> may go.</summary>
public sealed class RuntimeGapTests
{
    [Fact(Timeout = 60_000)]
    public void Names_of_an_enum_are_not_found_in_a_later_delta_where_there_are_many_constants()
    {
        var compiled = CompiledAssembly.From("Gaps", Source(0));
        var difference = new Difference(compiled);
        var assembly = Load(compiled);
        Assert.Equal("High", Said(assembly));

        Apply(1);
        Assert.Equal("High", Said(assembly)); // the look that the index is made for
        Apply(2);

        Assert.Equal("3", Said(assembly));

        void Apply(int number)
        {
            var delta = difference.Emit(Source(number), "Level", "Says");
            MetadataUpdater.ApplyUpdate(assembly, delta.Metadata, delta.IL, delta.Symbols);
            Assert.Equal(3, DeltaTables.ConstantsIn(delta.Metadata));
        }
    }

    [Fact(Timeout = 60_000)]
    public void Constraints_of_type_parameters_are_not_found_in_a_delta()
    {
        string Source(int number) => $"public static class Says {{ public static int Number => {number}; public static T Same<T>(T one) where T : IDisposable => one; }}";
        var compiled = CompiledAssembly.From("Gaps", Source(0));
        var difference = new Difference(compiled);
        var assembly = Load(compiled);

        var delta = difference.Emit(Source(1), "Says");
        MetadataUpdater.ApplyUpdate(assembly, delta.Metadata, delta.IL, delta.Symbols);

        Assert.Equal("the runtime does not find constraints of type parameters in a delta", DeltaTables.Missed(delta.Metadata));
        Assert.Empty(assembly.GetType("Says#1")!.GetMethod("Same")!.GetGenericArguments()[0].GetGenericParameterConstraints());
    }

    private static string Said(Assembly assembly) => (string)assembly.GetTypes().Last(type => type.Name.StartsWith("Says", StringComparison.Ordinal)).GetMethod("High")!.Invoke(null, null)!;

    private static string Source(int number) => $$"""
        public enum Level { Low = {{number}}, High, Highest }
        public static class Says { public static string High() => Level.High.ToString(); }
        public static class Many { {{string.Concat(Enumerable.Range(0, 30).Select(i => $"public const int C{i} = {i};"))}} }
        """;

    private static Assembly Load(CompiledAssembly compiled)
    {
        using var image = new MemoryStream(compiled.Image);
        using var symbols = new MemoryStream(compiled.Symbols);
        return new AssemblyLoadContext("gaps", isCollectible: false).LoadFromStream(image, symbols);
    }
}
