using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WatchReload.Builder.Deltas;

/// <summary>Arrays that read-only statics hold. They are as constant as their names say as long as no code of the service writes to one, or gives it to somebody who may. What is not known here may.</summary>
internal sealed class Tables
{
    /// <summary>Called on the array itself.</summary>
    private static readonly HashSet<string> Writers = new(StringComparer.Ordinal) { "SetValue", "AsSpan", "AsMemory", "Initialize", "Reverse", "Sort", "Fill", "Clear", "Shuffle", "Replace", "Swap" };

    /// <summary>Called with it.</summary>
    private static readonly HashSet<string> Readers = new(StringComparer.Ordinal)
    {
        "nameof", "Join", "Concat", "Split", "Trim", "TrimStart", "TrimEnd", "StartsWith", "EndsWith", "IndexOf", "LastIndexOf", "IndexOfAny", "LastIndexOfAny", "Contains", "ContainsAny", "ContainsAnyExcept", "BinarySearch", "Exists",
        "Find", "FindAll", "FindIndex", "FindLast", "TrueForAll", "ConvertAll", "SequenceEqual", "Equals", "AddRange", "UnionWith", "IntersectWith", "ExceptWith", "IsSubsetOf", "IsSupersetOf", "Overlaps",
        "GetItems", "Zip", "Except", "Union", "Intersect", "Write", "WriteLine", "WriteAsync", "Send", "SendAsync", "SendTo", "Append", "AppendJoin", "AppendLine", "GetString", "Format", "HashData", "ToHexString", "ToHexStringLower", "ToBase64String",
        "HashSet", "List", "SortedSet", "Queue", "Stack", "Dictionary", "ReadOnlyCollection", "ReadOnlyMemory", "ReadOnlySpan", "ReadOnlySequence",
    };

    private static readonly HashSet<string> Views = new(StringComparer.Ordinal) { "IEnumerable", "IReadOnlyList", "IReadOnlyCollection", "ReadOnlySpan", "ReadOnlyMemory", "ImmutableArray" };

    private readonly Dictionary<string, HashSet<string>> _owners = new(StringComparer.Ordinal);

    /// <param name="name">Of a static.</param>
    /// <param name="owner">The simple name of its type, when nothing derives from that; empty: it may be called otherwise.</param>
    public void Add(string name, string owner)
    {
        if (!_owners.TryGetValue(name, out var owners))
            _owners[name] = owners = new HashSet<string>(StringComparer.Ordinal);
        owners.Add(owner);
    }

    /// <summary>A table that is none in these texts; null when all of them are.</summary>
    public string? FirstWritten(IEnumerable<SyntaxTree> texts, CancellationToken cancellation)
    {
        if (_owners.Count == 0)
            return null;
        var all = texts.ToList();
        return all.Select(tree => WrittenIn(tree, all, cancellation)).FirstOrDefault(name => name is not null) is { } written ? $"the elements of {written} may hold what code has put there" : null;
    }

    private string? WrittenIn(SyntaxTree tree, List<SyntaxTree> all, CancellationToken cancellation)
    {
        var known = KnownNames.Of(tree, cancellation);
        if (!_owners.Keys.Any(known.Contains))
            return null;
        return tree.GetRoot(cancellation).DescendantNodes().OfType<IdentifierNameSyntax>()
            .FirstOrDefault(name => _owners.TryGetValue(name.Identifier.ValueText, out var owners) && MayBe(name, owners, known) && !IsRead(name, IsOwn))?.Identifier.ValueText;

        bool IsOwn(string method) => all.Exists(other => EarlierObjects.Declares(other, method, cancellation));
    }

    /// <summary>Whether the name may be that of one of these types' static: it stands behind the type's name, or by itself in a file that knows the type.</summary>
    private static bool MayBe(IdentifierNameSyntax name, HashSet<string> owners, IReadOnlySet<string> known) => owners.Contains("")
        || (name.Parent is MemberAccessExpressionSyntax access && access.Name == name
            ? access.Expression is SimpleNameSyntax { Identifier.ValueText: var type } && (owners.Contains(type) || IsAlias(name, type)) || access.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: var nested } && owners.Contains(nested)
            : name.Parent is not (QualifiedNameSyntax or TypeArgumentListSyntax or NameColonSyntax or NameEqualsSyntax) && owners.Overlaps(known));

    private static bool IsAlias(SyntaxNode node, string name) => node.SyntaxTree.GetRoot().DescendantNodes(inner => inner is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax).OfType<UsingDirectiveSyntax>().Any(one => one.Alias?.Name.Identifier.ValueText == name);

    private static bool IsRead(IdentifierNameSyntax name, Func<string, bool> isOwn)
    {
        if (name.Parent is NameColonSyntax or NameEqualsSyntax)
            return true;
        var one = Whole(name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name);
        return one.Parent switch
        {
            ElementAccessExpressionSyntax element => element.Expression == one ? IsTaken(Whole(element)) : true, // as an index it is a number
            MemberAccessExpressionSyntax asked => !Writers.Contains(asked.Name.Identifier.ValueText) && !isOwn(asked.Name.Identifier.ValueText),
            ForEachStatementSyntax loop => loop.Expression == one && loop.Type is not RefTypeSyntax,
            FromClauseSyntax or SpreadElementSyntax => true,
            IsPatternExpressionSyntax tested => !tested.Pattern.DescendantNodesAndSelf().Any(inner => inner is VariableDesignationSyntax),
            BinaryExpressionSyntax compared => compared.RawKind is (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression,
            AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } member => member.Left == one,
            ArgumentSyntax { RefKindKeyword.RawKind: 0, Parent.Parent: { } call } => Called(call) is { } called && Readers.Contains(called) && !isOwn(called),
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
