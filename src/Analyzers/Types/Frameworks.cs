using Microsoft.CodeAnalysis;

namespace WatchReload.Analyzers;

/// <summary>Tells the frameworks' types from those of services and packages, as the node does.</summary>
internal static class Frameworks
{
    public static bool Has(ITypeSymbol type) => type.ContainingAssembly is { } assembly && assembly is not ISourceAssemblySymbol && IsFramework(assembly.Name);

    /// <summary>Whether it is the framework's type of that metadata name.</summary>
    public static bool IsCalled(ITypeSymbol type, string fullName) => type is INamedTypeSymbol named && Has(type) && named.OriginalDefinition.MetadataFullName() == fullName;

    private static bool IsFramework(string name) => name is "mscorlib" or "netstandard" or "System"
        || name.StartsWith("System.", StringComparison.Ordinal)
        || name.StartsWith("Microsoft.", StringComparison.Ordinal);
}
