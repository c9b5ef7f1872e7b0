using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WatchReload.Builder.Deltas;

/// <summary>
/// What read-only statics hold that could be changed: arrays, collections, settings. They are as constant as their names say as long as no code of the service writes to one, or gives it to somebody who may
/// (<see cref="TableReads"/>).
/// </summary>
internal sealed class Tables
{
    private readonly Dictionary<string, HashSet<string>> _owners = new(StringComparer.Ordinal);
    private readonly HashSet<(string Name, TableKind Kind)> _kinds = [];

    /// <param name="name">Of a static.</param>
    /// <param name="owner">The simple name of its type, when nothing derives from that; empty: it may be called otherwise.</param>
    /// <param name="kind">What it holds.</param>
    public void Add(string name, string owner, TableKind kind)
    {
        _kinds.Add((name, kind));
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
        var everywhere = all.SelectMany(tree => NamedEverywhere(tree, cancellation)).ToHashSet(StringComparer.Ordinal);
        return all.Select(tree => WrittenIn(tree, all, everywhere, cancellation)).FirstOrDefault(name => name is not null) is { } written
            ? $"the {(_kinds.Contains((written, TableKind.Settings)) ? "static" : "elements of")} {written} may hold what code has put there"
            : null;
    }

    private string? WrittenIn(SyntaxTree tree, List<SyntaxTree> all, HashSet<string> everywhere, CancellationToken cancellation)
    {
        var known = KnownNames.Of(tree, cancellation);
        if (!_owners.Keys.Any(known.Contains))
            return null;
        return tree.GetRoot(cancellation).DescendantNodes().OfType<IdentifierNameSyntax>()
            .FirstOrDefault(name => _owners.TryGetValue(name.Identifier.ValueText, out var owners) && (owners.Overlaps(everywhere) || MayBe(name, owners, known)) && !Kinds(name).All(kind => TableReads.Is(name, kind, IsOwn)))?.Identifier.ValueText;

        bool IsOwn(string method) => all.Exists(other => EarlierObjects.Declares(other, method, cancellation));
    }

    /// <summary>Whether the name may be that of one of these types' static: it stands behind the type's name, or by itself in a file that knows the type.</summary>
    private static bool MayBe(IdentifierNameSyntax name, HashSet<string> owners, IReadOnlySet<string> known) => owners.Contains("")
        || (name.Parent is MemberAccessExpressionSyntax access && access.Name == name
            ? access.Expression is SimpleNameSyntax { Identifier.ValueText: var type } && (owners.Contains(type) || IsAlias(name, type)) || access.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: var nested } && owners.Contains(nested) || access.Expression is AliasQualifiedNameSyntax { Name.Identifier.ValueText: var global } && owners.Contains(global)
            : name.Parent is not (QualifiedNameSyntax or TypeArgumentListSyntax or NameColonSyntax or NameEqualsSyntax) && owners.Overlaps(known));

    /// <summary>Types that global usings let other files call otherwise, or not at all.</summary>
    private static IEnumerable<string> NamedEverywhere(SyntaxTree tree, CancellationToken cancellation) => tree.GetRoot(cancellation) is CompilationUnitSyntax unit
        ? unit.Usings.Where(one => one.GlobalKeyword.RawKind != 0 && (one.Alias is not null || one.StaticKeyword.RawKind != 0)).SelectMany(one => one.NamespaceOrType.DescendantNodesAndSelf().OfType<SimpleNameSyntax>()).Select(name => name.Identifier.ValueText)
        : [];

    private static bool IsAlias(SyntaxNode node, string name) => node.SyntaxTree.GetRoot().DescendantNodes(inner => inner is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax).OfType<UsingDirectiveSyntax>().Any(one => one.Alias?.Name.Identifier.ValueText == name);

    private IEnumerable<TableKind> Kinds(IdentifierNameSyntax name) => Enum.GetValues<TableKind>().Where(kind => _kinds.Contains((name.Identifier.ValueText, kind)));
}
