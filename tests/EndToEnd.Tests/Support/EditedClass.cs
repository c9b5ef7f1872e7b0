using WatchReload.Tests;

namespace WatchReload.EndToEnd.Tests.Support;

/// <summary>A class with a member of each kind that has a body, and what it says of all of them; both change at random.</summary>
/// <param name="space">Its namespace.</param>
/// <param name="random">What happens next.</param>
/// <param name="more">Declarations that are more than a body, or may be: each from a number, with a method of its name without the line and its number.</param>
internal sealed class EditedClass(string space, Random random, params Func<int, string>[] more)
{
    private static readonly (string Says, Func<string, string, string> Declare)[] Shapes =
    [
        ("edited.{0}(n)", (name, body) => $"public object {name}(int n) {{ {body} }}"),
        ("Edited.{0}(n)", (name, body) => $"public static object {name}(int n) {{ {EditedBodies.Static(body)} }}"),
        ("edited.{0}(n).Result", (name, body) => $"public async Task<object> {name}(int n) {{ await Task.Yield(); {body} }}"),
        ("string.Join(' ', edited.{0}(n))", (name, body) => $"public IEnumerable<object> {name}(int n) {{ yield return n; for (var i = 0; i < 2; i++) {{ yield return Of(); }} object Of() {{ {body} }} }}"),
        ("edited.{0}(n)", (name, body) => $"public object {name}(int n) => ((Func<int, object>)(more => {{ {body} }}))(n);"),
        ("edited.{0}", (name, body) => $"public object {name} {{ get {{ var n = At; {body} }} }}"),
        ("edited.Set(() => edited.{0} = n)", (name, body) => $"public object {name} {{ get => _set; set {{ var n = At; _set = Of(); object Of() {{ {body} }} }} }}"),
        ("(edited + n)", (_, body) => $"public static object operator +(Edited self, int n) {{ {EditedBodies.Static(body)} }}"),
        ("edited[n]", (_, body) => $"public object this[int n] {{ get {{ {body} }} }}"),
    ];

    private readonly string[] _bodies = [.. Shapes.Select((_, i) => EditedBodies.All[i](i))];
    private readonly int[] _more = new int[more.Length];
    private readonly List<string> _added = [];

    /// <summary>What nobody edits: it asks each member some times.</summary>
    public string Answers => $$"""
        namespace {{space}};

        public static class Answers
        {
            public static string All => string.Join("; ", Enumerable.Range(0, 4).SelectMany(n => Of(new Edited { At = n }, n)));

            private static object[] Of(Edited edited, int n) => [{{string.Join(", ", Shapes.Select((shape, i) => string.Format(null, shape.Says, $"M{i}")).Concat(more.Select((_, i) => $"edited.More{i}(n)")))}}];
        }
        """;

    public string Text => $$"""
        namespace {{space}};

        public sealed record Data(int N, string S);

        public sealed class Edited
        {
            private object _set = 0;

            public int At { get; init; }

            public int Other => 7;

            public object Set(Action act) { act(); return _set; }

            {{string.Join("\n    ", more.Select((declare, i) => declare(_more[i])))}}
            {{string.Join("\n    ", Shapes.Select((shape, i) => shape.Declare($"M{i}", _bodies[i])))}}
            {{string.Join("\n    ", _added)}}
        }
        """;

    /// <summary>Edits until the text is another: a body, a body and a method that it calls, or what is more. Says what.</summary>
    public string Edit()
    {
        for (var before = Text; ;)
        {
            var (member, body) = (random.Next(Shapes.Length), EditedBodies.All[random.Next(EditedBodies.All.Length)](random.Next(10)));
            var what = random.Next(4) switch
            {
                0 when more.Length > 0 => More(),
                1 => Add(member, body),
                _ => $"{space}: M{member} becomes {_bodies[member] = body}",
            };
            if (Text != before)
                return what;
        }
    }

    private string More()
    {
        var which = random.Next(more.Length);
        _more[which] = random.Next(10);
        return $"{space}: {more[which](_more[which])}";
    }

    private string Add(int member, string body)
    {
        var name = $"Added{_added.Count}";
        _added.Add($"private static object {name}(int n) {{ {EditedBodies.Static(body)} }}");
        _bodies[member] = $"return {name}(n) + \"!\";";
        return $"{space}: M{member} calls {_added[^1]}";
    }
}
