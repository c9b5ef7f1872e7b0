using System.Text;

namespace WatchReload.Hosting.Tests.Properties;

/// <summary>
/// The types of a service in two versions, made by chance. Each member of the first is in the second too, there at another place, wider, nullable, in a
/// collection of wider ones; members of the second that the first does not have are called <c>Added</c>.
/// </summary>
internal sealed class GeneratedShape
{
    private const string Rest = """
        public interface IThing;
        public sealed record Box<T>(T Value, int Size = 1);
        """;

    private readonly Choices _choices;

    /// <summary>What each kind of container becomes: one object that two members share cannot become two of different types.</summary>
    private readonly Dictionary<string, string> _containers = [];
    private readonly StringBuilder _before = new("namespace Made; using System.Collections.Immutable;");
    private readonly StringBuilder _after = new("namespace Made; using System.Collections.Immutable;");

    public GeneratedShape(IReadOnlyList<int> tape)
    {
        _choices = new Choices(tape);
        Both("public enum Kind { None, One, Two, Three }", "public enum Kind { Three = 7, None = 2, Added = 0, Two = 9, One = 1 }");
        Both(Rest, Rest);
        Positional("record struct Part", keys: true);
        Positional("sealed record Leaf", keys: false, " : IThing");
        Settable("class Item", " : IThing");
        Settable("sealed class Sub", " : Item", 'S');
        Positional("sealed record State", keys: false);
    }

    public string Before => _before.ToString();

    public string After => _after.ToString();

    private void Both(string before, string after)
    {
        _before.AppendLine(before);
        _after.AppendLine(after);
    }

    /// <summary>A record whose members are its constructor's parameters.</summary>
    private void Positional(string what, bool keys, string bases = "")
    {
        var members = Members(keys);
        List<string> after = [.. Shuffled(members).Select(m => $"{m.After} {m.Name}"), "int Added = 5"];
        Both($"public {what}({string.Join(", ", members.Select(m => $"{m.Before} {m.Name}"))}){bases};", $"public {what}({string.Join(", ", after)}){bases};");
    }

    /// <summary>A class with properties: only of these can cycles be made.</summary>
    private void Settable(string what, string bases, char prefix = 'M')
    {
        var members = Members(keys: false, prefix);
        var access = _choices.Of("set", "init", "private set");
        Both(
            $"public {what}{bases} {{ {string.Join(" ", members.Select(m => $"public {m.Before} {m.Name} {{ get; set; }} = default!;"))} }}",
            $"public {what}{bases} {{ {string.Join(" ", Shuffled(members).Select(m => $"public {m.After} {m.Name} {{ get; {access}; }} = default!;"))} public string Added{prefix} {{ get; set; }} = \"new\"; }}");
    }

    private List<(string Name, string Before, string After)> Members(bool keys, char prefix = 'M')
    {
        var members = new List<(string, string, string)>();
        for (var i = 0; i < 2 + _choices.Of(5); i++)
        {
            var (before, after) = keys ? Value() : Type(2);
            members.Add(($"{prefix}{i}", before, after));
        }

        return members;
    }

    private (string Before, string After) Type(int depth)
    {
        if (depth == 0 || _choices.Of(3) == 0) return Simple();
        var (before, after) = Container(depth);
        return (before, _containers.TryAdd(before, after) ? after : _containers[before]);
    }

    private (string Before, string After) Container(int depth) => _choices.Of(12) switch
    {
        0 => In("List<{0}>", Type(depth - 1)),
        1 => In("{0}[]", Type(depth - 1)),
        2 => In("Dictionary<string, {0}>", Type(depth - 1)),
        3 => In("Dictionary<Part, {0}>", Type(depth - 1)),
        4 => In("ImmutableList<{0}>", Type(depth - 1)),
        5 => In("Queue<{0}>", Type(depth - 1)),
        6 => In("(int, {0})", Type(depth - 1)),
        7 => In("Box<{0}>", _choices.Of(2) == 0 ? Value() : Type(depth - 1)),
        8 => ("IReadOnlyList<Item?>", "IReadOnlyList<Item?>"),
        9 => ("HashSet<Part>", "HashSet<Part>"),
        10 => In("ImmutableArray<{0}>", Type(depth - 1)),
        _ => In("Stack<{0}>", Type(depth - 1)),
    };

    private (string Before, string After) Simple() => _choices.Of(8) switch
    {
        0 => Value(),
        1 => ("string?", "string?"),
        2 => ("Item?", "Item?"),
        3 => ("Leaf?", "Leaf?"),
        4 => ("IThing?", "IThing?"),
        5 => ("object?", "object?"),
        6 => ("Sub?", "Sub?"),
        _ => ("Part", _choices.Of("Part", "Part?")),
    };

    private (string Before, string After) Value() => _choices.Of(6) switch
    {
        0 => ("int", _choices.Of("int", "long", "int?", "long?")),
        1 => ("byte", _choices.Of("byte", "short", "ulong")),
        2 => ("bool", _choices.Of("bool", "bool?")),
        3 => ("Kind", _choices.Of("Kind", "Kind?")),
        4 => ("Guid", "Guid"),
        _ => ("long?", "long?"),
    };

    private static (string, string) In(string container, (string Before, string After) element) => (
        string.Format(System.Globalization.CultureInfo.InvariantCulture, container, element.Before),
        string.Format(System.Globalization.CultureInfo.InvariantCulture, container, element.After));

    private List<T> Shuffled<T>(List<T> items)
    {
        var shuffled = new List<T>();
        foreach (var item in items) shuffled.Insert(_choices.Of(shuffled.Count + 1), item);
        return shuffled;
    }
}
