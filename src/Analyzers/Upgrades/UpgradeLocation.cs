using Microsoft.CodeAnalysis;

namespace WatchReload.Analyzers;

/// <summary>Where an Upgrade is written: its method, or the type's name when it is inherited or written elsewhere.</summary>
internal static class UpgradeLocation
{
    public static Location Of(UpgradeStep step, INamedTypeSymbol type)
    {
        var method = step.Contract.GetMembers(step.Name).Select(type.FindImplementationForInterfaceMember).FirstOrDefault();
        return Symbols.Same(method?.ContainingType ?? type, type) ? (method ?? type).Locations[0] : type.Locations[0];
    }
}
