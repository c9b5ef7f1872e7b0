using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WatchReload.Builder.Deltas;

/// <summary>Whether a mention of one of the <see cref="Tables"/> only reads it, and gives it to nobody who may do more. What is not known here may.</summary>
internal static class TableReads
{
    private static readonly string[] Queries = ["Cast", "Where", "Select", "SelectMany", "Join", "GroupJoin", "OrderBy", "OrderByDescending", "ThenBy", "ThenByDescending", "GroupBy"];
    private static readonly HashSet<string> Views = new(StringComparer.Ordinal) { "IEnumerable", "IReadOnlyList", "IReadOnlyCollection", "IReadOnlyDictionary", "IReadOnlySet", "ReadOnlySpan", "ReadOnlyMemory", "ImmutableArray" };

    /// <param name="name">The mention.</param>
    /// <param name="kind">What it holds.</param>
    /// <param name="isOwn">Whether code of the service may be called so.</param>
    public static bool Is(IdentifierNameSyntax name, TableKind kind, Func<string, bool> isOwn)
    {
        if (name.Parent is NameColonSyntax or NameEqualsSyntax)
            return true;
        var one = Whole(name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name);
        return one.Parent switch
        {
            ElementAccessExpressionSyntax element => element.Expression == one ? IsTaken(Whole(element)) : true, // as an index it is a number
            MemberAccessExpressionSyntax asked => TableMembers.Reads(asked, kind, isOwn) && (kind is TableKind.Array || IsTaken(Whole(asked))),
            ForEachStatementSyntax loop => loop.Expression == one && loop.Type is not RefTypeSyntax,
            ForEachVariableStatementSyntax loop => loop.Expression == one,
            FromClauseSyntax => !Queries.Any(isOwn),
            SpreadElementSyntax => true,
            IsPatternExpressionSyntax tested => !tested.Pattern.DescendantNodesAndSelf().Any(inner => inner is VariableDesignationSyntax),
            BinaryExpressionSyntax compared => compared.RawKind is (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression,
            AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } member => member.Left == one,
            ArgumentSyntax { RefKindKeyword.RawKind: 0, Parent.Parent: { } call } => TableMembers.ReadsGiven(call, kind, isOwn),
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
        MemberAccessExpressionSyntax part => part.Expression != element || IsTaken(Whole(part)), // of a tuple
        AssignmentExpressionSyntax assigned => assigned.Left != element,
        PrefixUnaryExpressionSyntax unary => unary.RawKind is not ((int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression or (int)SyntaxKind.AddressOfExpression),
        PostfixUnaryExpressionSyntax unary => unary.RawKind is not ((int)SyntaxKind.PostIncrementExpression or (int)SyntaxKind.PostDecrementExpression),
        ArgumentSyntax argument => argument.RefKindKeyword.RawKind == 0 && (argument.Parent is not TupleExpressionSyntax tuple || IsTaken(tuple)),
        RefExpressionSyntax => false,
        _ => true,
    };

    private static SyntaxNode Whole(SyntaxNode node)
    {
        while (node.Parent is ParenthesizedExpressionSyntax or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression })
            node = node.Parent;
        return node;
    }

    private static bool IsView(TypeSyntax? type) => type is GenericNameSyntax named && Views.Contains(named.Identifier.ValueText)
        || type is QualifiedNameSyntax { Right: GenericNameSyntax right } && Views.Contains(right.Identifier.ValueText);
}
