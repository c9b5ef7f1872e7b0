using System.Text;

namespace WatchReload.Hosting.Tests.Properties;

/// <summary>
/// The types of a service in two versions, made by chance. A member of the first is in the second too, there at another place, wider, nullable, in a
/// collection of wider ones, under a name that ends with <see cref="Renamed"/>; or it is removed. The second has members that the first does not have. Some types are carried
/// over by an <c>Upgrade</c> or a chain of two, and some of those come back by a <c>Downgrade</c>: <see cref="GeneratedUpgrade"/>. A class becomes a struct, and a struct a class. Some members
/// are of types that stay: <see cref="Contracts"/>.
/// </summary>
internal sealed class GeneratedShape
{
    /// <summary>How the new names of members end that have another.</summary>
    public const string Renamed = "Renamed";

    /// <summary>Types of an assembly that stays: one that is shared whatever it holds, and one that is copied with what it holds of types that do not.</summary>
    public const string Contracts = "namespace Kept; public sealed record Terms(int Days, sbyte[] Steps); public sealed class Envelope { public object? Payload { get; set; } public Envelope? Next { get; set; } }";

    private const string Start = "namespace Made; using System.Collections.Concurrent; using System.Collections.Frozen; using System.Collections.Immutable;";

    private readonly Choices _choices;
    private readonly GeneratedMembers _members;
    private readonly StringBuilder _before = new(Start);
    private readonly StringBuilder _after = new(Start);

    /// <param name="tape">Decides.</param>
    /// <param name="refused">Whether the state has two members, <c>Bad</c> and <c>BadElements</c>, that have no way into the second version.</param>
    public GeneratedShape(IReadOnlyList<int> tape, bool refused = false)
    {
        _choices = new Choices(tape);
        _members = new GeneratedMembers(_choices) { HasSpot = true };
        Both("", GeneratedUpgrade.Weather);
        // First: what comes after the tape's end is all alike, and the state must not be.
        State(refused);
        Both("public interface IThing;");
        Both("public enum Kind { None, One, Two, Three }", "public enum Kind { Three = 7, None = 2, Added = 0, Two = 9, One = 1 }");
        Both("[Flags] public enum Rights : byte { Nothing = 0, Read = 1, Write = 2, Own = 4 }", "[Flags] public enum Rights : ulong { Nothing = 0, Own = 1, Added = 2, Write = 4, Read = 1UL << 63 }");
        Positional("sealed record", "Box<T>", [new("Value", "T", "T", _choices.Rarely)], name: "Box`1");
        Both("public static class Crate<T> { public sealed record Lid(T Top, Kind Side); }");
        Carried("record struct", "Part", _members.Values(), keepsAll: true);
        Carried("sealed record", "Token", _members.Values(), keepsAll: true);
        Carried("sealed record", "Mark", _members.Values());
        Positional("sealed record", "Pebble", _members.Values(), newWhat: "record struct");
        Positional("record struct", "Shell", _members.Values(), newWhat: "sealed record");
        Both("public static class Hall {");
        Positional("sealed record", "Seat", _members.Any(), bases: " : IThing");
        Both("}");
        Carried("sealed record", "Leaf", [.. _members.Any().Where(member => member.IsCast)], bases: " : IThing");
        Settable("class", "Item", " : IThing");
        Settable("sealed class", "Sub", " : Item", 'S');
        Settable("abstract record", "Base");
        Settable("sealed record", "Note", " : Base, IThing", 'N');
        Constructed("Desk", _members.Any());
        Derived("Root", "Twig");
        _members.HasSpot = false;
        Fields("struct", "Spot", _members.Any());
    }

    public string Before => _before.ToString();

    public string After => _after.ToString();

    /// <summary>By the name of a type, what its second version alone has, and what of that those get that are carried over.</summary>
    public ExtraMembers Added { get; } = [];

    /// <summary>By the name of a type, what its first version alone has, and what of that those get that come back.</summary>
    public ExtraMembers Removed { get; } = [];

    private void Both(string declared) => Both(declared, declared);

    private void Both(string before, string after)
    {
        _before.AppendLine(before);
        _after.AppendLine(after);
    }

    private void State(bool refused)
    {
        var kind = _choices.Of(3);
        var members = _members.Any();
        if (refused)
        {
            members.Insert(_choices.Of(members.Count + 1), _members.Bad(kind == 1 ? ("", "required int") : ("", "string")));
            members.Insert(_choices.Of(members.Count + 1), _members.BadElements());
        }

        if (kind == 1) Settable("sealed record", "State", members: members);
        else if (kind == 2 && !refused) Carried("sealed record", "State", members.FindAll(member => member.IsCast));
        else Positional("sealed record", "State", members);
    }

    /// <summary>A class with a constructor that takes its members by their names.</summary>
    private void Constructed(string name, List<GeneratedMember> members)
    {
        var (removed, added) = (Extra(Removed, name, "Gone"), Extra(Added, name, "Added"));
        Both(
            Class(members.Select(m => ("", m.Before, m.Name)), removed),
            Class(Shuffled(members).Select(m => (m.Former, m.After, m.NewName)), added));

        string Class(IEnumerable<(string Former, string Type, string Name)> all, string extra)
        {
            var other = extra.Length == 0 ? "" : extra.Split(' ')[1];
            string[] parameters = [.. all.Select(m => $"{m.Type} {Lower(m.Name)}"), .. OneOrNone(other.Length == 0 ? "" : extra.Replace($" {other} ", $" {Lower(other)} ", StringComparison.Ordinal))];
            string[] properties = [.. all.Select(m => $"{m.Former}public {m.Type} {m.Name} {{ get; }}"), .. OneOrNone(other.Length == 0 ? "" : $"public {extra.Split(' ')[0]} {other} {{ get; }}")];
            var body = string.Concat(all.Select(m => m.Name).Concat(OneOrNone(other)).Select(member => $"{member} = {Lower(member)}; "));
            return $"public sealed class {name} : IThing {{ public {name}({string.Join(", ", parameters)}) {{ {body}}} {string.Join(" ", properties)} }}";
        }

        static string Lower(string name) => char.ToLowerInvariant(name[0]) + name[1..];
    }

    /// <summary>A record that derives from one whose members are its constructor's parameters.</summary>
    private void Derived(string root, string name)
    {
        var (inherited, own) = (_members.Any(), _members.Any('T'));
        var (removed, added) = (Extra(Removed, name, "Gone"), Extra(Added, name, "Added"));
        var second = Shuffled(inherited);
        var all = string.Join(", ", second.Select(m => $"{m.After} {m.NewName}"));
        Both(
            $"public record {root}({First(inherited, "")}) : IThing; public sealed record {name}({First([.. inherited, .. own], removed)}) : {root}({string.Join(", ", inherited.Select(m => m.Name))});",
            $"public record {root}({string.Join(", ", second.Select(m => $"{m.Former}{m.After} {m.NewName}"))}) : IThing; public sealed record {name}({all}, {Second(own, added)}) : {root}({string.Join(", ", second.Select(m => m.NewName))});");
    }

    /// <summary>A record whose members are its constructor's parameters.</summary>
    private void Positional(string what, string declared, List<GeneratedMember> members, bool keepsAll = false, string bases = "", string? name = null, string? newWhat = null)
    {
        var removed = keepsAll ? "" : Extra(Removed, name ?? declared, "Gone");
        var added = Extra(Added, name ?? declared, "Added");
        Both($"public {what} {declared}({First(members, removed)}){bases};", $"public {newWhat ?? what} {declared}({Second(members, added)}){bases};");
    }

    /// <summary>A record that becomes another by shape or by an <c>Upgrade</c>, of which all members can be converted by a cast.</summary>
    private void Carried(string what, string name, List<GeneratedMember> members, bool keepsAll = false, string bases = "")
    {
        if (_choices.Of(4) is not (> 0 and var way))
        {
            Positional(what, name, members, keepsAll, bases);
            return;
        }

        if (!keepsAll && _choices.Of(2) == 1) members = [.. members, GeneratedUpgrade.Trail];
        var upgrade = new GeneratedUpgrade(what, name, bases, (UpgradeWay)way, members, keepsAll, Shuffled(members));
        if (!keepsAll) Removed.Add(name, [("Gone", upgrade.Gone)]);
        Added.Add(name, [("Added", upgrade.Added)]);
        Both(upgrade.Before, upgrade.After);
    }

    /// <summary>A type with properties: only of these can cycles be made.</summary>
    private void Settable(string what, string name, string bases = "", char prefix = 'M', List<GeneratedMember>? members = null)
    {
        members ??= _members.Any(prefix);
        var (access, newAccess) = (_choices.Of("set", "init"), _choices.Of("set", "init", "private set"));
        var removed = Extra(Removed, name, $"Gone{prefix}");
        var added = Extra(Added, name, $"Added{prefix}");
        var first = members.Where(m => m.Before.Length > 0).Select(m => Property(m.Before, m.Name, access));
        var second = Shuffled(members).Select(m => m.Former + Property(m.After, m.NewName, newAccess));
        Both(
            $"public {what} {name}{bases} {{ {string.Join(" ", first)} {WithDefault(removed)} }}",
            $"public {what} {name}{bases} {{ {string.Join(" ", second)} {WithDefault(added)} }}");
    }

    private string Property(string type, string name, string access) => type.StartsWith("required ", StringComparison.Ordinal) || (access != "private set" && _choices.Of(2) == 1)
        ? $"public required {type.Replace("required ", "", StringComparison.Ordinal)} {name} {{ get; {(access == "private set" ? "init" : access)}; }}"
        : $"public {type} {name} {{ get; {access}; }} = default!;";

    /// <summary>A struct with fields and nothing else.</summary>
    private void Fields(string what, string name, List<GeneratedMember> members)
    {
        var isReadOnly = _choices.Of("", "readonly ");
        var (removed, added) = (_choices.Of(2) == 1, _choices.Of(2) == 1);
        if (removed) Removed.Add(name, [("Gone", 0)]);
        if (added) Added.Add(name, [("Added", null)]);
        var first = members.Select(m => $"public {m.Before} {m.Name};");
        var second = Shuffled(members).Select(m => $"{m.Former}public {isReadOnly}{m.After} {m.NewName};");
        Both(
            $"public {what} {name} {{ {string.Join(" ", first)} {(removed ? "public int Gone;" : "")} }}",
            $"public {isReadOnly}{what} {name} {{ {string.Join(" ", second)} {(added ? $"public {isReadOnly}Leaf? Added;" : "")} }}");
    }

    private static string First(IEnumerable<GeneratedMember> members, string removed) =>
        string.Join(", ", [.. members.Where(m => m.Before.Length > 0).Select(m => $"{m.Before} {m.Name}"), .. OneOrNone(removed)]);

    private string Second(List<GeneratedMember> members, string added) => string.Join(", ", [.. Shuffled(members).Select(m => $"{m.Former}{m.After} {m.NewName}"), .. OneOrNone(added)]);

    private static string[] OneOrNone(string declared) => declared.Length == 0 ? [] : [declared];

    /// <summary>The declaration of a parameter as that of a property.</summary>
    private static string WithDefault(string declared) => declared.Length == 0 ? "" : $"public {declared.Replace(" =", " { get; set; } =", StringComparison.Ordinal)};";

    /// <summary>Declares a member, with a default, of one of the two versions; or none.</summary>
    private string Extra(ExtraMembers members, string type, string name)
    {
        var (declared, value) = _choices.Of<(string, object?)>(("int {0} = 5", 5), ("string {0} = \"made\"", "made"), ("bool {0} = true", true), ("Kind {0} = Kind.Two", "Two"), ("long? {0} = null", null), ("", null));
        if (declared.Length == 0) return "";
        members.Add(type, [(name, value)]);
        return string.Format(System.Globalization.CultureInfo.InvariantCulture, declared, name);
    }

    private List<T> Shuffled<T>(List<T> items)
    {
        var shuffled = new List<T>();
        foreach (var item in items) shuffled.Insert(_choices.Of(shuffled.Count + 1), item);
        return shuffled;
    }
}

/// <summary>Members that one version alone has, by the names of their types, with their values.</summary>
internal sealed class ExtraMembers : Dictionary<string, IReadOnlyList<(string Name, object? Value)>>;
