using System.Collections.Concurrent;
using System.Reflection.Metadata;
using WatchReload.Hosting.Tests.Loading;

[assembly: MetadataUpdateHandler(typeof(ToldHandler))]
[assembly: MetadataUpdateHandler(typeof(ToldHandler.Another))]

namespace WatchReload.Hosting.Tests.Loading;

/// <summary>Update handlers as a package has them, which do what a test wants when they are told of a type that the test has named.</summary>
internal static class ToldHandler
{
    private static readonly ConcurrentDictionary<string, Action<string>> s_steps = new();
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<string>> s_told = new();

    /// <param name="type">Name of a type that nobody else has.</param>
    /// <param name="step">What is done; it is given the name of the method.</param>
    public static void When(string type, Action<string> step) => s_steps[type] = step;

    /// <summary>What the other handler was told of the type, by the names of its methods.</summary>
    public static IEnumerable<string> ToldOther(string type) => s_told.GetValueOrDefault(type) ?? [];

    internal static void ClearCache(Type[]? types) => Do(types, nameof(ClearCache));

    internal static void UpdateApplication(Type[]? types) => Do(types, nameof(UpdateApplication));

    private static void Do(Type[]? types, string method)
    {
        foreach (var type in types ?? [])
        {
            if (s_steps.TryGetValue(type.Name, out var step)) step(method);
        }
    }

    internal static class Another
    {
        internal static void ClearCache(Type[]? types) => Note(types, nameof(ClearCache));

        internal static void UpdateApplication(Type[]? types) => Note(types, nameof(UpdateApplication));

        private static void Note(Type[]? types, string method)
        {
            foreach (var type in types ?? [])
            {
                if (s_steps.ContainsKey(type.Name)) s_told.GetOrAdd(type.Name, _ => new()).Enqueue(method);
            }
        }
    }
}
