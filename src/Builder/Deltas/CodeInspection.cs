using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WatchReload.Builder.Deltas;

/// <summary>Reflection over code: what it finds depends on the members and bodies that there are when it looks. Names of types and assemblies, and attributes, do not change by a delta.</summary>
internal static class CodeInspection
{
    private static readonly string[] OfTypes = ["Name", "FullName", "Namespace", "Assembly", "ToString", "Equals", "GetHashCode"];
    private static readonly string[] OfAssemblies = ["GetTypes", "GetType", "GetExportedTypes", "DefinedTypes", "ExportedTypes", "CreateInstance", "GetModule", "GetModules", "GetLoadedModules", "Modules", "ManifestModule", "EntryPoint"];

    /// <summary>Whether calling it looks through code, or makes something that does.</summary>
    public static bool Is(ISymbol symbol)
    {
        if (symbol is not (IMethodSymbol or IPropertySymbol) || symbol.ContainingType is not { } type)
            return false;
        return type.ContainingNamespace.ToDisplayString() switch
        {
            "System" => type.Name == "Type" && !OfTypes.Contains(symbol.Name) || type.Name is "Activator" or "AppDomain",
            "System.Reflection" => type.Name switch
            {
                "CustomAttributeExtensions" or "AssemblyName" => false,
                "Assembly" => OfAssemblies.Contains(symbol.Name),
                _ => !type.Name.EndsWith("Attribute", StringComparison.Ordinal),
            },
            _ => false,
        };
    }

    /// <summary>A type that is taken for more than its name: whoever has it may look through it.</summary>
    public static bool MayFollow(TypeOfExpressionSyntax taken) => taken.Parent is not MemberAccessExpressionSyntax { Name.Identifier.Text: var member } || !OfTypes.Contains(member);
}
