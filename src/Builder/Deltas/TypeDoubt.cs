using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace WatchReload.Builder.Deltas;

/// <summary>Why a type cannot be emitted into what is loaded, beside one of its name or as a new one, by what it is.</summary>
internal sealed class TypeDoubt(DeltaPoint from, CSharpCompilation now, DeltaSurroundings around, ServiceEdit service, bool warningsAreErrors, CancellationToken cancellation)
{
    /// <summary>Null when it can.</summary>
    /// <param name="type">As it is now; it stands in no other.</param>
    public string? Of(INamedTypeSymbol type) => service.IsIn(type) ? $"{type.Name} configures the service"
        : StandIn.Is(type) ? $"{type.Name} stands in for a type of the platform"
        : EmittedTypes.WithNested(type).SelectMany(one => one.GetMembers()).OfType<IMethodSymbol>().Any(BodyDoubt.RunsAtLoad) ? $"{type.Name} runs when the assembly is loaded"
        : around.IsReferenced && IsSeenOutside(type) ? $"{type.Name} can be seen by other projects"
        : warningsAreErrors ? StrictDoubt.OfType(from.Compilation, now, type, cancellation)
        : null;

    /// <summary>Now or before: what is not to be seen any more may be used by them still.</summary>
    private bool IsSeenOutside(INamedTypeSymbol type) => Visibility.IsSeenOutside(type, now)
        || from.Compilation.Assembly.GetTypeByMetadataName(CapturedParameters.MetadataName(type)) is { } before && Visibility.IsSeenOutside(before, from.Compilation);
}
