using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace WatchReload.Builder.Deltas;

/// <summary>Types that are made anew by a delta, where one of them is declared otherwise than before: as a load makes all of them anew.</summary>
/// <remarks>
/// Theory of operation. The compiler emits a type that is edited as another type beside the one before, and with it every type that mentions one of these, by its name, anywhere: in a declaration or in a
/// body. So what is new is mentioned by nothing that stays, and mentions what is new alone: code of before never meets a type of now, nor the other way round, and each side is what it would be in an
/// assembly of its own. That no name is overlooked needs no model of binding: an expression can be of a type only if the type's name is written there, or in the declaration of what the expression comes
/// from, and that declaration's own type is then among these. What is found without a name being written is a doubt: extension methods that the language calls, <c>using static</c>, generators, and whoever
/// looks through an assembly (<see cref="TypeLookups"/>).
/// The one type that mentions others and stays is the service: the node calls <c>Configure</c> and <c>CodeChange</c> once for each version, and of these the bodies are replaced.
/// So nothing that runs is touched, and what is new may be refused after it was applied.
/// </remarks>
internal sealed class RemadeTypes(DeltaPoint from, CSharpCompilation now, DeltaSurroundings around, CallerLines lines, ServiceEdit service, AddedTypes added, TypeDoubt doubts, CancellationToken cancellation)
{
    private readonly List<INamedTypeSymbol> _types = [];

    /// <summary>What the compiler is told. Complete when <see cref="Find"/> has no doubt.</summary>
    public IReadOnlyList<SemanticEdit> Edits => [.. _types.Select(type => new SemanticEdit(SemanticEditKind.Replace, null, type)), .. service.Edits];

    /// <summary>Complete then as well.</summary>
    public IReadOnlyList<INamedTypeSymbol> Types => _types;

    /// <summary>Why it cannot be done; null when it can.</summary>
    /// <param name="changed">The source files that are others, each before and now.</param>
    public string? Find(IEnumerable<(SyntaxTree Before, SyntaxTree After)> changed)
    {
        if (EditedTypes.Of(changed, added.Names, out var doubt, cancellation) is not { } edited)
            return doubt;
        if (edited.Reread.FirstOrDefault(service.Is) is { } reread)
            return $"{reread} configures the service, in a file with other usings";
        var trees = now.SyntaxTrees.Select(tree => TypeTexts.Of(tree, cancellation)).ToList();
        // What comes is compiled with them in any case, and has no generation before.
        var types = trees.SelectMany(tree => tree.Types).Where(type => !added.Names.Contains(type.Name)).ToLookup(type => type.Name, StringComparer.Ordinal);
        if (TypeSpread.Of(edited.Before, types, service.Is, out doubt, cancellation) is not { } spread)
            return doubt;
        var texts = spread.Types.SelectMany(name => types[name]).Select(text => (SyntaxNode)text.Declaration).ToHashSet();
        return OfOthers(spread, [.. trees.SelectMany(tree => tree.OutsideMentions)])
            ?? (lines.First(edited.Moved.Where(node => !texts.Contains(node))) is null ? null : "code that may tell its line has moved")
            ?? TypeLookups.First(from, now, around, TypeText.NamesIn(texts), cancellation)
            ?? spread.Types.Select(Take).FirstOrDefault(one => one is not null)
            ?? spread.Services.Select(name => service.Take(name, spread.CalledAs)).FirstOrDefault(one => one is not null);
    }

    /// <summary>By what else comes to them.</summary>
    private string? OfOthers(TypeSpread spread, HashSet<string> outside)
    {
        if (spread.CalledAs.FirstOrDefault(outside.Contains) is { } mentioned)
            return $"{mentioned} is mentioned outside of types";
        return around.PackageOf(from.Uses);
    }

    private string? Take(string name)
    {
        if (now.Assembly.GetTypeByMetadataName(name) is not { } type)
            return $"{name} is not found";
        _types.Add(type);
        return EmittedTypes.WithNested(type).FirstOrDefault(IsException) is { } exception ? $"{exception.Name} is told by its name" : doubts.Of(type);
    }

    /// <summary>What is logged, or sent to somebody, of an exception begins with the name of its type.</summary>
    private static bool IsException(INamedTypeSymbol type)
    {
        for (var one = type.BaseType; one is not null; one = one.BaseType)
        {
            if (one.ToDisplayString() == "System.Exception")
                return true;
        }
        return false;
    }
}
