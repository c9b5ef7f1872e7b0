using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace WatchReload.Builder.Deltas;

/// <summary>
/// The names that source texts use: their identifiers, and the words in their string literals, which attributes and reflection may take for names. A member whose name none of them
/// has is new to all code there is: no call can come to mean it, nothing that is found by name can be hidden by it.
/// </summary>
internal static class KnownNames
{
    // By tree: an edit makes one tree another, and the others stay the same objects.
    private static readonly ConditionalWeakTable<SyntaxTree, HashSet<string>> _known = [];

    public static bool Has(IEnumerable<SyntaxTree> trees, string name, CancellationToken cancellation) => trees.Any(tree => Of(tree, cancellation).Contains(name));

    /// <summary>Those names, and the names that these trees use.</summary>
    public static IReadOnlySet<string> With(IReadOnlySet<string> names, IEnumerable<SyntaxTree> trees, CancellationToken cancellation)
    {
        var more = trees.SelectMany(tree => Of(tree, cancellation)).Where(name => !names.Contains(name)).ToList();
        return more.Count == 0 ? names : new HashSet<string>([.. names, .. more], StringComparer.Ordinal);
    }

    public static HashSet<string> Of(SyntaxTree tree, CancellationToken cancellation) => _known.GetValue(tree, _ => Read(tree.GetRoot(cancellation)));

    private static HashSet<string> Read(SyntaxNode root)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var token in root.DescendantTokens())
        {
            if (token.IsKind(SyntaxKind.IdentifierToken))
                names.Add(token.ValueText);
            else if (IsText(token.Kind()))
                names.UnionWith(Words(token.ValueText));
        }
        return names;
    }

    private static bool IsText(SyntaxKind kind) => kind is SyntaxKind.StringLiteralToken or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken
        or SyntaxKind.Utf8StringLiteralToken or SyntaxKind.Utf8SingleLineRawStringLiteralToken or SyntaxKind.Utf8MultiLineRawStringLiteralToken or SyntaxKind.InterpolatedStringTextToken;

    private static IEnumerable<string> Words(string text)
    {
        var begin = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var isPart = i < text.Length && SyntaxFacts.IsIdentifierPartCharacter(text[i]);
            if (isPart && begin < 0)
                begin = i;
            if (isPart || begin < 0)
                continue;
            yield return text[begin..i];
            begin = -1;
        }
    }
}
