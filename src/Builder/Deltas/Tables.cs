using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WatchReload.Builder.Deltas;

/// <summary>Arrays that read-only statics hold. They are as constant as their names say as long as no code of the service writes to one, or gives it to somebody who may. What is not known here may.</summary>
/// <param name="names">Those of the statics and members.</param>
internal sealed class Tables(IReadOnlySet<string> names)
{
    /// <summary>Called on the array itself.</summary>
    private static readonly HashSet<string> Writers = new(StringComparer.Ordinal) { "SetValue", "AsSpan", "AsMemory", "Initialize", "Reverse", "Sort", "Fill", "Clear", "Shuffle", "Replace", "Swap" };

    /// <summary>Called with it.</summary>
    private static readonly HashSet<string> Readers = new(StringComparer.Ordinal)
    {
        "nameof", "Join", "Concat", "Split", "Trim", "TrimStart", "TrimEnd", "StartsWith", "EndsWith", "IndexOf", "LastIndexOf", "IndexOfAny", "LastIndexOfAny", "Contains", "ContainsAny", "ContainsAnyExcept", "BinarySearch", "Exists",
        "Find", "FindAll", "FindIndex", "FindLast", "TrueForAll", "ConvertAll", "SequenceEqual", "Equals", "Create", "CreateRange", "AddRange", "UnionWith", "IntersectWith", "ExceptWith", "IsSubsetOf", "IsSupersetOf", "Overlaps",
        "GetItems", "Zip", "Except", "Union", "Intersect", "Write", "WriteLine", "WriteAsync", "Send", "SendAsync", "SendTo", "Append", "AppendJoin", "AppendLine", "GetString", "Format", "HashData", "ToHexString", "ToHexStringLower", "ToBase64String", "FromResult",
        "HashSet", "List", "SortedSet", "Queue", "Stack", "Dictionary", "ReadOnlyCollection", "ReadOnlyMemory", "ReadOnlySpan", "ReadOnlySequence", "MemoryStream",
    };

    private static readonly HashSet<string> Views = new(StringComparer.Ordinal) { "IEnumerable", "IReadOnlyList", "IReadOnlyCollection", "ReadOnlySpan", "ReadOnlyMemory", "ImmutableArray" };

    // By tree: an edit makes one tree another, and the others stay the same objects.
    private readonly ConditionalWeakTable<SyntaxTree, StrongBox<string?>> _written = [];

    /// <summary>A table that is none in these texts; null when all of them are.</summary>
    public string? FirstWritten(IEnumerable<SyntaxTree> texts, CancellationToken cancellation) => names.Count == 0 ? null
        : texts.Select(tree => _written.GetValue(tree, _ => new StrongBox<string?>(WrittenIn(tree, cancellation))).Value).FirstOrDefault(name => name is not null) is { } written
            ? $"the elements of {written} may hold what code has put there"
            : null;

    private string? WrittenIn(SyntaxTree tree, CancellationToken cancellation) => !names.Overlaps(KnownNames.Of(tree, cancellation)) ? null
        : tree.GetRoot(cancellation).DescendantNodes().OfType<IdentifierNameSyntax>().FirstOrDefault(name => names.Contains(name.Identifier.ValueText) && !IsRead(name))?.Identifier.ValueText;

    private static bool IsRead(IdentifierNameSyntax name)
    {
        if (name.Parent is NameColonSyntax or NameEqualsSyntax)
            return true;
        var one = Whole(name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name);
        return one.Parent switch
        {
            ElementAccessExpressionSyntax element => element.Expression == one ? IsTaken(Whole(element)) : true, // as an index it is a number
            MemberAccessExpressionSyntax asked => !Writers.Contains(asked.Name.Identifier.ValueText),
            ForEachStatementSyntax loop => loop.Expression == one && loop.Type is not RefTypeSyntax,
            FromClauseSyntax or SpreadElementSyntax or IsPatternExpressionSyntax => true,
            BinaryExpressionSyntax compared => compared.RawKind is (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression,
            AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } member => member.Left == one,
            ArgumentSyntax { RefKindKeyword.RawKind: 0, Parent.Parent: { } call } => Called(call) is { } called && Readers.Contains(called),
            ArrowExpressionClauseSyntax or ReturnStatementSyntax => IsView(one.FirstAncestorOrSelf<MemberDeclarationSyntax>() switch
            {
                MethodDeclarationSyntax method when !one.Ancestors().TakeWhile(outer => outer != method).Any(outer => outer is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax) => method.ReturnType,
                BasePropertyDeclarationSyntax property => property.Type,
                _ => null,
            }),
            EqualsValueClauseSyntax { Parent.Parent: VariableDeclarationSyntax declared } => IsView(declared.Type),
            EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax property } => IsView(property.Type),
            _ => false,
        };
    }

    /// <summary>An element, whose value is wanted.</summary>
    private static bool IsTaken(SyntaxNode element) => element.Parent switch
    {
        AssignmentExpressionSyntax assigned => assigned.Left != element,
        PrefixUnaryExpressionSyntax unary => unary.RawKind is not ((int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression or (int)SyntaxKind.AddressOfExpression),
        PostfixUnaryExpressionSyntax unary => unary.RawKind is not ((int)SyntaxKind.PostIncrementExpression or (int)SyntaxKind.PostDecrementExpression),
        ArgumentSyntax argument => argument.RefKindKeyword.RawKind == 0 && argument.Parent is not TupleExpressionSyntax { Parent: AssignmentExpressionSyntax },
        RefExpressionSyntax => false,
        _ => true,
    };

    private static SyntaxNode Whole(SyntaxNode node)
    {
        while (node.Parent is ParenthesizedExpressionSyntax or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression })
            node = node.Parent;
        return node;
    }

    private static string? Called(SyntaxNode call) => call switch
    {
        InvocationExpressionSyntax { Expression: SimpleNameSyntax name } => name.Identifier.ValueText,
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } => access.Name.Identifier.ValueText,
        ObjectCreationExpressionSyntax { Type: SimpleNameSyntax name } => name.Identifier.ValueText,
        ObjectCreationExpressionSyntax { Type: QualifiedNameSyntax name } => name.Right.Identifier.ValueText,
        _ => null,
    };

    private static bool IsView(TypeSyntax? type) => type is GenericNameSyntax named && Views.Contains(named.Identifier.ValueText)
        || type is QualifiedNameSyntax { Right: GenericNameSyntax right } && Views.Contains(right.Identifier.ValueText);
}
