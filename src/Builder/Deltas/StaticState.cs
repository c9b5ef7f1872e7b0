using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WatchReload.Builder.Deltas;

/// <summary>
/// Static fields begin afresh when an assembly is loaded, and stay as they are under a delta. So a delta has the effect of a load only when no static can hold what code has
/// put or computed there: constants, and read-only fields of values that nobody can change, made by frameworks and packages alone. What could be changed is a table as long as no code writes to it
/// (<see cref="Tables"/>), and what the platform's own generators make is careful.
/// </summary>
internal sealed class StaticState
{
    private static readonly string[] CarefulGenerators = ["System.Text.Json.SourceGeneration", "System.Text.RegularExpressions.Generator", "Microsoft.Extensions.Logging.Generators", "Microsoft.Gen.Logging"];
    private readonly CSharpCompilation _compilation;
    private readonly CancellationToken _cancellation;
    private readonly Tables _tables = new();
    private readonly StaticValues _values;
    private readonly MadeElsewhere _elsewhere;

    public StaticState(CSharpCompilation compilation, IReadOnlySet<string> hotAssemblies, CancellationToken cancellation)
    {
        (_compilation, _cancellation) = (compilation, cancellation);
        _values = new StaticValues(compilation.AssemblyName!, hotAssemblies);
        _elsewhere = new MadeElsewhere(compilation, _values, cancellation);
    }

    /// <summary>The first static that may hold state, or what else a load does and a delta does not; null when there is none.</summary>
    /// <param name="tables">What statics hold that could be changed, which is nothing as long as they are only read.</param>
    public string? First(out Tables tables)
    {
        var doubt = First();
        tables = _tables;
        return doubt;
    }

    private string? First() => _compilation.SyntaxTrees
        .Where(tree => !CarefulGenerators.Any(generator => tree.FilePath.Contains(generator, StringComparison.Ordinal)))
        .SelectMany(tree => Statics(tree.GetRoot(_cancellation)).Select(Doubt))
        .FirstOrDefault(doubt => doubt is not null);

    private static IEnumerable<SyntaxNode> Statics(SyntaxNode root) => root
        .DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax)
        .Where(node => node is MemberDeclarationSyntax member and not BaseTypeDeclarationSyntax && member.Modifiers.Any(SyntaxKind.StaticKeyword));

    private string? Doubt(SyntaxNode member) => member switch
    {
        MethodDeclarationSyntax method when method.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString().Contains("ModuleInitializer", StringComparison.Ordinal)) => $"{method.Identifier.Text} runs when the assembly is loaded",
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
        var model = _compilation.GetSemanticModel(declaration.SyntaxTree);
        if (model.GetTypeInfo(type, _cancellation).Type is not { } declared)
            return Holds(name);
        var isFixed = false;
        if (StaticValues.IsView(declared) && initializer is { Value: var made })
        {
            // A collection expression is of a type of the compiler's own, which nobody can change.
            isFixed = made is CollectionExpressionSyntax && _values.AreArgumentsFixed((INamedTypeSymbol)declared);
            declared = model.GetTypeInfo(made, _cancellation).Type ?? declared;
        }
        var table = _values.TableOf(declared);
        if (table is null && !isFixed && !_values.IsFixed(declared))
            return Holds(name);
        var members = new HashSet<string>(StringComparer.Ordinal);
        if (_values.HasArray(declared, members))
            table ??= TableKind.Array;
        if (table is { } kind)
            _tables.Add(name, OwnerOf(declaration) ?? "", kind);
        foreach (var member in members)
            _tables.Add(member, "", TableKind.Array);
        return initializer is null ? null : _elsewhere.Doubt(initializer, name);
    }

    /// <summary>The type's name, behind which, or in which, the member is alone to be found; null when it may be called by that of one which derives from it.</summary>
    private static string? OwnerOf(SyntaxNode declaration)
    {
        var (member, type) = (declaration.FirstAncestorOrSelf<MemberDeclarationSyntax>()!, declaration.FirstAncestorOrSelf<TypeDeclarationSyntax>()!);
        var isPrivate = !member.Modifiers.Any(modifier => modifier.RawKind is (int)SyntaxKind.PublicKeyword or (int)SyntaxKind.InternalKeyword or (int)SyntaxKind.ProtectedKeyword);
        return isPrivate || type is StructDeclarationSyntax || type.Modifiers.Any(SyntaxKind.StaticKeyword) || type.Modifiers.Any(SyntaxKind.SealedKeyword) ? type.Identifier.ValueText : null;
    }

    public static bool IsAuto(PropertyDeclarationSyntax property) => property.AccessorList?.Accessors.All(accessor => accessor is { Body: null, ExpressionBody: null }) == true;

    private static string Holds(string name) => $"the static {name} may hold what code has put there";
}
