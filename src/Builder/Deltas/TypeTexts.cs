using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WatchReload.Builder.Deltas;

/// <summary>A source file as the types that are declared in it, and what stands outside of them.</summary>
/// <param name="Types">In their order.</param>
/// <param name="Outside">What is outside of types, in its order: directives for the compiler, attributes of the assembly, statements of a program, and of the types no more than what each is called, with the full name.</param>
/// <param name="OutsideMentions">Identifiers in that, but for the names of namespaces.</param>
internal sealed record TypeTexts(IReadOnlyList<TypeText> Types, IReadOnlyList<OutsideText> Outside, IReadOnlySet<string> OutsideMentions)
{
    // By tree: an edit makes one tree another, and the others stay the same objects.
    private static readonly ConditionalWeakTable<SyntaxTree, TypeTexts> _known = [];

    public static TypeTexts Of(SyntaxTree tree, CancellationToken cancellation) => _known.GetValue(tree, _ => Read(tree.GetRoot(cancellation)));

    /// <summary>As if some types, by their full names, were not there.</summary>
    public TypeTexts Without(IReadOnlySet<string> types) => Types.Any(type => types.Contains(type.Name))
        ? new([.. Types.Where(type => !types.Contains(type.Name))], [.. Outside.Where(one => one.Type is null || !types.Contains(one.Type))], OutsideMentions)
        : this;

    private static TypeTexts Read(SyntaxNode root)
    {
        var types = new List<TypeText>();
        List<OutsideText> outside = [.. SyntaxTexts.Directives(root).Select(directive => new OutsideText(directive))];
        var mentions = new HashSet<string>(StringComparer.Ordinal);
        Walk(root, "");
        return new(types, outside, mentions);

        void Walk(SyntaxNode container, string space)
        {
            foreach (var child in container.ChildNodesAndTokens())
            {
                if (child.AsNode() is BaseNamespaceDeclarationSyntax inner)
                {
                    outside.Add(new($"namespace {inner.Name.WithoutTrivia()}"));
                    Walk(inner, $"{space}{Plain(inner.Name)}.");
                    outside.Add(new("end"));
                }
                else if (child.AsNode() is MemberDeclarationSyntax declared and (BaseTypeDeclarationSyntax or DelegateDeclarationSyntax))
                {
                    var name = TypeText.NameOf(declared);
                    outside.Add(new($"{declared.Kind()} {name}") { Type = space + name });
                    types.Add(new TypeText(space + name, declared, SyntaxTexts.Identifiers(declared).ToHashSet(StringComparer.Ordinal)));
                }
                else if (child.AsNode() is { } node)
                {
                    if (container is BaseNamespaceDeclarationSyntax named && node == named.Name)
                        continue;
                    outside.Add(new(string.Join(' ', node.DescendantTokens().Select(token => token.Text))) { IsUsing = node is UsingDirectiveSyntax { GlobalKeyword.RawKind: (int)SyntaxKind.None } });
                    if (node is not UsingDirectiveSyntax { Alias: null, StaticKeyword.RawKind: (int)SyntaxKind.None })
                        mentions.UnionWith(SyntaxTexts.Identifiers(node));
                }
            }
        }
    }

    private static string Plain(NameSyntax name) => string.Join('.', SyntaxTexts.Identifiers(name));
}

/// <summary>One thing outside of types.</summary>
/// <param name="Text">What it says.</param>
internal readonly record struct OutsideText(string Text)
{
    /// <summary>Of the declaration of a type the full name.</summary>
    public string? Type { get; init; }

    /// <summary>A using of the file's own: what is declared in the file may mean another thing by it, and nothing else.</summary>
    public bool IsUsing { get; init; }
}
