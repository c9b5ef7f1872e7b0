using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace WatchReload.Builder.Deltas;

/// <summary>Types that come with an edit, in files that were there or in new ones.</summary>
/// <remarks>
/// Theory of operation. The name of such a type is new to all code of the service (<see cref="KnownNames"/>), and so are those of its extension methods and of its namespace. So nothing that stays can come to mean
/// it: what mentions it is edited with it. It is emitted under its own name, and there is no other of that name. What is left are those who find types without their names being written, and these
/// are doubts as they are where types are made anew (<see cref="TypeLookups"/>).
/// </remarks>
internal sealed class AddedTypes
{
    private readonly DeltaPoint _from;
    private readonly CSharpCompilation _now;
    private readonly DeltaSurroundings _around;
    private readonly CancellationToken _cancellation;
    private readonly List<TypeText> _texts = [];
    private readonly List<INamedTypeSymbol> _types = [];

    /// <param name="changed">The source files that are others, each before and now.</param>
    /// <param name="files">Those that were not there.</param>
    /// <param name="from">What the delta is made against.</param>
    /// <param name="now">What it leads to.</param>
    /// <param name="around">Of the project.</param>
    /// <param name="cancellation">Breaks it off.</param>
    public AddedTypes(IEnumerable<(SyntaxTree Before, SyntaxTree After)> changed, IReadOnlyList<SyntaxTree> files, DeltaPoint from, CSharpCompilation now, DeltaSurroundings around, CancellationToken cancellation)
    {
        (_from, _now, _around, _cancellation) = (from, now, around, cancellation);
        foreach (var (before, after) in changed)
        {
            var were = TypeTexts.Of(before, cancellation).Types.Select(type => type.Name).ToHashSet(StringComparer.Ordinal);
            _texts.AddRange(TypeTexts.Of(after, cancellation).Types.Where(type => !were.Contains(type.Name)));
        }
        _texts.AddRange(files.SelectMany(file => TypeTexts.Of(file, cancellation).Types));
        Names = _texts.Select(text => text.Name).ToHashSet(StringComparer.Ordinal);
        Doubt = files.Select(file => AddedFile.Doubt(file, from.Compilation, IsKnown, cancellation)).FirstOrDefault(doubt => doubt is not null) ?? (_texts.Count > 0 ? Find() : null);
    }

    /// <summary>Why they cannot come by a delta, by what they are called and who could find them; null when they can.</summary>
    public string? Doubt { get; }

    /// <summary>Their full names.</summary>
    public IReadOnlySet<string> Names { get; }

    /// <summary>Complete when <see cref="Take"/> has no doubt.</summary>
    public IReadOnlyList<INamedTypeSymbol> Types => _types;

    /// <summary>What the compiler is told.</summary>
    public IEnumerable<SemanticEdit> Edits => _types.Select(type => new SemanticEdit(SemanticEditKind.Insert, null, type));

    /// <summary>Why they cannot come by a delta, by what they are; null when they can.</summary>
    public string? Take(TypeDoubt doubt)
    {
        foreach (var name in Names)
        {
            if (_now.Assembly.GetTypeByMetadataName(name) is not { } type)
                return $"{name} is not found";
            if (doubt.Of(type) is { } why)
                return why;
            _types.Add(type);
        }
        return null;
    }

    private string? Find()
    {
        var known = _from.Compilation.SyntaxTrees.SelectMany(tree => TypeTexts.Of(tree, _cancellation).Types).Select(type => type.Name).FirstOrDefault(Names.Contains);
        if (known is not null)
            return $"{known} was declared elsewhere"; // a part of it, or it has moved
        if (_texts.Find(text => text.Obstacle is not null) is { } hindered)
            return hindered.Obstacle;
        if (_texts.SelectMany(text => text.CalledAs).FirstOrDefault(IsKnown) is { } taken)
            return $"code has the name {taken} already, which comes with an added type";
        return TypeLookups.First(_from, _now, _around, TypeText.NamesIn(_texts.Select(text => text.Declaration)), _cancellation)
            ?? _around.PackageOf(_from.Uses);
    }

    private bool IsKnown(string name) => _from.Knows(name, _cancellation) || KnownNames.Has(_around.Others(), name, _cancellation);
}
