namespace WatchReload.Hosting.Tests.Loading;

/// <summary>A static starts afresh when its assembly is loaded anew; told is what is lost by that.</summary>
public sealed class ChangedStaticsTests : IDisposable
{
    private readonly LoadingBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData("static int s; static void Use() => s++;")]
    [InlineData("static int s; static void Use() => Interlocked.Increment(ref s);")]
    [InlineData("public static int s { get; set; }")]
    [InlineData("static event Action? s;")]
    [InlineData("[ThreadStatic] static string? s; static void Use() => s ??= \"\";")]
    [InlineData("static TimeSpan s; static void Use() { s += TimeSpan.FromSeconds(1); }")]
    [InlineData("static readonly Dictionary<string, int> s = []; static void Use() => s[\"a\"] = 1;")]
    [InlineData("static readonly Dictionary<string, int> s = []; static void Use(string k) => s.TryAdd(k.Length > 1 ? k : \"\", 1);")]
    [InlineData("static readonly List<int> s = []; static void Use() { var mine = s; mine.Add(1); }")]
    [InlineData("static readonly List<int> s = []; static void Use() => Fill(s); static void Fill(List<int> all) => all.Add(1);")]
    [InlineData("static readonly List<int> s = []; static List<int> Use() => s;")]
    [InlineData("static readonly List<int> s = []; static void Use(bool b) => s.Add(b ? 1 : 2);")]
    [InlineData("static List<int> s { get; } = []; static void Use() => s.Add(1);")]
    [InlineData("static readonly List<int> s = []; static IEnumerable<int> Use() => s.AsEnumerable();")]
    [InlineData("static readonly System.Collections.Concurrent.ConcurrentDictionary<string, int> s = new(); static int Use() => s.GetOrAdd(\"a\", 1);")]
    [InlineData("static readonly Dictionary<string, List<int>> s = new() { [\"a\"] = [] }; static void Use() => s[\"a\"].Add(1);")]
    [InlineData("static readonly Dictionary<string, Counter> s = new() { [\"a\"] = new() }; static void Use() => s[\"a\"].N++; class Counter { public int N; }")]
    [InlineData("static int[] s = [1, 2]; static void Use() => s[0]++;")]
    [InlineData("static Counter s = new(); static void Use() => s.N++; class Counter { public int N; }")]
    [InlineData("static readonly System.Text.StringBuilder s = new(); static void Use() => s.Append('a');")]
    [InlineData("static readonly List<int> s = []; class Nested { static Nested() => s.Add(1); }")]
    public Task A_static_that_code_changes_or_gives_away_is_named(string members) => AssertNamed(members, ["Statics.s"]);

    [Theory(Timeout = 60_000)]
    [InlineData("static int s = 3; static int Use() => s;")]
    [InlineData("static int s = 3; static string Use() => s.ToString();")]
    [InlineData("static TimeSpan s = TimeSpan.FromSeconds(1); static double Use() => s.TotalSeconds;")]
    [InlineData("enum Kind { A } static Kind s = Kind.A; static string Use() => s.ToString();")]
    [InlineData("public static string? s; static int Use() => s?.Length ?? 0;")]
    [InlineData("static Func<int, int> s = x => x + 1; static int Use() => s(1);")]
    [InlineData("static readonly Dictionary<string, int> s = new() { [\"a\"] = 1 }; static int Use(string k) => s.TryGetValue(k, out var n) ? n : s.Count;")]
    [InlineData("static readonly Dictionary<string, int> s; static Statics() { s = []; s[\"a\"] = 1; s.Add(\"b\", 2); }")]
    [InlineData("static readonly Dictionary<string, Func<int, int>> s = new() { [\"a\"] = x => x }; static int Use() => s[\"a\"](1);")]
    [InlineData("static readonly Dictionary<Kind, Entry> s = new() { [Kind.A] = new(\"a\", 1) }; static string Use() => s[Kind.A].Name; enum Kind { A } sealed record Entry(string Name, int N);")]
    [InlineData("static readonly HashSet<string> s = [\"a\"]; static bool Use(string k) => s.Contains(k);")]
    [InlineData("static HashSet<string> s { get; } = [\"a\"]; static bool Use(string k) => s.Contains(k);")]
    [InlineData("static readonly List<(string, int)> s = [(\"a\", 1)]; static int Use() { var sum = 0; foreach (var (_, n) in s) sum += n; return sum; }")]
    [InlineData("static readonly List<int> s = [1]; static int Use() => s.Where(n => n > 1).Select(n => n + 1).Sum() + string.Join(\",\", s).Length + new List<int>(s).Count;")]
    [InlineData("static readonly List<int> s = [1]; static bool Use(bool b) => s.Contains(b ? 1 : 2);")]
    [InlineData("static readonly List<int> s = [1]; static IReadOnlyList<int> Use() => s;")]
    [InlineData("static string[] s = [\"a\"]; static string Use() => s[0] + s.Length;")]
    [InlineData("static readonly int[] s = [1, 2]; static int[] Use() => s;")]
    public Task A_table_or_a_constant_is_not(string members) => AssertNamed(members, []);

    [Fact(Timeout = 60_000)]
    public Task What_another_project_changes_is_named_and_what_it_reads_is_not()
    {
        static CompiledAssembly Tables(string version) => CompiledAssembly.From("Tables", $$"""
            namespace Tables;
            public static class Read { public static readonly Dictionary<string, int> Of = new() { ["{{version}}"] = 1 }; public static List<int> All { get; } = [1]; }
            public static class Changed { public static int Count; public static readonly Dictionary<string, int> Of = []; public static List<int> All { get; } = []; }
            public static class Cache<T> { public static readonly List<T> All = []; public static T? Last; }
            """);
        const string use = """
            public static class Use
            {
                public static int Now(string k) { Tables.Changed.Count++; Tables.Changed.Of.Remove(k); Tables.Changed.All.Clear(); Tables.Cache<int>.Last = 1; return Tables.Read.Of[k] + Tables.Read.All.Count; }
            }
            """;
        ReleaseContents Release(string version)
        {
            var tables = Tables(version);
            return new(CompiledAssembly.From("Lobby", Sources.Saying($"\"{version}\"") + use, tables), tables);
        }

        var first = _bench.Load(Release("1"));
        var second = _bench.Load(Release("2"), first);

        Assert.Equal(["Tables.Cache`1.Last", "Tables.Changed.All", "Tables.Changed.Count", "Tables.Changed.Of"], Named(second));
        return Task.CompletedTask;
    }

    /// <summary>Of the code before it is what could be lost.</summary>
    [Fact(Timeout = 60_000)]
    public Task What_only_the_new_code_changes_is_not_named_until_it_is_replaced_itself()
    {
        const string changes = "static int s; static void Use() => s++;";
        var first = _bench.Load(new ReleaseContents(Lobby("1", "static int s; static int Use() => s;")));
        var second = _bench.Load(new ReleaseContents(Lobby("2", changes)), first);
        var third = _bench.Load(new ReleaseContents(Lobby("3", changes)), second);

        Assert.Empty(first.Warnings);
        Assert.Empty(second.Warnings);
        Assert.Equal(["Statics.s"], Named(third));
        return Task.CompletedTask;
    }

    private Task AssertNamed(string members, string[] names)
    {
        var first = _bench.Load(new ReleaseContents(Lobby("1", members)));
        var second = _bench.Load(new ReleaseContents(Lobby("2", members)), first);

        Assert.Empty(first.Warnings);
        Assert.Equal(names, Named(second));
        return Task.CompletedTask;
    }

    private static IEnumerable<string> Named(Hosting.Loading.LoadedRelease release) => release.Warnings.Select(warning => warning.Split(' ')[1]).Order(StringComparer.Ordinal);

    private static CompiledAssembly Lobby(string version, string members) => CompiledAssembly.From("Lobby", $"public class Statics {{ {members} }} {Sources.Saying($"\"{version}\"")}");
}
