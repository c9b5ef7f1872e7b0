using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WatchReload.Builder.Deltas;

/// <summary>A source file that was not there: it may come with a delta when it has types alone, and what concerns the file itself.</summary>
internal static class AddedFile
{
    /// <summary>Why it may not; null when it may.</summary>
    /// <param name="file">Of a project.</param>
    /// <param name="before">The project without it.</param>
    /// <param name="isKnown">Whether code had a name before.</param>
    /// <param name="cancellation">Breaks it off.</param>
    public static string? Doubt(SyntaxTree file, Compilation before, Func<string, bool> isKnown, CancellationToken cancellation)
    {
        var root = (CompilationUnitSyntax)file.GetRoot(cancellation);
        var name = Path.GetFileName(file.FilePath);
        var declared = root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax).OfType<MemberDeclarationSyntax>().ToList();
        return root.AttributeLists.Count > 0 || root.Externs.Count > 0 || root.Usings.Any(one => one.GlobalKeyword.IsKind(SyntaxKind.GlobalKeyword)) ? $"{name} concerns more than itself"
            : declared.Exists(member => member is not (BaseNamespaceDeclarationSyntax or BaseTypeDeclarationSyntax or DelegateDeclarationSyntax)) ? $"{name} has more than types"
            : declared.OfType<BaseNamespaceDeclarationSyntax>().SelectMany(space => NewParts(space, before)).FirstOrDefault(isKnown) is { } taken ? $"code has the name {taken} already, which a namespace has now"
            : null;
    }

    /// <summary>What a namespace is called, from where it is new.</summary>
    private static IEnumerable<string> NewParts(BaseNamespaceDeclarationSyntax declared, Compilation before)
    {
        var there = before.GlobalNamespace;
        foreach (var part in declared.AncestorsAndSelf().OfType<BaseNamespaceDeclarationSyntax>().Reverse().SelectMany(space => SyntaxTexts.Identifiers(space.Name)))
        {
            there = there?.GetNamespaceMembers().FirstOrDefault(inner => inner.Name == part);
            if (there is null)
                yield return part;
        }
    }
}
