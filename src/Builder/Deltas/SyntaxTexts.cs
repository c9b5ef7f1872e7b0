using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WatchReload.Builder.Deltas;

/// <summary>What a part of a source file says, without what it means.</summary>
internal static class SyntaxTexts
{
    /// <summary>Counted from zero.</summary>
    public static int Line(SyntaxNode node) => node.SyntaxTree.GetText().Lines.GetLineFromPosition(node.SpanStart).LineNumber;

    /// <summary>Directives for the compiler in a file, each with the member that it stands in or before: what comes to stand under another is another.</summary>
    public static IEnumerable<string> Directives(SyntaxNode root) => root.ContainsDirectives
        ? root.DescendantTrivia().Where(trivia => trivia.IsDirective).Select(trivia => $"{trivia.ToString().Trim()} {(trivia.Token.Parent?.FirstAncestorOrSelf<MemberDeclarationSyntax>() is { } member ? TreeComparison.Name(member) : "")}")
        : [];

    /// <summary>Names in it, wherever they stand but in comments.</summary>
    public static IEnumerable<string> Identifiers(SyntaxNode node) => node.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText);
}
