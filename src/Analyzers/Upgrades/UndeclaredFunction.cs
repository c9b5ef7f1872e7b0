using Microsoft.CodeAnalysis;

namespace WatchReload.Analyzers;

/// <summary>A function that is called like an Upgrade or Downgrade, on a type of state or messages, and that no interface declares.</summary>
internal sealed class UndeclaredFunction(IMethodSymbol method, string contract, string more)
{
    public IMethodSymbol Method { get; } = method;

    public string Contract { get; } = contract;

    /// <summary>What else is wrong with it.</summary>
    public string More { get; } = more;

    public static IEnumerable<UndeclaredFunction> Of(INamedTypeSymbol type, ServiceModel service)
    {
        var methods = type.GetMembers("Upgrade").Concat(type.GetMembers("Downgrade")).OfType<IMethodSymbol>()
            .Where(m => m is { IsStatic: true, MethodKind: MethodKind.Ordinary, Arity: 0, Parameters.Length: 1 }).ToList();
        if (methods.Count == 0 || !service.Reached.Has(type)) yield break;
        foreach (var method in methods)
        {
            var parameter = method.Parameters[0].Type;
            var isDowngrade = method.Name == "Downgrade";
            if (isDowngrade != Symbols.Same(parameter, type)) continue;
            var old = isDowngrade ? method.ReturnType : parameter;
            if (isDowngrade && (method.ReturnsVoid || Symbols.Same(old, type))) continue;
            if (UpgradeSteps.AllOf(type, service.Actors).Any(s => s.IsDowngrade == isDowngrade && Symbols.Same(s.Old, old))) continue;
            var fits = isDowngrade || Symbols.Same(method.ReturnType, type);
            // Another result, and a parameter that is not called after the type: a function of the service's own.
            if (!fits && !parameter.Name.StartsWith(type.Name, StringComparison.Ordinal)) continue;
            var (own, other) = (TypeNames.Short(type), TypeNames.Short(old));
            List<string> more = [];
            if (!fits) more.Add($"return '{own}'");
            if (method.DeclaredAccessibility != Accessibility.Public) more.Add("make it public");
            yield return new(method, isDowngrade ? $"IDowngrade<{own}, {other}>" : $"IUpgrade<{other}, {own}>", string.Concat(more.Select(m => $", and {m}")));
        }
    }
}
