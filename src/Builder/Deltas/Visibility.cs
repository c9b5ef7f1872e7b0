using Microsoft.CodeAnalysis;

namespace WatchReload.Builder.Deltas;

/// <summary>Whether code of other projects can name something.</summary>
internal static class Visibility
{
    public static bool IsSeenOutside(ISymbol symbol, Compilation compilation)
    {
        for (var one = symbol; one is IMethodSymbol or INamedTypeSymbol; one = one.ContainingType)
        {
            if (one.DeclaredAccessibility == Accessibility.Private || one.DeclaredAccessibility is Accessibility.Internal or Accessibility.ProtectedAndInternal && !HasFriends(compilation))
                return false;
        }
        return true;
    }

    private static bool HasFriends(Compilation compilation) => compilation.Assembly.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "InternalsVisibleToAttribute");
}
