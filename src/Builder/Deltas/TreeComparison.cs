using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WatchReload.Builder.Deltas;

/// <summary>
/// Compares two states of a source file, declaration by declaration, in their order. Either they differ in bodies of members and in added methods alone, and then
/// it lists them; or there is a doubt, and says what it is. What is not known here is a doubt. Types that come are looked at elsewhere. A method is added when its name is new: so it is none of those before, and the others follow each other as they did.
/// </summary>
internal sealed class TreeComparison
{
    private readonly Func<string, bool> _isKnown;
    private readonly HashSet<SyntaxNode> _addedTypes;
    private readonly List<BodyEdit> _edits = [];
    private readonly List<MethodDeclarationSyntax> _added = [];
    private readonly List<SyntaxNode> _moved = [];

    private TreeComparison(Func<string, bool> isKnown, HashSet<SyntaxNode> addedTypes) => (_isKnown, _addedTypes) = (isKnown, addedTypes);

    /// <summary>Why it is more than that; null when it is not.</summary>
    public string? Doubt { get; private set; }

    public IReadOnlyList<BodyEdit> Edits => _edits;

    /// <summary>Methods of the new tree whose names nothing had before.</summary>
    public IReadOnlyList<MethodDeclarationSyntax> Added => _added;

    /// <summary>Members of the new tree that are the same, but on other lines.</summary>
    public IReadOnlyList<SyntaxNode> Moved => _moved;

    /// <param name="before">The file as it was.</param>
    /// <param name="after">The file as it is.</param>
    /// <param name="types">Full names of types that come.</param>
    /// <param name="isKnown">Whether code had a name before.</param>
    /// <param name="cancellation">Breaks it off.</param>
    public static TreeComparison Of(SyntaxTree before, SyntaxTree after, IReadOnlySet<string> types, Func<string, bool> isKnown, CancellationToken cancellation)
    {
        var comparison = new TreeComparison(isKnown, [.. types.Count == 0 ? [] : TypeTexts.Of(after, cancellation).Types.Where(type => types.Contains(type.Name)).Select(type => type.Declaration)]);
        var (old, now) = (before.GetRoot(cancellation), after.GetRoot(cancellation));
        if (!SyntaxTexts.Directives(old).SequenceEqual(SyntaxTexts.Directives(now), StringComparer.Ordinal))
            comparison.Doubt = "a directive (#) changed";
        else
            comparison.Compare(old, now);
        return comparison;
    }

    private void Compare(SyntaxNode old, SyntaxNode now)
    {
        if (Doubt is not null)
            return;
        if (!old.IsKind(now.Kind()))
        {
            Doubt = $"{Name(now)} changed";
            return;
        }
        switch (now)
        {
            case CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or ClassDeclarationSyntax or StructDeclarationSyntax or InterfaceDeclarationSyntax or RecordDeclarationSyntax:
            case PropertyDeclarationSyntax { ExpressionBody: null } or IndexerDeclarationSyntax { ExpressionBody: null } or EventDeclarationSyntax or AccessorListSyntax:
                Children(old, now);
                break;
            case MethodDeclarationSyntax or OperatorDeclarationSyntax or ConversionOperatorDeclarationSyntax or AccessorDeclarationSyntax or PropertyDeclarationSyntax or IndexerDeclarationSyntax:
                Bodied(old, now);
                break;
            default:
                if (!SyntaxTexts.AreSame(old, now))
                    Doubt = $"{Name(now)} changed";
                else
                    Same(old, now);
                break;
        }
    }

    /// <summary>Members and accessors one by one; all else must be the same.</summary>
    private void Children(SyntaxNode old, SyntaxNode now)
    {
        SyntaxNodeOrToken[] before = [.. old.ChildNodesAndTokens()], after = [.. now.ChildNodesAndTokens().Where(child => child.AsNode() is not { } node || !_addedTypes.Contains(node))];
        if (after.Length > before.Length && now is ClassDeclarationSyntax or StructDeclarationSyntax or RecordDeclarationSyntax)
            after = WithoutAdded(before, after);
        if (before.Length != after.Length)
        {
            Doubt ??= $"something came or went in {Name(now)}";
            return;
        }
        for (var i = 0; i < after.Length && Doubt is null; i++)
        {
            if (before[i].AsNode() is { } one && after[i].AsNode() is { } other && other is MemberDeclarationSyntax or AccessorListSyntax or AccessorDeclarationSyntax)
                Compare(before[i].AsNode()!, after[i].AsNode()!);
            else if (!IsSame(before[i], after[i]))
                Doubt = $"{Name(now)} changed";
            else if (after[i].AsNode() is AttributeListSyntax)
                Same(before[i].AsNode()!, after[i].AsNode()!);
        }
    }

    /// <summary>Leaves what may be what was before.</summary>
    private SyntaxNodeOrToken[] WithoutAdded(SyntaxNodeOrToken[] before, SyntaxNodeOrToken[] after)
    {
        var there = before.Select(child => child.AsNode()).OfType<MethodDeclarationSyntax>().Select(method => method.Identifier.ValueText).ToHashSet(StringComparer.Ordinal);
        var left = new List<SyntaxNodeOrToken>();
        foreach (var child in after)
        {
            if (child.AsNode() is not MethodDeclarationSyntax method || there.Contains(method.Identifier.ValueText))
                left.Add(child);
            else if (_isKnown(method.Identifier.ValueText))
                Doubt ??= $"code has the name {method.Identifier.ValueText} already, which an added method has now";
            else
                _added.Add(method);
        }
        return [.. left];
    }

    private void Bodied(SyntaxNode old, SyntaxNode now)
    {
        var (before, after) = (BodyEdit.BodyOf(old), BodyEdit.BodyOf(now));
        if (before is null != after is null || !Heads(old, before).SequenceEqual(Heads(now, after), Sameness.Instance))
            Doubt = $"the declaration of {Name(now)} changed";
        else if (before is null || SyntaxTexts.AreSame(before, after!) && before.IsKind(after!.Kind()))
            Same(old, now);
        else
        {
            _edits.Add(new BodyEdit(old, now));
            if (SyntaxTexts.Line(old) != SyntaxTexts.Line(now))
                _moved.AddRange(now.ChildNodes().Where(child => child is AttributeListSyntax or BaseParameterListSyntax)); // not compiled again with the body
        }
    }

    /// <summary>All but the body, and the semicolon that goes with its kind.</summary>
    private static IEnumerable<SyntaxNodeOrToken> Heads(SyntaxNode declaration, SyntaxNode? body) =>
        declaration.ChildNodesAndTokens().Where(child => child.AsNode() != body || body is null).Where(child => body is null || !child.IsKind(SyntaxKind.SemicolonToken));

    private void Same(SyntaxNode old, SyntaxNode now)
    {
        if (SyntaxTexts.Line(old) != SyntaxTexts.Line(now) || old.ToString() != now.ToString())
            _moved.Add(now);
    }

    private static bool IsSame(SyntaxNodeOrToken one, SyntaxNodeOrToken other) => (one.AsNode(), other.AsNode()) switch
    {
        ({ } old, { } now) => SyntaxTexts.AreSame(old, now),
        (null, null) => one.IsKind(other.Kind()) && one.AsToken().Text == other.AsToken().Text,
        _ => false,
    };

    /// <summary>What a declaration is called for people.</summary>
    public static string Name(SyntaxNode node) => node switch
    {
        CompilationUnitSyntax => Path.GetFileName(node.SyntaxTree.FilePath),
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        MethodDeclarationSyntax method => method.Identifier.Text,
        PropertyDeclarationSyntax property => property.Identifier.Text,
        AccessorDeclarationSyntax { Parent.Parent: PropertyDeclarationSyntax property } => property.Identifier.Text,
        BaseFieldDeclarationSyntax field => $"the field {field.Declaration.Variables.FirstOrDefault()?.Identifier.Text}",
        ConstructorDeclarationSyntax constructor => $"a constructor of {constructor.Identifier.Text}",
        GlobalStatementSyntax => "a top-level statement",
        _ => $"a declaration ({node.Kind()})",
    };

    private sealed class Sameness : IEqualityComparer<SyntaxNodeOrToken>
    {
        public static readonly Sameness Instance = new();

        public bool Equals(SyntaxNodeOrToken x, SyntaxNodeOrToken y) => IsSame(x, y);

        public int GetHashCode(SyntaxNodeOrToken obj) => 0;
    }
}
