using Microsoft.CodeAnalysis;

namespace WatchReload.Builder.Deltas;

/// <summary>Where warnings are errors: that nobody reads, assigns or raises a field or an event is told of a whole project, and not of a difference.</summary>
internal static class UnusedDoubt
{
    /// <summary>One that may be unused now, or unused in another way; null when there is none.</summary>
    /// <param name="before">The project as it was.</param>
    /// <param name="now">As it is.</param>
    /// <param name="type">Whose code is another, as it is. With all that it stands in, whose fields it may use.</param>
    /// <param name="cancellation">Breaks it off.</param>
    public static string? Of(Compilation before, Compilation now, INamedTypeSymbol type, CancellationToken cancellation)
    {
        var outermost = type;
        while (outermost.ContainingType is { } outer)
            outermost = outer;
        var uses = Uses(outermost);
        var used = before.Assembly.GetTypeByMetadataName(CapturedParameters.MetadataName(outermost)) is { } was ? Uses(was) : new FieldUses([]);
        var own = EmittedTypes.WithNested(outermost).SelectMany(one => one.GetMembers())
            .Where(member => member is IFieldSymbol { IsImplicitlyDeclared: false } or IEventSymbol)
            .FirstOrDefault(member => !uses.AreAll(member.Name, member is IEventSymbol) && uses[member.Name] != used[member.Name])?.Name;
        // What others may assign too is assigned by somebody as long as nobody does so more or less often.
        var unused = own ?? now.SyntaxTrees.SelectMany(tree => FieldUses.AssignedElsewhere(tree, cancellation)).FirstOrDefault(name => uses[name] != used[name]);
        return unused is null ? null : $"{unused} may be unused now, which would be an error";

        FieldUses Uses(INamedTypeSymbol one) => new(one.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellation)));
    }
}
