using System.Globalization;
using System.Text;

namespace WatchReload.Bench.Services;

/// <summary>Code that gives a service its size: files of twelve methods, as ordinary code has them, different in each file and always the same.</summary>
internal static class Bulk
{
    public const int MethodsInFile = 12;

    public static IEnumerable<SourceFile> Files(string @namespace, int count) =>
        Enumerable.Range(0, count).Select(i => new SourceFile($"Bulk/Part{i:000}.cs", Text(@namespace, i)));

    private static string Text(string @namespace, int file)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $$"""
            namespace {{@namespace}}.Bulk;

            internal static class Part{{file:000}}
            {

            """));
        for (var method = 0; method < MethodsInFile; method++) text.Append(Method(file, method));
        return text.Append("}\n").ToString();
    }

    private static string Method(int file, int method) => (method % 4) switch
    {
        0 => string.Create(CultureInfo.InvariantCulture, $$"""
                public static int Sum{{method}}(int[] values)
                {
                    var sum = {{file + method}};
                    foreach (var value in values)
                    {
                        if (value % {{method + 2}} == 0) sum += value * {{file + 1}};
                        else sum -= value;
                    }

                    return sum;
                }


            """),
        1 => string.Create(CultureInfo.InvariantCulture, $$"""
                public static string Label{{method}}(string name, int number) => number switch
                {
                    < {{file}} => $"{name} is below {number}",
                    {{file + 1000}} => "exactly",
                    _ => string.Join(", ", Enumerable.Repeat(name, number % {{method + 3}})),
                };


            """),
        2 => string.Create(CultureInfo.InvariantCulture, $$"""
                public static Dictionary<string, int> Count{{method}}(IEnumerable<string> words)
                {
                    var counts = new Dictionary<string, int>();
                    foreach (var word in words.Where(w => w.Length > {{method}}))
                    {
                        counts.TryGetValue(word, out var count);
                        counts[word] = count + {{file + 1}};
                    }

                    return counts;
                }


            """),
        _ => string.Create(CultureInfo.InvariantCulture, $$"""
                public static bool Try{{method}}(string text, out int value)
                {
                    value = 0;
                    if (string.IsNullOrEmpty(text)) return false;
                    for (var i = 0; i < text.Length; i++)
                    {
                        if (text[i] is < '0' or > '9') return false;
                        value = (value * 10) + (text[i] - '0') + {{file % 7}};
                    }

                    return true;
                }


            """),
    };
}
