using System.Reflection;
using System.Reflection.Metadata;
using System.Runtime.Loader;
using FsCheck;
using FsCheck.Fluent;

namespace WatchReload.Deltas.Tests;

/// <summary>Whatever the bodies become, in whatever order: what has been patched answers as what is loaded afresh from the same source.</summary>
public sealed class PatchedAssemblyTests
{
    /// <summary>Bodies of <c>object M(int n)</c>; the number varies.</summary>
    private static readonly Func<int, string>[] Bodies =
    [
        k => $"return n + {k};",
        k => $"var c = {k}; Func<int, int> f = x => x * c + n; return f(2) + f(3);",
        k => $"Func<int> f = () => {k}; return f() + n;",
        k => $"int L(int x) => x <= 0 ? {k} : L(x - 1) + n; return L(n % 5);",
        k => $"return string.Join(',', Enumerable.Range(0, n % 7).Select(i => new {{ i, v = i * {k} }}).OrderByDescending(p => p.v).Select(p => p.v + \":\" + p.i));",
        k => $"return Slow(n).GetAwaiter().GetResult(); async Task<int> Slow(int x) {{ var a = x + {k}; await Task.Yield(); try {{ await Task.Yield(); if (a % 2 == 0) throw new InvalidOperationException(); return a; }} catch (InvalidOperationException) {{ return a * 3; }} }}",
        k => $"IEnumerable<int> Seq() {{ for (var i = 0; i < n % 5; i++) yield return i + {k}; }} return string.Join(' ', Seq());",
        k => $"return (n % 6) switch {{ 0 => \"z{k}\", 1 or 2 => \"a\", > 4 => \"b\", _ => $\"{{n}}-{k}\" }};",
        k => $"return n.ToString() switch {{ \"1\" => 1, \"2\" => {k}, \"3\" => 3, \"4\" => 4, \"5\" => 5, \"6\" => 6, \"7\" => 7, _ => 8 }};",
        k => $"List<int> l = [1, n, {k}]; l.AddRange([.. l.Where(x => x > {k})]); return string.Join(',', l);",
        k => $"Func<int, Func<int, int>> add = x => y => x + y + {k}; return add(n)(1);",
        k => $"var t = (a: n, b: {k}); (t.a, t.b) = (t.b, t.a); return t;",
        k => $"Span<int> s = [n, {k}, 3]; s.Sort(); return s[0] * 100 + s[1] * 10 + s[2];",
        k => $"var p = new Data(n, \"x{k}\"); return (p with {{ N = {k} }}).ToString();",
        k => $"foreach (var x in new[] {{ 1, 2, {k} }}) {{ var y = x; Func<int> f = () => y + n; if (f() > 3) return f(); }} return -1;",
        k => $"return Static(n) + Other; static int Static(int x) {{ return x - {k}; }}",
        k => $"dynamic d = n; return d + {k};",
        k => $"lock (this) {{ using var s = new System.IO.StringWriter(); s.Write(\"{{0}}\", {k}); return s.ToString() + n; }}",
    ];

    [Fact(Timeout = 600_000)]
    public void Patched_assembly_answers_as_one_that_is_loaded_afresh_when_bodies_are_edited_at_random()
    {
        Assert.True(MetadataUpdater.IsSupported, "The tests' process was not started with DOTNET_MODIFIABLE_ASSEMBLIES=debug (deltas.runsettings).");
        var body = Gen.Choose(0, Bodies.Length - 1).Zip(Gen.Choose(0, 9), (which, number) => Bodies[which](number));
        var edits = Gen.Choose(0, 3).Zip(body).NonEmptyListOf().Select(list => list.Take(4).ToArray());
        Prop.ForAll(Arb.From(edits), Holds).Check(Config.QuickThrowOnFailure.WithMaxTest(12).WithStartSize(4).WithEndSize(4));
    }

    private static void Holds((int Method, string Body)[] edits)
    {
        string[] bodies = [Bodies[0](0), Bodies[1](1), Bodies[5](2), Bodies[4](3)];
        var compiled = CompiledAssembly.From("Patched", Source(bodies));
        var difference = new Difference(compiled);
        var patched = Load(compiled);
        Assert.Equal(Answers(Load(compiled)), Answers(patched));
        foreach (var (method, body) in edits)
        {
            var changes = bodies[method] != body;
            bodies[method] = body;
            var result = difference.To(Source(bodies));
            Assert.Equal(changes ? null : "no body is another", result.Doubt);
            if (result.Delta is { } delta)
                MetadataUpdater.ApplyUpdate(patched, delta.Metadata, delta.IL, delta.Symbols);
            Assert.Equal(Answers(Load(CompiledAssembly.From("Patched", Source(bodies)))), Answers(patched));
        }
    }

    private static string Source(string[] bodies) => $$"""
        public sealed record Data(int N, string S);
        public sealed class Edited
        {
            public int Other => 7;
            public object A(int n) { {{bodies[0]}} }
            public object B(int n) { {{bodies[1]}} }
            public object C(int n) { {{bodies[2]}} }
            public object D(int n) { {{bodies[3]}} }
        }
        """;

    private static Assembly Load(CompiledAssembly compiled)
    {
        using var image = new MemoryStream(compiled.Image);
        using var symbols = new MemoryStream(compiled.Symbols);
        return new AssemblyLoadContext("patched", isCollectible: false).LoadFromStream(image, symbols);
    }

    private static List<string> Answers(Assembly assembly)
    {
        var type = assembly.GetType("Edited", throwOnError: true)!;
        var edited = Activator.CreateInstance(type)!;
        return [.. from name in (string[])["A", "B", "C", "D"] from n in Enumerable.Range(0, 8) select $"{name}({n}) = {type.GetMethod(name)!.Invoke(edited, [n])}"];
    }
}
