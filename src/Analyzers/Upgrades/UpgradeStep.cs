using Microsoft.CodeAnalysis;

namespace WatchReload.Analyzers;

/// <summary>An Upgrade or Downgrade that a type declares.</summary>
internal sealed class UpgradeStep(INamedTypeSymbol contract, bool isDowngrade)
{
    public INamedTypeSymbol Contract { get; } = contract;

    public bool IsDowngrade { get; } = isDowngrade;

    public string Name => IsDowngrade ? "Downgrade" : "Upgrade";

    /// <summary>The older shape.</summary>
    public ITypeSymbol Old => Contract.TypeArguments[IsDowngrade ? 1 : 0];

    /// <summary>The type whose step it is: it should be the one that declares it.</summary>
    public ITypeSymbol New => Contract.TypeArguments[IsDowngrade ? 0 : 1];
}

internal static class UpgradeSteps
{
    /// <summary>Those that a node asks a type for: about the type itself.</summary>
    public static IEnumerable<UpgradeStep> AllOf(ITypeSymbol type, ActorsTypes actors) => Declared(type.AllInterfaces, actors).Where(s => Symbols.Same(s.New, type));

    /// <summary>Those that are written on a type, whatever they are about.</summary>
    public static IEnumerable<UpgradeStep> WrittenOn(INamedTypeSymbol type, ActorsTypes actors) => Declared(type.Interfaces, actors);

    private static IEnumerable<UpgradeStep> Declared(IEnumerable<INamedTypeSymbol> interfaces, ActorsTypes actors) => interfaces
        .Where(i => i.Is(actors.Upgrade) || i.Is(actors.Downgrade))
        .Select(i => new UpgradeStep(i, i.Is(actors.Downgrade)));
}
