using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WatchReload.Builder.Deltas;

/// <summary>
/// A type keeps a parameter of its primary constructor in a field when a body of one of its members uses it. Objects that are there already do not get such a field filled, so
/// the type must keep the same ones before and after.
/// </summary>
internal static class CapturedParameters
{
    /// <summary>Of the parameters that these bodies mention, the first that is kept in one state of the type and not in the other.</summary>
    /// <param name="old">The state before.</param>
    /// <param name="now">The state after.</param>
    /// <param name="type">The type after.</param>
    /// <param name="bodies">Old and new ones.</param>
    /// <param name="cancellation">Breaks it off.</param>
    public static string? FirstDifference(Compilation old, Compilation now, INamedTypeSymbol type, IReadOnlyList<SyntaxNode> bodies, CancellationToken cancellation)
    {
        var parameters = Parameters(type);
        var mentioned = parameters.Count == 0 ? [] : parameters.Where(parameter => bodies.Any(body => Mentions(body, parameter.Name))).ToList();
        if (mentioned.Count == 0)
            return null;
        // Its full name is the same, and its parameters are: declarations are.
        var before = old.Assembly.GetTypeByMetadataName(MetadataName(type)) is { } known ? Parameters(known) : [];
        return mentioned.Find(parameter => before.Find(one => one.Name == parameter.Name) is not { } was || IsKept(was, old, cancellation) != IsKept(parameter, now, cancellation))?.Name;
    }

    private static List<IParameterSymbol> Parameters(INamedTypeSymbol type) => [.. type.InstanceConstructors
        .Where(constructor => constructor.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax() is TypeDeclarationSyntax))
        .SelectMany(constructor => constructor.Parameters)];

    /// <summary>The full name, nested types with a plus sign.</summary>
    public static string MetadataName(INamedTypeSymbol type) => type.ContainingType is { } outer ? $"{MetadataName(outer)}+{type.MetadataName}"
        : type.ContainingNamespace is { IsGlobalNamespace: false } space ? $"{space.ToDisplayString()}.{type.MetadataName}" : type.MetadataName;

    private static bool IsKept(IParameterSymbol parameter, Compilation compilation, CancellationToken cancellation) => parameter.ContainingType.DeclaringSyntaxReferences
        .Select(reference => reference.GetSyntax(cancellation)).OfType<TypeDeclarationSyntax>()
        .SelectMany(declaration => declaration.Members).SelectMany(Bodies)
        .Where(body => Mentions(body, parameter.Name))
        .Any(body => Uses(body, parameter, compilation.GetSemanticModel(body.SyntaxTree), cancellation));

    private static bool Uses(SyntaxNode body, IParameterSymbol parameter, SemanticModel model, CancellationToken cancellation) => body.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name =>
        name.Identifier.ValueText == parameter.Name && !IsNameOnly(name) && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name, cancellation).Symbol, parameter));

    /// <summary>Within <c>nameof</c>, which keeps nothing.</summary>
    private static bool IsNameOnly(SyntaxNode name) => name.Ancestors().Any(node => node is InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" } });

    /// <summary>Not initializers: these run in the constructor.</summary>
    private static IEnumerable<SyntaxNode> Bodies(MemberDeclarationSyntax member) => member switch
    {
        BaseMethodDeclarationSyntax => [member],
        BasePropertyDeclarationSyntax => member.ChildNodes().Where(child => child is AccessorListSyntax or ArrowExpressionClauseSyntax),
        _ => [],
    };

    private static bool Mentions(SyntaxNode body, string name) => SyntaxTexts.Identifiers(body).Contains(name);
}
