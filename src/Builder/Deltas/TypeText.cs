using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WatchReload.Builder.Deltas;

/// <summary>One declaration of a type that stands in no other type, as text: what it is called, and what it mentions.</summary>
/// <param name="Name">Its full name in metadata.</param>
/// <param name="Declaration">A type or a delegate.</param>
/// <param name="Mentions">All identifiers in it, its own attributes and base types included. Comments are not.</param>
internal sealed record TypeText(string Name, MemberDeclarationSyntax Declaration, IReadOnlySet<string> Mentions)
{
    private const string Attribute = "Attribute";
    /// <summary>The identifiers by which other code comes to it: its name, without the ending if it may be an attribute's; and those of its extension methods, which are called without it.</summary>
    public IReadOnlyList<string> CalledAs { get; } = NamesOf(Declaration);

    /// <summary>Why a load makes the type another one and a delta cannot; null when it can.</summary>
    public string? Obstacle { get; } = ObstacleOf(Declaration);

    private static List<string> NamesOf(MemberDeclarationSyntax declaration)
    {
        var name = NameOf(declaration);
        List<string> names = [name];
        if (name.EndsWith(Attribute, StringComparison.Ordinal))
            names.Add(name[..^Attribute.Length]);
        names.AddRange(Methods(declaration).Where(IsExtension).Select(method => method.Identifier.ValueText));
        return names;
    }

    /// <summary>Simple names of types, and of those within them.</summary>
    public static IReadOnlySet<string> NamesIn(IEnumerable<SyntaxNode> declarations) => declarations
        .SelectMany(text => text.DescendantNodesAndSelf(node => node is TypeDeclarationSyntax)).OfType<MemberDeclarationSyntax>()
        .Where(node => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax).Select(NameOf).ToHashSet(StringComparer.Ordinal);

    public static string NameOf(MemberDeclarationSyntax declaration) => declaration is DelegateDeclarationSyntax one ? one.Identifier.ValueText : ((BaseTypeDeclarationSyntax)declaration).Identifier.ValueText;

    private static string? ObstacleOf(MemberDeclarationSyntax declaration)
    {
        var name = NameOf(declaration);
        // The compiler names the type before in an attribute of the new one; of a generic type that has no end (5.9).
        if (declaration is TypeDeclarationSyntax { TypeParameterList: not null } or DelegateDeclarationSyntax { TypeParameterList: not null })
            return $"{name} is generic";
        if (declaration.Modifiers.Any(SyntaxKind.FileKeyword))
            return $"{name} is the file's own";
        foreach (var node in declaration.DescendantNodes(node => node is BaseTypeDeclarationSyntax))
        {
            // Of C# 14 by its name: the compiler that this is made against may not have it yet.
            if (node.GetType().Name.StartsWith("Extension", StringComparison.Ordinal))
                return $"{name} extends other types";
            if (node is not MemberDeclarationSyntax member)
                continue;
            if (member.Modifiers.Any(SyntaxKind.ExternKeyword))
                return $"{name} has code of another language";
            if (member is MethodDeclarationSyntax method && IsExtension(method) && LookedUpNames.Has(method.Identifier.ValueText))
                return $"{method.Identifier.ValueText} of {name} is called without being written";
            if (member is MethodDeclarationSyntax { Identifier.ValueText: "Main" } || member.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString().Contains("ModuleInitializer", StringComparison.Ordinal)))
                return $"{name} runs when the assembly is loaded";
        }
        return null;
    }

    private static IEnumerable<MethodDeclarationSyntax> Methods(MemberDeclarationSyntax declaration) => declaration is TypeDeclarationSyntax type ? type.Members.OfType<MethodDeclarationSyntax>() : [];

    private static bool IsExtension(MethodDeclarationSyntax method) => method.ParameterList.Parameters is [var first, ..] && first.Modifiers.Any(SyntaxKind.ThisKeyword);
}
