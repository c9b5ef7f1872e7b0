using System.Text;

namespace WatchReload.Hosting.Tests.Properties;

/// <summary>
/// The types of a service in two versions, made by chance. A member of the first is in the second too, there at another place, wider, nullable, in a
/// collection of wider ones, under a name that ends with <see cref="Renamed"/>; or it is removed. The second has members that the first does not have. One type may be carried over by an <c>Upgrade</c>.
/// </summary>
internal sealed class GeneratedShape
{
    /// <summary>How the new names of members end that have another.</summary>
    public const string Renamed = "Renamed";

    private const string Rest = """
        public interface IThing;
        public sealed record Box<T>(T Value, int Size = 1);
        """;

    private readonly Choices _choices;

    /// <summary>What each kind of container becomes: one object that two members share cannot become two of different types.</summary>
    private readonly Dictionary<string, string> _containers = [];
    private readonly StringBuilder _before = new("namespace Made; using System.Collections.Immutable;");
    private readonly StringBuilder _after = new("namespace Made; using System.Collections.Immutable;");

    /// <param name="tape">Decides.</param>
    /// <param name="refused">Whether the state has a member, <c>Bad</c>, that has no way into the second version.</param>
    public GeneratedShape(IReadOnlyList<int> tape, bool refused = false)
    {
        _choices = new Choices(tape);
        Both("public enum Kind { None, One, Two, Three }", "public enum Kind { Three = 7, None = 2, Added = 0, Two = 9, One = 1 }");
        Both(Rest, Rest);
        Positional("record struct", "Part", Members(values: true), removes: false);
        Mark();
        Positional("sealed record", "Leaf", Members(), bases: " : IThing");
        Settable("class", "Item", " : IThing");
        Settable("sealed class", "Sub", " : Item", 'S');
        List<Member> state = Members();
        if (refused) state.Insert(_choices.Of(state.Count + 1), Bad());
        Positional("sealed record", "State", state);
    }

    public string Before => _before.ToString();

    public string After => _after.ToString();

    /// <summary>By the name of a type, what its second version alone has, and what of that those get that are carried over.</summary>
    public ExtraMembers Added { get; } = [];

    /// <summary>By the name of a type, what its first version alone has, and what of that those get that come back.</summary>
    public ExtraMembers Removed { get; } = [];

    private void Both(string before, string after)
    {
        _before.AppendLine(before);
        _after.AppendLine(after);
    }

    /// <summary>A record whose members are its constructor's parameters.</summary>
    private void Positional(string what, string name, List<Member> members, bool removes = true, string bases = "")
    {
        var removed = removes ? Extra(Removed, name, "Gone") : "";
        var added = Extra(Added, name, "Added");
        Both($"public {what} {name}({First(members, removed)}){bases};", $"public {what} {name}({Second(members, added)}){bases};");
    }

    /// <summary>A record of values that becomes another by shape or by an <c>Upgrade</c>, which gives what is added another value.</summary>
    private void Mark()
    {
        const string Name = nameof(Mark);
        var members = Members(values: true);
        if (_choices.Of(2) == 0)
        {
            Positional("sealed record", Name, members);
            return;
        }

        var before = First(members, Extra(Removed, Name, "Gone"));
        Added.Add(Name, [("Added", 6)]);
        Both(
            $"public sealed record {Name}({before});",
            $$"""
            public sealed record {{Name}}V1({{before}});
            public sealed record {{Name}}({{Second(members, "int Added = 5")}}) : IUpgrade<{{Name}}V1, {{Name}}>
            {
                public static {{Name}} Upgrade({{Name}}V1 old) => new({{string.Join(", ", members.Select(m => $"{m.NewName}: old.{m.Name}"))}}, Added: 6);
            }
            """);
    }

    /// <summary>A class with properties: only of these can cycles be made.</summary>
    private void Settable(string what, string name, string bases, char prefix = 'M')
    {
        var members = Members(prefix: prefix);
        var access = _choices.Of("set", "init", "private set");
        var removed = Extra(Removed, name, $"Gone{prefix}");
        var added = Extra(Added, name, $"Added{prefix}");
        Both(
            $"public {what} {name}{bases} {{ {string.Join(" ", members.Select(m => $"public {m.Before} {m.Name} {{ get; set; }} = default!;"))} {Property(removed)} }}",
            $"public {what} {name}{bases} {{ {string.Join(" ", Shuffled(members).Select(m => $"{m.Former}public {m.After} {m.NewName} {{ get; {access}; }} = default!;"))} {Property(added)} }}");
    }

    private static string First(IEnumerable<Member> members, string removed) =>
        string.Join(", ", [.. members.Where(m => m.Before.Length > 0).Select(m => $"{m.Before} {m.Name}"), .. OneOrNone(removed)]);

    private string Second(List<Member> members, string added) => string.Join(", ", [.. Shuffled(members).Select(m => $"{m.Former}{m.After} {m.NewName}"), .. OneOrNone(added)]);

    private static string[] OneOrNone(string declared) => declared.Length == 0 ? [] : [declared];

    /// <summary>The declaration of a parameter as that of a property.</summary>
    private static string Property(string declared) => declared.Length == 0 ? "" : $"public {declared.Replace(" =", " { get; set; } =", StringComparison.Ordinal)};";

    /// <summary>Declares a member, with a default, of one of the two versions; or none.</summary>
    private string Extra(ExtraMembers members, string type, string name)
    {
        var (declared, value) = _choices.Of<(string, object?)>(("int {0} = 5", 5), ("string {0} = \"made\"", "made"), ("bool {0} = true", true), ("Kind {0} = Kind.Two", "Two"), ("long? {0} = null", null), ("", null));
        if (declared.Length > 0) members.Add(type, [(name, value)]);
        return string.Format(System.Globalization.CultureInfo.InvariantCulture, declared, name);
    }

    private List<Member> Members(bool values = false, char prefix = 'M')
    {
        var members = new List<Member>();
        for (var i = 0; i < 2 + _choices.Of(5); i++)
        {
            var (before, after) = values ? Value() : Type(2);
            members.Add(new Member($"{prefix}{i}", before, after, _choices.Rarely));
        }

        return members;
    }

    /// <summary>Narrower, of another kind, no longer nullable, or new and without a default.</summary>
    private Member Bad()
    {
        var (before, after) = _choices.Of(("int", "Guid"), ("string?", "int"), ("List<int>", "int"), ("long", "int"), ("long?", "long"), ("", "string"));
        return new Member(nameof(Bad), before, after, IsRenamed: false);
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

    private (string Before, string After) Simple() => _choices.Of(9) switch
    {
        0 => Value(),
        1 => ("string?", "string?"),
        2 => ("Item?", "Item?"),
        3 => ("Leaf?", "Leaf?"),
        4 => ("IThing?", "IThing?"),
        5 => ("object?", "object?"),
        6 => ("Sub?", "Sub?"),
        7 => ("Mark?", "Mark?"),
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

    private sealed record Member(string Name, string Before, string After, bool IsRenamed)
    {
        public string NewName => IsRenamed ? Name + Renamed : Name;

        public string Former => IsRenamed ? $"[FormerName(\"{Name}\")] " : "";
    }
}

/// <summary>Members that one version alone has, by the names of their types, with their values.</summary>
internal sealed class ExtraMembers : Dictionary<string, IReadOnlyList<(string Name, object? Value)>>;
