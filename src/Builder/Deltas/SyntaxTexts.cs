using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace WatchReload.Builder.Deltas;

/// <summary>What a part of a source file says, without what it means.</summary>
internal static class SyntaxTexts
{
    /// <summary>Counted from zero.</summary>
    public static int Line(SyntaxNode node) => node.SyntaxTree.GetText().Lines.GetLineFromPosition(node.SpanStart).LineNumber;

    /// <summary>Names in it, wherever they stand but in comments.</summary>
    public static IEnumerable<string> Identifiers(SyntaxNode node) => node.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText);
}
