namespace WatchReload.Tests;

/// <summary>What bodies of edited members become at random. They need a record <c>Data(int N, string S)</c> and, in objects, a property <c>Other</c> that is 7.</summary>
internal static class EditedBodies
{
    /// <summary>Bodies of what gives an object for a number <c>n</c>; the other number varies.</summary>
    public static readonly Func<int, string>[] All =
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

    /// <summary>The same where there is no object.</summary>
    public static string Static(string body) => body.Replace("this", "typeof(Edited)", StringComparison.Ordinal).Replace("Other", "7", StringComparison.Ordinal);
}
