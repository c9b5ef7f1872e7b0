using Microsoft.CodeAnalysis;

namespace WatchReload.Analyzers;

/// <summary>Comparers may be state: most have none, and collections need them.</summary>
internal static class Comparers
{
    private static readonly HashSet<string> s_names = new(StringComparer.Ordinal)
    {
        "System.Collections.IEqualityComparer", "System.Collections.IComparer", "System.StringComparer",
        "System.Collections.Generic.IEqualityComparer`1", "System.Collections.Generic.IComparer`1",
    };

    public static bool IsComparer(INamedTypeSymbol type) => Frameworks.Has(type) && s_names.Contains(type.OriginalDefinition.MetadataFullName());
}
