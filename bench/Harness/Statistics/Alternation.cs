namespace WatchReload.Bench.Statistics;

/// <summary>The order of a run's turns: everybody once, another one first each time, so that no one always follows the same.</summary>
internal static class Alternation
{
    public static IEnumerable<T> Turn<T>(IReadOnlyList<T> all, int run) => Enumerable.Range(0, all.Count).Select(i => all[(run + i) % all.Count]);
}
