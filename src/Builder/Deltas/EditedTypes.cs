using Microsoft.CodeAnalysis;

namespace WatchReload.Builder.Deltas;

/// <summary>The types that are declared otherwise than before, or stand in a file with other usings, where nothing else is another.</summary>
/// <param name="Before">By full name their declarations before: code that came to the type by what is gone is concerned too.</param>
/// <param name="Reread">Full names of those in files with other usings: what their texts mean may be another, and the texts the same.</param>
/// <param name="Moved">Types that are the same, on other lines or with other comments.</param>
internal sealed record EditedTypes(IReadOnlyDictionary<string, List<TypeText>> Before, IReadOnlySet<string> Reread, IReadOnlyList<SyntaxNode> Moved)
{
    /// <summary>Of source files, each before and now; null, with the reason, when more is another.</summary>
    /// <param name="changed">The files.</param>
    /// <param name="added">Full names of types that come.</param>
    /// <param name="doubt">The reason.</param>
    /// <param name="cancellation">Breaks it off.</param>
    public static EditedTypes? Of(IEnumerable<(SyntaxTree Before, SyntaxTree After)> changed, IReadOnlySet<string> added, out string? doubt, CancellationToken cancellation)
    {
        doubt = null;
        var edited = new Dictionary<string, List<TypeText>>(StringComparer.Ordinal);
        var reread = new HashSet<string>(StringComparer.Ordinal);
        var moved = new List<SyntaxNode>();
        foreach (var (old, tree) in changed)
        {
            var (before, after) = (TypeTexts.Of(old, cancellation), TypeTexts.Of(tree, cancellation).Without(added));
            if (!before.Outside.Where(one => !one.IsUsing).SequenceEqual(after.Outside.Where(one => !one.IsUsing)) || !before.Types.Select(type => type.Name).SequenceEqual(after.Types.Select(type => type.Name), StringComparer.Ordinal))
            {
                doubt = $"something outside of types changed, or a type went, in {Path.GetFileName(tree.FilePath)}";
                return null;
            }
            var isReread = !before.Outside.SequenceEqual(after.Outside);
            if (isReread && before.OutsideMentions.Concat(after.OutsideMentions).FirstOrDefault() is { } meant)
            {
                doubt = $"what {meant} means outside of types may be another by the usings of {Path.GetFileName(tree.FilePath)}";
                return null;
            }
            if (isReread)
                reread.UnionWith(after.Types.Select(type => type.Name));
            foreach (var (was, type) in before.Types.Zip(after.Types))
            {
                if (isReread || !SyntaxTexts.AreSame(was.Declaration, type.Declaration))
                {
                    if (!edited.TryGetValue(type.Name, out var known))
                        edited[type.Name] = known = [];
                    known.Add(was);
                }
                else if (SyntaxTexts.Line(was.Declaration) != SyntaxTexts.Line(type.Declaration) || was.Declaration.ToString() != type.Declaration.ToString())
                    moved.Add(type.Declaration);
            }
        }
        if (edited.Count == 0)
            doubt = "no type is declared otherwise";
        return edited.Count == 0 ? null : new EditedTypes(edited, reread, moved);
    }
}
