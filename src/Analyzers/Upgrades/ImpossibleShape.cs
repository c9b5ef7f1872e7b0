using Microsoft.CodeAnalysis;

namespace WatchReload.Analyzers;

/// <summary>Old shapes that no object can have had.</summary>
internal static class ImpossibleShape
{
    /// <summary>Why, with the remedy; null when an object can.</summary>
    public static string? Why(UpgradeStep step, ServiceModel service)
    {
        // A step in the middle of a chain is not met, it is made by the one before.
        if (step.Old is not INamedTypeSymbol old || UpgradeSteps.AllOf(old, service.Actors).Any(s => s.IsDowngrade == step.IsDowngrade)) return null;
        if (old.SpecialType == SpecialType.System_Object) return "it says nothing of the shape; declare a record with the members that the type had";
        if (old.TypeKind == TypeKind.Interface || old.IsAbstract) return "it cannot be instantiated; declare a record with the members that the type had";
        var problems = StatePlainDataCheck.Problems(old, service.Types);
        return problems.Count == 0 ? null : problems[0].Text;
    }
}
