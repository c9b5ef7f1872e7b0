using System.Reflection;
using System.Reflection.Metadata;
using System.Runtime.Loader;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Hosting.Loading;

namespace WatchReload.Deltas.Tests;

/// <summary>Whatever the bodies become, and whatever methods are added, in whatever order: what has been patched answers as what is loaded afresh from the same source.</summary>
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

    private static readonly string[] Access = ["public", "private", "internal"];

    private static readonly string[] Parameters = ["int n", "int n, int more = 3", "int n, string? text = \"x\", params (int A, string? B)[] more", "int n, dynamic? any = null, nint? at = null"];

    private static readonly BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    [Fact(Timeout = 600_000)]
    public void Patched_assembly_answers_as_one_that_is_loaded_afresh_when_bodies_are_edited_and_methods_added_at_random()
    {
        Assert.True(MetadataUpdater.IsSupported, "The tests' process was not started with DOTNET_MODIFIABLE_ASSEMBLIES=debug (deltas.runsettings).");
        var body = Gen.Choose(0, Bodies.Length - 1).Zip(Gen.Choose(0, 9), (which, number) => Bodies[which](number));
        var edits = Gen.Choose(0, 11).Zip(body, (method, text) => (method, text)).Zip(Gen.Choose(0, 2), (edit, kind) => (edit.method, edit.text, kind == 0)).NonEmptyListOf().Select(list => list.Take(5).ToArray());
        Prop.ForAll(Arb.From(edits), Holds).Check(Config.QuickThrowOnFailure.WithMaxTest(12).WithStartSize(5).WithEndSize(5));
    }

    /// <summary>That somebody has looked at its members before an addition changes nothing, as nobody has looked at those of a new type.</summary>
    private static void Holds((int Method, string Body, bool Adds)[] edits)
    {
        List<string> bodies = [Bodies[0](0), Bodies[1](1), Bodies[5](2), Bodies[4](3)];
        var handlers = new UpdateHandlers(NullLogger.Instance);
        var compiled = CompiledAssembly.From("Patched", Source(bodies));
        var difference = new Difference(compiled);
        var patched = Load(compiled);
        Assert.Equal(Answers(Load(compiled)), Answers(patched));
        foreach (var (which, body, adds) in edits)
        {
            var method = which % bodies.Count;
            var changes = adds || bodies[method] != body;
            bodies[method] = adds ? $"return {Name(bodies.Count)}(n) + \"!\";" : body;
            if (adds)
                bodies.Add(body);
            var result = difference.To(Source(bodies));
            Assert.Equal((changes ? null : "no body is another", adds), (result.Doubt, result.AddsMethods));
            if (result.Delta is { } delta)
            {
                MetadataUpdater.ApplyUpdate(patched, delta.Metadata, delta.IL, delta.Symbols);
                handlers.Updated([patched.GetType("Edited", throwOnError: true)!]);
            }
            Assert.Equal(Answers(Load(CompiledAssembly.From("Patched", Source(bodies)))), Answers(patched));
        }
    }

    private static string Source(List<string> bodies) => $$"""
        public sealed record Data(int N, string S);
        public sealed class Edited
        {
            public int Other => 7;
            {{string.Join("\n    ", bodies.Select((body, i) => $"{Access[i % 3]} object {Name(i)}({Parameters[i % 4]}) {{ {body} }}"))}}
        }
        """;

    private static string Name(int method) => ((char)('A' + method)).ToString();

    private static Assembly Load(CompiledAssembly compiled)
    {
        using var image = new MemoryStream(compiled.Image);
        using var symbols = new MemoryStream(compiled.Symbols);
        return new AssemblyLoadContext("patched", isCollectible: false).LoadFromStream(image, symbols);
    }

    /// <summary>Methods of the compiler's own have names that depend on the way.</summary>
    private static List<string> Answers(Assembly assembly)
    {
        var type = assembly.GetType("Edited", throwOnError: true)!;
        var edited = Activator.CreateInstance(type)!;
        var methods = type.GetMethods(All).Where(method => method.Name.Length == 1).OrderBy(method => method.Name, StringComparer.Ordinal);
        return [.. from method in methods from n in Enumerable.Range(0, 8) select $"{method}({n}) = {method.Invoke(edited, [n, .. Others(method)])}"];
    }

    private static IEnumerable<object?> Others(MethodInfo method) => method.GetParameters().Skip(1).Select(parameter => parameter.HasDefaultValue ? parameter.DefaultValue : null);
}
