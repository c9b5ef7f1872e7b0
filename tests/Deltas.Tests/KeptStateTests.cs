using WatchReload.Builder.Replay;

namespace WatchReload.Deltas.Tests;

/// <summary>What a generator may keep from one run for the next, found in its assembly.</summary>
public sealed class KeptStateTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("class Words { static int s_count; static int Next() => ++s_count; }", "Words.s_count")]
    [InlineData("class Words { static int s_count; static int Next() => Interlocked.Increment(ref s_count); }", "Words.s_count")]
    [InlineData("class Words { static int Count { get; set; } static int Next() => Count++; }", "Words.Count")]
    [InlineData("class Words { static string? s_first; static string First(string word) => s_first ??= word; }", "Words.s_first")]
    [InlineData("class Words<T> { static T? s_last; static void Keep(T word) => s_last = word; }", "Words`1.s_last")]
    [InlineData("class Words { static List<string> s_all = []; static async Task Clear() { await Task.Yield(); s_all = []; } }", "Words.s_all")]
    [InlineData("class Words { static List<string> s_all = []; static Action Clear() => () => s_all = []; }", "Words.s_all")]
    [InlineData("class Words { [ThreadStatic] static System.Text.StringBuilder? t_text; static void Begin() => t_text = new(); }", "Words.t_text")]
    [InlineData("class Words { static event Action? Said; static void Listen() => Said += () => {}; }", "Words.Said")]
    [InlineData(Generator + "int _count; void Run() => _count++; }", "Words._count")]
    [InlineData(Generator + "int _count; public void Initialize(IncrementalGeneratorInitializationContext context) => context.RegisterPostInitializationOutput(_ => _count = 1); }", "Words._count")]
    public async Task Is_found(string code, string told)
    {
        await Task.Yield();
        Assert.Equal(told, In(code));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("class Words { static readonly string[] s_all = [\"one\"]; static int s_most = s_all.Length; const int Least = 0; static int Of() => s_most; }")]
    [InlineData("class Words { static readonly int s_most; static string Name { get; } = \"words\"; static Words() { s_most = 3; } }")]
    [InlineData("class Words { static readonly System.Collections.Concurrent.ConcurrentDictionary<string, int> s_known = new(); static int Of(string word) => s_known.GetOrAdd(word, one => one.Length); }")]
    [InlineData("class Words { static Func<int, int> Twice() => one => one * 2; static Func<int, int> Same() => Itself; static int Itself(int one) => one; }")]
    [InlineData("class Words { static Func<T, T> Same<T>() => one => one; static IEnumerable<int> Of(IEnumerable<int> all) => all.Where(one => one > 0).Select(Math.Abs); }")]
    [InlineData("class Words { static object Of(dynamic word) => word.Length; }")]
    [InlineData("class Words { static readonly DateTime s_begin = new(2026, 1, 1); static int Of(string word) => s_begin.Year + (word switch { \"one\" => 1, \"two\" => 2, \"three\" => 3, \"four\" => 4, \"five\" => 5, \"six\" => 6, \"seven\" => 7, _ => 0 }); }")]
    [InlineData("class Words { static bool Of(System.Collections.Immutable.ImmutableArray<int> all) => System.Collections.Immutable.ImmutableArray<int>.Empty.Add(1).IsEmpty; }")]
    [InlineData("class Words { static System.Resources.ResourceManager? s_texts; static System.Resources.ResourceManager Texts => s_texts ??= new(typeof(Words)); static System.Globalization.CultureInfo? Culture { get; set; } }")]
    [InlineData("class Words { int _count; public int Next() => ++_count; static int s_count; }")]
    [InlineData(Generator + "readonly int _most; int _least; Func<int> _of; public Words() { _most = 3; _of = () => _most; } public void Initialize(IncrementalGeneratorInitializationContext context) => _least = 1; int Of() => _least; }")]
    public async Task Is_not_what_is_the_same_in_each_run(string code)
    {
        await Task.Yield();
        Assert.Null(In(code));
    }

    [Fact(Timeout = 60_000)]
    public async Task Static_of_another_assembly_is_found_where_it_is_written()
    {
        await Task.Yield();
        var part = CompiledAssembly.From("Part", "public static class Words { public static int Count; public static readonly DateTime Begin; }");
        Assert.Equal("Words.Count", In("class Asked { static int Of() => Words.Count = Words.Begin.Year; }", part));
        Assert.Null(In("class Asked { static int Of() => Words.Count + Words.Begin.Year; }", part));
    }

    [Fact(Timeout = 60_000)]
    public async Task It_is_found_behind_a_switch_of_any_length()
    {
        await Task.Yield();
        Assert.All(Enumerable.Range(3, 40), cases => Assert.Equal("Words.s_count", In($"class Words {{ static int s_count; int Of(int kind) {{ switch (kind) {{ {string.Concat(Enumerable.Range(0, cases).Select(kind => $"case {kind}: return kind * {kind + 7};"))} default: return s_count = 1; }} }} }}")));
    }

    private const string Generator = "using Microsoft.CodeAnalysis; [Generator] class Words { ";

    private static string? In(string code, params CompiledAssembly[] references) => CompiledExtension.Look(code, KeptState.In, references);
}
