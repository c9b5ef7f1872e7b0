using Microsoft.CodeAnalysis;

namespace WatchReload.Builder.Deltas;

/// <summary>Where warnings are errors: that nobody uses a field or an event is told of a whole project, and not of a difference.</summary>
internal static class UnusedDoubt
{
    /// <summary>One of a type's, or of those in it, that is mentioned more often or less than before; null when there is none.</summary>
    /// <param name="before">The project as it was.</param>
    /// <param name="type">As it is.</param>
    /// <param name="cancellation">Breaks it off.</param>
    public static string? Of(Compilation before, INamedTypeSymbol type, CancellationToken cancellation)
    {
        var now = Texts(type);
        var old = before.Assembly.GetTypeByMetadataName(CapturedParameters.MetadataName(type)) is { } was ? Texts(was) : [];
        return EmittedTypes.WithNested(type).SelectMany(one => one.GetMembers())
            .FirstOrDefault(member => member is IFieldSymbol { IsImplicitlyDeclared: false } or IEventSymbol && Count(now, member.Name) != Count(old, member.Name)) is { } unused
            ? $"{unused.Name} may be unused now, which would be an error"
            : null;

        List<SyntaxNode> Texts(INamedTypeSymbol one) => [.. one.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellation))];
    }

    private static int Count(IEnumerable<SyntaxNode> texts, string name) => texts.SelectMany(SyntaxTexts.Identifiers).Count(identifier => identifier == name);
}
