using Microsoft.CodeAnalysis;

namespace WatchReload.Analyzers;

/// <summary>What generators wrote is taken for careful, as the node takes it.</summary>
internal static class GeneratedCode
{
    public static bool Has(INamedTypeSymbol type)
    {
        for (var t = type; t is not null; t = t.ContainingType)
        {
            if (t.HasAttribute("System.Runtime.CompilerServices.CompilerGeneratedAttribute") || t.HasAttribute("System.CodeDom.Compiler.GeneratedCodeAttribute")) return true;
        }

        return false;
    }
}
