using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using WatchReload.Builder.Outputs;

namespace WatchReload.Builder.Deltas;

/// <summary>Why a method cannot be added to a type that is loaded with the same effect as loading it anew.</summary>
/// <remarks>
/// Theory of operation. The method's name is new to all code of the service (<see cref="KnownNames"/>), so no body that stays can come to call it. What is left are those who
/// find a method without its name being written: the language's patterns, interfaces and base types of other assemblies, and whoever looks through the members of
/// types. For those a load makes new types, of which nobody knows anything yet, and a delta adds to types that they may have looked at already. What they look at is a doubt.
/// </remarks>
internal sealed class AddedMethodDoubt(CSharpCompilation now, DeltaSurroundings around, bool warningsAreErrors, CancellationToken cancellation)
{
    private const string Actors = OutputClassifier.ActorsAssembly;
    private static readonly SyntaxKind[] Plain = [SyntaxKind.PublicKeyword, SyntaxKind.PrivateKeyword, SyntaxKind.ProtectedKeyword, SyntaxKind.InternalKeyword, SyntaxKind.StaticKeyword, SyntaxKind.AsyncKeyword];
    private static readonly string[] Inert = ["System.Diagnostics", "System.Diagnostics.CodeAnalysis", "System.Text.Json.Serialization", Actors];
    private static readonly string[] FoundByEnding = ["Controller", "ViewComponent", "Startup"];

    public string? Of(MethodDeclarationSyntax declaration, IMethodSymbol method) => OfDeclaration(declaration, method.Name)
        ?? BodyDoubt.OfPlace(method, BodyEdit.BodyOf(declaration)!)
        ?? OfType(method)
        ?? OfVisibility(method)
        ?? (warningsAreErrors ? StrictDoubt.Of(now, declaration, cancellation) : null);

    private static string? OfDeclaration(MethodDeclarationSyntax declaration, string name) =>
        BodyEdit.BodyOf(declaration) is null || declaration.ExplicitInterfaceSpecifier is not null ? $"the added {name} is more than a method of its own"
        : declaration.Modifiers.Where(modifier => !Plain.Contains(modifier.Kind())).Select(modifier => modifier.Text).FirstOrDefault() is { } modifier ? $"the added {name} is {modifier}"
        : declaration.ParameterList.Parameters.Any(parameter => parameter.Modifiers.Any(SyntaxKind.ThisKeyword)) ? $"the added {name} extends another type"
        : declaration.DescendantNodes().Any(node => node is AttributeListSyntax) ? $"the added {name} has attributes"
        : LookedUpNames.Has(name) ? $"the added {name} has a name that is looked up without being written"
        : null;

    private string? OfType(IMethodSymbol method)
    {
        if (StandIn.Is(method.ContainingType))
            return $"{method.ContainingType.Name} stands in for a type of the platform";
        return Heirs(method.ContainingType).Select(type => OfType(type, method.Name)).FirstOrDefault(doubt => doubt is not null);
    }

    private string? OfType(INamedTypeSymbol type, string name)
    {
        if (FoundByEnding.Any(ending => type.Name.EndsWith(ending, StringComparison.Ordinal)))
            return $"types named as {type.Name} is are looked through by frameworks";
        if (type.AllInterfaces.FirstOrDefault(implemented => !implemented.GetMembers(name).IsEmpty) is { } promised)
            return $"the added {name} may implement {promised.Name}";
        for (var one = type; one is not null; one = one.BaseType)
        {
            var isOwn = SymbolEqualityComparer.Default.Equals(one.ContainingAssembly, now.Assembly);
            if (!isOwn && !one.GetMembers(name).IsEmpty)
                return $"the added {name} hides that of {one.Name}";
            if (!isOwn && !around.Hot.Contains(one.ContainingAssembly.Name))
            {
                if (!IsUnreflected(one))
                    return $"{one.Name}, which {type.Name} derives from, may look at its methods";
            }
            else if (one.GetAttributes().FirstOrDefault(attribute => !IsInert(attribute, isOwn)) is { } attribute)
                return $"{attribute.AttributeClass?.Name} of {one.Name} may stand for a look at its methods";
        }
        return null;
    }

    private static bool IsUnreflected(INamedTypeSymbol type) => type.SpecialType is SpecialType.System_Object or SpecialType.System_ValueType
        || type.ContainingAssembly.Name == Actors || type.ToDisplayString() == "Microsoft.Extensions.Hosting.BackgroundService";

    /// <summary>In what is compiled already there are the compiler's own attributes as well.</summary>
    private static bool IsInert(AttributeData attribute, bool isSource) => attribute.AttributeClass?.ContainingNamespace?.ToDisplayString() is { } space
        && (Inert.Contains(space) || !isSource && space == "System.Runtime.CompilerServices");

    /// <summary>Packages, and projects that this one does not know of: what they have found out about types they may keep.</summary>
    private string? OfVisibility(IMethodSymbol method)
    {
        if (method.DeclaredAccessibility == Accessibility.Public && now.SourceModule.ReferencedAssemblies.Select(assembly => assembly.Name).FirstOrDefault(around.IsPackage) is { } package)
            return $"{package} may have looked for public methods before {method.Name} was added";
        return around.IsReferenced && Visibility.IsSeenOutside(method, now) ? $"the added {method.Name} can be seen by other projects" : null;
    }

    /// <summary>The type, and what derives from it.</summary>
    private IEnumerable<INamedTypeSymbol> Heirs(INamedTypeSymbol type) => type.IsSealed || type.IsStatic || type.IsValueType ? [type] : Types(now.Assembly.GlobalNamespace).Where(other => Derives(other, type));

    private IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol container)
    {
        cancellation.ThrowIfCancellationRequested();
        foreach (var member in container.GetMembers().OfType<INamespaceOrTypeSymbol>())
        {
            if (member is INamedTypeSymbol type)
                yield return type;
            foreach (var inner in Types(member))
                yield return inner;
        }
    }

    private static bool Derives(INamedTypeSymbol type, INamedTypeSymbol from)
    {
        for (var one = type; one is not null; one = one.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(one.OriginalDefinition, from))
                return true;
        }
        return false;
    }
}
