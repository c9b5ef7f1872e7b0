using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using WatchReload.Builder.Outputs;

namespace WatchReload.Builder.Deltas;

/// <summary>What a node looks at as it makes a version, and may refuse: what comes with it must not have touched what runs.</summary>
internal static class RefusableTypes
{
    /// <summary>By which code that <c>Configure</c> calls tells what a version is made of.</summary>
    private static readonly HashSet<string> Registering = new(StringComparer.Ordinal) { "IServiceCollection", "ServiceCollection", "IServiceBuilder", "IServiceProvider", "ServiceDescriptor" };

    /// <summary>Why what comes may be refused; null when nothing of it can be.</summary>
    /// <param name="types">Those that come.</param>
    /// <param name="edited">The members that are edited or come beside them: the types that they stand in tell whether services are registered there.</param>
    /// <param name="around">Of the project.</param>
    public static string? First(IReadOnlyList<INamedTypeSymbol> types, IEnumerable<SyntaxNode> edited, DeltaSurroundings around)
    {
        if (types.Count == 0)
            return null;
        var coming = types.SelectMany(EmittedTypes.WithNested).ToHashSet<ISymbol>(SymbolEqualityComparer.Default);
        if (coming.OfType<INamedTypeSymbol>().FirstOrDefault(type => Ancestors(type).Concat(Attributes(type)).Any(IsOfNode)) is { } one)
            return $"{one.Name} may be refused, and what comes with it";
        return edited.Select(member => member.Ancestors().OfType<TypeDeclarationSyntax>().Last()).Distinct().SelectMany(SyntaxTexts.Identifiers).FirstOrDefault(Registering.Contains) is { } services ? $"what is registered by {services} may be refused" : null;

        // Behaviors, and what may stand where a state or a message has something of the service that was there.
        bool IsOfNode(INamedTypeSymbol type) => !coming.Contains(type.OriginalDefinition) && type.ContainingAssembly is { } assembly
            && (assembly.Name == OutputClassifier.ActorsAssembly || around.Hot.Contains(assembly.Name) || SymbolEqualityComparer.Default.Equals(assembly, types[0].ContainingAssembly));
    }

    private static IEnumerable<INamedTypeSymbol> Attributes(INamedTypeSymbol type) => type.GetAttributes().Select(attribute => attribute.AttributeClass).OfType<INamedTypeSymbol>();

    private static IEnumerable<INamedTypeSymbol> Ancestors(INamedTypeSymbol type)
    {
        for (var one = type.BaseType; one is not null; one = one.BaseType)
            yield return one;
        foreach (var one in type.AllInterfaces)
            yield return one;
    }
}
