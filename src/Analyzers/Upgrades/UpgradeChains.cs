using Microsoft.CodeAnalysis;

namespace WatchReload.Analyzers;

/// <summary>All ways of Upgrades to a type, or of Downgrades from it, each as the types in the order in which the functions run.</summary>
internal static class UpgradeChains
{
    public static IReadOnlyList<IReadOnlyList<ITypeSymbol>> Of(ITypeSymbol type, bool downgrades, ActorsTypes actors)
    {
        var chains = new List<IReadOnlyList<ITypeSymbol>>();
        var work = new Queue<IReadOnlyList<ITypeSymbol>>();
        work.Enqueue([type]);
        while (work.Count > 0)
        {
            var chain = work.Dequeue();
            foreach (var old in UpgradeSteps.AllOf(chain[chain.Count - 1], actors).Where(s => s.IsDowngrade == downgrades).Select(s => s.Old))
            {
                if (chain.Contains(old, SymbolEqualityComparer.Default)) continue;
                IReadOnlyList<ITypeSymbol> longer = [.. chain, old];
                chains.Add(longer);
                work.Enqueue(longer);
            }
        }

        return downgrades ? chains : [.. chains.Select(c => (IReadOnlyList<ITypeSymbol>)[.. c.Reverse()])];
    }
}
