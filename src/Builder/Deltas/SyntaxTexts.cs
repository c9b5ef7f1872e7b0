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
    public static IEnumerable<string> Directives(SyntaxNode root) => root.ContainsDirectives
        ? root.DescendantTrivia().Where(trivia => trivia.IsDirective).Select(trivia => $"{trivia.ToString().Trim()} {Place(trivia.Token)}")
        : [];

    /// <summary>The members around it, and which of the innermost one's own tokens it is: the same while other members come, and while bodies after it are edited.</summary>
    private static string Place(SyntaxToken token) => token.Parent?.FirstAncestorOrSelf<MemberDeclarationSyntax>() is { } member
        ? $"{string.Join('/', member.AncestorsAndSelf().OfType<MemberDeclarationSyntax>().Select(Sibling))} {Own(member).TakeWhile(own => own != token).Count()}"
        : "";

    private static IEnumerable<SyntaxToken> Own(MemberDeclarationSyntax member) => member.DescendantTokens(node => node == member || node is not MemberDeclarationSyntax);

    /// <summary>Overloads have one name.</summary>
    private static string Sibling(MemberDeclarationSyntax member) => TreeComparison.Name(member) is var name && member.Parent is { } parent
        ? $"{name} {parent.ChildNodes().TakeWhile(node => node != member).OfType<MemberDeclarationSyntax>().Count(other => TreeComparison.Name(other) == name)}"
        : name;

    /// <summary>Names in it, wherever they stand but in comments.</summary>
    public static IEnumerable<string> Identifiers(SyntaxNode node) => node.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText);
}
