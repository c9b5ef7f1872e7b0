using Microsoft.CodeAnalysis;

namespace WatchReload.Builder.Deltas;

/// <summary>A type of the service in a namespace of the platform: the compiler, or a framework, looks for it by its name.</summary>
internal static class StandIn
{
    private static readonly string[] Roots = ["System", "Microsoft"];

    public static bool Is(INamedTypeSymbol type)
    {
        var space = type.ContainingNamespace.ToDisplayString();
        return Roots.Any(root => space == root || space.StartsWith(root + ".", StringComparison.Ordinal));
    }
}
