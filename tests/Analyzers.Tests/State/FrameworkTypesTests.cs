using System.Globalization;
using Microsoft.CodeAnalysis;
using NodeKinds = WatchReload.Hosting.Upgrading.Mapping.DataKinds;
using NodeMember = WatchReload.Hosting.Upgrading.Mapping.DataMember;

namespace WatchReload.Analyzers.Tests.State;

/// <summary>Over all public types of the frameworks: the analyzer sees reference assemblies, the node the real ones.</summary>
public sealed class FrameworkTypesTests
{
    /// <summary>It has a number where its reference assembly has a reference: the analyzer warns, the node does not mind.</summary>
    private const string Pretender = "System.Net.Quic.QuicStreamCapacityChangedArgs";

    [Fact(Timeout = 60_000)]
    public Task Kind_of_every_type_is_the_nodes()
    {
        var types = Public().Where(t => t.Type.FullName != Pretender).ToList();
        Assert.True(types.Count > 2000, types.Count.ToString(CultureInfo.InvariantCulture));
        var different = types.Select(t => (t.Type, Analyzer: DataKinds.Of(t.Symbol), Node: NodeKinds.Of(t.Type))).Where(t => t.Analyzer.ToString() != t.Node.ToString());
        Assert.Equal("", string.Join('\n', different.Select(t => $"{t.Type}: {t.Analyzer}, node: {t.Node}")));
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Bases_that_are_said_to_have_no_fields_have_none()
    {
        var compilation = Analyzed.Compile("");
        foreach (var name in FrameworkShapes.BareBases)
        {
            var type = Type.GetType($"{name}, {compilation.GetTypeByMetadataName(name)!.ContainingAssembly.Name}", throwOnError: true)!;
            for (var t = type; t is not null; t = t.BaseType) Assert.Empty(NodeMember.Of(t));
        }

        return Task.CompletedTask;
    }

    /// <summary>Generic types closed over numbers, where they allow it.</summary>
    private static IEnumerable<(INamedTypeSymbol Symbol, Type Type)> Public()
    {
        var compilation = Analyzed.Compile("");
        var (types, number) = (new AssemblyTypes(), compilation.GetSpecialType(SpecialType.System_Int32));
        foreach (var assembly in compilation.SourceModule.ReferencedAssemblySymbols.Where(a => a.Name.StartsWith("System.", StringComparison.Ordinal)))
        {
            foreach (var symbol in types.All(assembly).Where(t => IsVisible(t) && t.ContainingType is not { Arity: > 0 }))
            {
                if (Type.GetType($"{symbol.MetadataFullName()}, {assembly.Name}") is not { } type) continue;
                if (symbol.Arity == 0) yield return (symbol, type);
                else if (Close(type) is { } closed) yield return (symbol.Construct([.. Enumerable.Repeat(number, symbol.Arity)]), closed);
            }
        }
    }

    private static Type? Close(Type type)
    {
        try
        {
            return type.MakeGenericType([.. Enumerable.Repeat(typeof(int), type.GetGenericArguments().Length)]);
        }
        catch (ArgumentException)
        {
            return null; // its constraints allow no number
        }
    }

    private static bool IsVisible(INamedTypeSymbol type) => type.DeclaredAccessibility == Accessibility.Public && !type.IsStatic && (type.ContainingType is null || IsVisible(type.ContainingType));
}
