using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WatchReload.Builder.Deltas;

/// <summary>
/// Static fields begin afresh when an assembly is loaded, and stay as they are under a delta. So a delta has the effect of a load only when no static can hold what code has
/// put or computed there: constants, and read-only fields of values that nobody can change, made by frameworks and packages alone. As for the node,
/// read-only arrays are tables, and what the platform's own generators make is careful.
/// </summary>
internal sealed class StaticState(CSharpCompilation compilation, IReadOnlySet<string> hotAssemblies, CancellationToken cancellation)
{
    private static readonly string[] CarefulGenerators = ["System.Text.Json.SourceGeneration", "System.Text.RegularExpressions.Generator", "Microsoft.Extensions.Logging.Generators", "Microsoft.Gen.Logging"];
    private readonly StaticValues _values = new(compilation.AssemblyName!, hotAssemblies);

    /// <summary>The first static that may hold state; null when there is none.</summary>
    public string? First() => compilation.SyntaxTrees
        .Where(tree => !CarefulGenerators.Any(generator => tree.FilePath.Contains(generator, StringComparison.Ordinal)))
        .SelectMany(tree => Statics(tree.GetRoot(cancellation)).Select(Doubt))
        .FirstOrDefault(doubt => doubt is not null);

    private static IEnumerable<SyntaxNode> Statics(SyntaxNode root) => root
        .DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax)
        .Where(node => node is MemberDeclarationSyntax member and not BaseTypeDeclarationSyntax && member.Modifiers.Any(SyntaxKind.StaticKeyword));

    private string? Doubt(SyntaxNode member) => member switch
    {
        ConstructorDeclarationSyntax constructor => $"{constructor.Identifier.Text} has a static constructor",
        EventFieldDeclarationSyntax e => Holds(e.Declaration.Variables[0].Identifier.Text),
        FieldDeclarationSyntax field => field.Declaration.Variables.Select(variable => Doubt(variable, variable.Identifier.Text, field.Declaration.Type, field.Modifiers.Any(SyntaxKind.ReadOnlyKeyword), variable.Initializer)).FirstOrDefault(doubt => doubt is not null),
        PropertyDeclarationSyntax property when IsAuto(property) => Doubt(property, property.Identifier.Text, property.Type, property.AccessorList!.Accessors.All(accessor => accessor.IsKind(SyntaxKind.GetAccessorDeclaration)), property.Initializer),
        PropertyDeclarationSyntax property when property.DescendantTokens().Any(token => token.ValueText == "field") => Holds(property.Identifier.Text),
        _ => null,
    };

    private string? Doubt(SyntaxNode declaration, string name, TypeSyntax type, bool isReadOnly, EqualsValueClauseSyntax? initializer)
    {
        if (!isReadOnly)
            return Holds(name);
        var model = compilation.GetSemanticModel(declaration.SyntaxTree);
        if (model.GetTypeInfo(type, cancellation).Type is not { } declared || !_values.IsFixed(declared))
            return Holds(name);
        return initializer is null || IsMadeElsewhere(initializer, model, 0) ? null : $"the static {name} is computed by code of the service";
    }

    /// <summary>Whether an initializer runs no code of hot assemblies, but for constructors that only take what they are given.</summary>
    private bool IsMadeElsewhere(SyntaxNode initializer, SemanticModel model, int depth) => depth < 8 && initializer.DescendantNodes().OfType<ExpressionSyntax>().All(expression =>
    {
        cancellation.ThrowIfCancellationRequested();
        var found = model.GetSymbolInfo(expression, cancellation);
        if (expression is TypeOfExpressionSyntax taken && CodeInspection.MayFollow(taken))
            return false;
        return found.CandidateSymbols.IsEmpty && found.Symbol switch
        {
            ISymbol symbol when CodeInspection.Is(symbol) => false,
            null or INamespaceOrTypeSymbol or ILocalSymbol or IParameterSymbol or IRangeVariableSymbol or IDiscardSymbol or ILabelSymbol => true,
            ISymbol symbol when !_values.IsHot(symbol) => true,
            IFieldSymbol field => field.IsConst || field is { IsStatic: true, IsReadOnly: true },
            IPropertySymbol { IsStatic: true, SetMethod: null } property => property.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax(cancellation) is PropertyDeclarationSyntax declared && IsAuto(declared)),
            IMethodSymbol { MethodKind: MethodKind.Constructor } constructor => IsPlain(constructor, depth),
            IMethodSymbol { MethodKind: MethodKind.AnonymousFunction } => true,
            _ => false,
        };
    });

    /// <summary>A constructor without a body, of a type whose initializers are made elsewhere too.</summary>
    private bool IsPlain(IMethodSymbol constructor, int depth)
    {
        if (constructor.ContainingType.Locations.All(location => !location.IsInSource) || constructor.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax(cancellation) is ConstructorDeclarationSyntax))
            return false;
        return constructor.ContainingType.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellation)).OfType<TypeDeclarationSyntax>().All(type =>
            type.Members.Where(member => !member.Modifiers.Any(SyntaxKind.StaticKeyword)).SelectMany(Initializers).All(initializer => IsMadeElsewhere(initializer, compilation.GetSemanticModel(initializer.SyntaxTree), depth + 1))
            && (type.BaseList is null || type.BaseList.Types.OfType<PrimaryConstructorBaseTypeSyntax>().All(taken => IsMadeElsewhere(taken, compilation.GetSemanticModel(taken.SyntaxTree), depth + 1))));
    }

    private static IEnumerable<SyntaxNode> Initializers(MemberDeclarationSyntax member) => member switch
    {
        FieldDeclarationSyntax field => field.Declaration.Variables.Select(variable => variable.Initializer).OfType<SyntaxNode>(),
        PropertyDeclarationSyntax { Initializer: { } initializer } => [initializer],
        _ => [],
    };

    private static bool IsAuto(PropertyDeclarationSyntax property) => property.AccessorList?.Accessors.All(accessor => accessor is { Body: null, ExpressionBody: null }) == true;

    private static string Holds(string name) => $"the static {name} may hold what code has put there";
}
