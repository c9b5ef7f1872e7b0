using System.Globalization;

namespace WatchReload.Hosting.Tests.Properties;

/// <summary>A member of a type in two versions.</summary>
/// <param name="Name">In the first.</param>
/// <param name="Before">Its type in the first version; empty when it is new.</param>
/// <param name="After">Its type in the second.</param>
/// <param name="IsRenamed">Whether it has another name in the second.</param>
internal sealed record GeneratedMember(string Name, string Before, string After, bool IsRenamed)
{
    public string NewName => IsRenamed ? Name + GeneratedShape.Renamed : Name;

    public string Former => IsRenamed ? $"[FormerName(\"{Name}\")] " : "";

    /// <summary>Whether a cast gets from one to the other: no collection of other elements, no generic type of other arguments.</summary>
    public bool IsCast => Before == After || !Before.AsSpan().ContainsAny('<', '[', '(');
}

/// <summary>The members of the types of a <see cref="GeneratedShape"/>.</summary>
internal sealed class GeneratedMembers(Choices choices)
{
    /// <summary>What each kind of container becomes: one object that two members share cannot become two of different types.</summary>
    private readonly Dictionary<string, string> _containers = [];

    /// <summary>Whether the struct with fields is there: it must not hold itself.</summary>
    public bool HasSpot { private get; set; }

    public List<GeneratedMember> Any(char prefix = 'M') => Of(prefix, () => Type(2));

    /// <summary>Numbers, enums and the like, also nullable.</summary>
    public List<GeneratedMember> Values() => Of('M', Value);

    /// <summary>Narrower, of another kind, no longer nullable, or <paramref name="added"/>: new and without a default.</summary>
    public GeneratedMember Bad((string, string) added)
    {
        var (before, after) = choices.Of(2) == 0 ? added : Bad();
        return new GeneratedMember(nameof(Bad), before, after, IsRenamed: false);
    }

    /// <summary>A collection whose elements cannot become those of the second version.</summary>
    public GeneratedMember BadElements()
    {
        var (before, after) = In(choices.Of("List<{0}>", "Dictionary<int, {0}>", "ImmutableList<{0}>", "Queue<{0}>"), Bad());
        return new GeneratedMember(nameof(BadElements), before, after, IsRenamed: false);
    }

    private (string, string) Bad() => choices.Of(("int", "Guid"), ("string?", "int"), ("List<int>", "int"), ("long", "int"), ("long?", "long"), ("int[,]", "int[]"), ("Stack<int>", "List<int>"));

    private List<GeneratedMember> Of(char prefix, Func<(string Before, string After)> type)
    {
        var members = new List<GeneratedMember>();
        for (var i = 0; i < 2 + choices.Of(5); i++)
        {
            var (before, after) = type();
            members.Add(new GeneratedMember($"{prefix}{i}", before, after, choices.Rarely));
        }

        return members;
    }

    private (string Before, string After) Type(int depth)
    {
        if (depth == 0 || choices.Of(3) == 0) return Simple();
        var (before, after) = Container(depth);
        return (before, _containers.TryAdd(before, after) ? after : _containers[before]);
    }

    private (string Before, string After) Container(int depth) => choices.Of(24) switch
    {
        0 => In("List<{0}>", Type(depth - 1)),
        1 => In("{0}[]", Type(depth - 1)),
        2 => Map("Dictionary", Key(), depth),
        3 => ("Dictionary<Token, Leaf?>", "Dictionary<Token, Leaf?>"),
        4 => In("ImmutableList<{0}>", Type(depth - 1)),
        5 => In("Queue<{0}>", Type(depth - 1)),
        6 => In("(int, {0})", Type(depth - 1)),
        7 => In("Box<{0}>", choices.Of(2) == 0 ? Value() : Type(depth - 1)),
        8 => ("IReadOnlyList<Item?>", "IReadOnlyList<Item?>"),
        9 => In("HashSet<{0}>", Key()),
        10 => In("ImmutableArray<{0}>", Type(depth - 1)),
        11 => In("{0}[,]", Type(depth - 1)),
        12 => Map("FrozenDictionary", Key(), depth),
        13 => Map("ConcurrentDictionary", Key(), depth),
        14 => Map("ImmutableDictionary", Key(), depth),
        15 => Map(choices.Of("SortedDictionary", "SortedList", "ImmutableSortedDictionary"), Ordered(), depth),
        16 => In(choices.Of("FrozenSet<{0}>", "ImmutableHashSet<{0}>"), Key()),
        17 => In(choices.Of("SortedSet<{0}>", "ImmutableSortedSet<{0}>"), Ordered()),
        18 => In(choices.Of("ConcurrentQueue<{0}>", "ConcurrentStack<{0}>", "LinkedList<{0}>", "ImmutableStack<{0}>", "ImmutableQueue<{0}>"), Type(depth - 1)),
        19 => In("ConcurrentBag<{0}>", Value()),
        20 => In("Crate<{0}>.Lid", choices.Of(2) == 0 ? Value() : Type(depth - 1)),
        21 => ("IReadOnlyDictionary<Part, Base?>", "IReadOnlyDictionary<Part, Base?>"),
        22 => ("List<Twig?>", choices.Of("List<Twig?>", "ImmutableList<Twig?>")),
        _ => In("Stack<{0}>", Type(depth - 1)),
    };

    private (string, string) Map(string map, (string Before, string After) key, int depth)
    {
        var (before, after) = Type(depth - 1);
        return ($"{map}<{key.Before}, {before}>", $"{map}<{key.After}, {after}>");
    }

    private (string Before, string After) Simple() => choices.Of(21) switch
    {
        0 => Value(),
        1 => ("string?", "string?"),
        2 => ("Item?", "Item?"),
        3 => ("Leaf?", "Leaf?"),
        4 => ("IThing?", "IThing?"),
        5 => ("object?", "object?"),
        6 => ("Sub?", "Sub?"),
        7 => ("Mark?", "Mark?"),
        8 => ("Base?", "Base?"),
        9 => ("Note?", "Note?"),
        10 => ("Hall.Seat?", "Hall.Seat?"),
        11 => ("Token?", "Token?"),
        12 => ("Desk?", "Desk?"),
        13 => ("Root?", "Root?"),
        14 => ("Twig?", "Twig?"),
        15 => ("Pebble", "Pebble"),
        16 => ("Shell", "Shell"),
        17 => ("Kept.Terms?", "Kept.Terms?"),
        18 => ("Kept.Envelope?", "Kept.Envelope?"),
        19 when HasSpot => ("Spot", choices.Of("Spot", "Spot?")),
        _ => ("Part", choices.Of("Part", "Part?")),
    };

    private (string Before, string After) Value() => choices.Of(11) switch
    {
        0 => ("int", choices.Of("int", "long", "int?", "long?", "double", "decimal")),
        1 => ("byte", choices.Of("byte", "short", "ulong")),
        2 => ("bool", choices.Of("bool", "bool?")),
        3 => ("Kind", choices.Of("Kind", "Kind?")),
        4 => ("Guid", "Guid"),
        5 => ("Rights", choices.Of("Rights", "Rights?")),
        6 => ("double", choices.Of("double", "double?")),
        7 => ("decimal", choices.Of("decimal", "decimal?")),
        8 => ("char", choices.Of("char", "int", "char?")),
        9 => ("DateTime", choices.Of("DateTime", "DateTime?")),
        _ => ("long?", "long?"),
    };

    private (string Before, string After) Key() => choices.Of(5) switch
    {
        0 => ("string", "string"),
        1 => ("Part", "Part"),
        2 => ("Token", "Token"),
        3 => ("Rights", "Rights"),
        _ => ("int", choices.Of("int", "long")),
    };

    private (string Before, string After) Ordered() => choices.Of(3) switch
    {
        0 => ("string", "string"),
        1 => ("Kind", "Kind"),
        _ => ("int", choices.Of("int", "long")),
    };

    private static (string, string) In(string container, (string Before, string After) element) => (
        string.Format(CultureInfo.InvariantCulture, container, element.Before),
        string.Format(CultureInfo.InvariantCulture, container, element.After));
}
