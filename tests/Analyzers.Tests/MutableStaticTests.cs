using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using WatchReload.Hosting.Loading;

namespace WatchReload.Analyzers.Tests;

public sealed class MutableStaticTests
{
    private const string Source = """
        using System.Collections.Concurrent; using System.Collections.Immutable; using System.Text;
        public static class Counters
        {
            public static int Count;
            public const int Most = 3;
            public static readonly int First = 1;
            public static string Last { get; set; } = "";
            public static string Name { get; } = "";
            public static string Now => Last;
            public static readonly List<int> All = [];
            public static IDictionary<int, int> Seen { get; } = new Dictionary<int, int>();
            public static readonly int[] Table = [1, 2];
            public static readonly ImmutableArray<int> Fixed = [1];
            public static readonly IReadOnlyList<int> Read = [1];
            public static event Action? Changed;
            public static event Action Custom { add { } remove { } }
            [ThreadStatic] private static StringBuilder? s_text;
            private static readonly ConcurrentDictionary<string, int> s_cache = new();
            public static void Use() { Changed?.Invoke(); s_text = null; s_cache.Clear(); Func<int> f = static () => 1; f(); }
        }
        [System.CodeDom.Compiler.GeneratedCode("g", "1")] public static class Written { public static int Count; }
        """;

    private static readonly string[] Expected = ["All", "Changed", "Count", "Last", "Seen", "s_cache", "s_text"];

    [Fact(Timeout = 60_000)]
    public async Task Static_is_a_warning_when_it_can_be_assigned_or_is_a_collection_that_can_be_changed()
        => Assert.Equal(Expected.Select(name => "WR0001 " + name), (await Analyzed.Marks(Source)).Order(StringComparer.Ordinal));

    [Fact(Timeout = 60_000)]
    public Task Analyzer_names_what_the_node_names()
    {
        using var file = new PEReader(new MemoryStream(CompiledAssembly.From("Service", Source).Image));
        Assert.Equal(Expected.Select(name => "Counters." + name), StaticFields.Mutable(file.GetMetadataReader()).Order(StringComparer.Ordinal));
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task Message_names_the_remedy() => Assert.Equal(
        ["'Hits.Count' is lost when its assembly is reloaded; keep it in an actor's state, or share it by ConfigureShared if it is a resource of a package or framework type"],
        await Analyzed.Messages("static class Hits { public static int Count; }"));
}
