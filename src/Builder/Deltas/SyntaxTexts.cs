using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WatchReload.Builder.Deltas;

/// <summary>What a part of a source file says, without what it means.</summary>
internal static class SyntaxTexts
{
    /// <summary>Counted from zero.</summary>
    public static int Line(SyntaxNode node) => node.SyntaxTree.GetText().Lines.GetLineFromPosition(node.SpanStart).LineNumber;

    /// <summary>Directives for the compiler in a file, each with the place that it stands in: what comes to stand under another is another.</summary>
    public static IEnumerable<string> Directives(SyntaxNode root)
    {
        if (!root.ContainsDirectives)
            return [];
        var ordinals = new Dictionary<SyntaxNode, Dictionary<MemberDeclarationSyntax, int>>();
        return root.DescendantTrivia().Where(trivia => trivia.IsDirective).Select(trivia => $"{trivia.ToString().Trim()} {Place(trivia.Token, ordinals)}").ToList();
    }

    /// <summary>
    /// The members around it, and which of the innermost one's own tokens it is, or in which of its bodies: the same while other members come, and while bodies are edited, which are compiled whole.
    /// </summary>
    private static string Place(SyntaxToken token, Dictionary<SyntaxNode, Dictionary<MemberDeclarationSyntax, int>> ordinals)
    {
        if (token.Parent?.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not { } member)
            return token.IsKind(SyntaxKind.EndOfFileToken) ? "end" : "";
        var body = token.Parent.AncestorsAndSelf().TakeWhile(node => node != member).LastOrDefault(IsBody);
        var at = body?.SpanStart ?? token.SpanStart;
        var members = member.AncestorsAndSelf().OfType<MemberDeclarationSyntax>().Select(around => $"{TreeComparison.Name(around)} {Ordinal(around, ordinals)}");
        return $"{string.Join('/', members)} {Own(member).TakeWhile(own => own.SpanStart < at).Count()}{(body is null ? "" : " body")}";
    }

    private static bool IsBody(SyntaxNode node) => node is BlockSyntax or ArrowExpressionClauseSyntax;

    private static IEnumerable<SyntaxToken> Own(MemberDeclarationSyntax member) => member.DescendantTokens(node => node == member || (node is not MemberDeclarationSyntax && !IsBody(node)));

    /// <summary>Of those of its name beside it: overloads have one name.</summary>
    private static int Ordinal(MemberDeclarationSyntax member, Dictionary<SyntaxNode, Dictionary<MemberDeclarationSyntax, int>> known)
    {
        if (member.Parent is not { } parent)
            return 0;
        if (!known.TryGetValue(parent, out var ordinals))
        {
            known[parent] = ordinals = [];
            var counts = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var sibling in parent.ChildNodes().OfType<MemberDeclarationSyntax>())
            {
                var name = TreeComparison.Name(sibling);
                ordinals[sibling] = counts[name] = counts.GetValueOrDefault(name) + 1;
            }
        }

        return ordinals[member];
    }

    /// <summary>
    /// Whether both come to the same code, wherever they stand. Equal tokens are not enough: what an argument looks like may be taken for a text (<c>[CallerArgumentExpression]</c>), and where an interpolated raw string
    /// ends decides how far it is indented.
    /// </summary>
    public static bool AreSame(SyntaxNode one, SyntaxNode other) => SyntaxFactory.AreEquivalent(one, other, topLevel: false)
        && one.DescendantNodesAndSelf().Where(IsTakenAsText).Zip(other.DescendantNodesAndSelf().Where(IsTakenAsText)).All(pair => pair.First.ToString() == pair.Second.ToString());

    private static bool IsTakenAsText(SyntaxNode node) => node switch
    {
        ArgumentSyntax or InterpolatedStringExpressionSyntax { StringStartToken.RawKind: (int)SyntaxKind.InterpolatedMultiLineRawStringStartToken } => true,
        _ => node.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax } access && access.Expression == node,
    };

    /// <summary>Names in it, wherever they stand but in comments.</summary>
    public static IEnumerable<string> Identifiers(SyntaxNode node) => node.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText);
}
