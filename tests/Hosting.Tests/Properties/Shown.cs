using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace WatchReload.Hosting.Tests.Properties;

/// <summary>A graph as text that is the same in both versions when the second has all that the first had, and what it alone has is as expected: members by name, who is who by number.</summary>
internal sealed class Shown
{
    private readonly ExtraMembers _without;
    private readonly ExtraMembers _with;
    private readonly Dictionary<object, int> _met = new(ReferenceEqualityComparer.Instance);
    private readonly StringBuilder _text = new();

    private Shown(ExtraMembers without, ExtraMembers with) => (_without, _with) = (without, with);

    public static string Of(object state) => Of(state, [], []);

    /// <summary>As if its types had not the ones, but the others.</summary>
    public static string Of(object state, ExtraMembers without, ExtraMembers with)
    {
        var shown = new Shown(without, with);
        shown.Add(state);
        return shown._text.ToString();
    }

    private void Add(object? value)
    {
        switch (value)
        {
            // Its bits may be in another order.
            case Enum flags when flags.ToString().Contains(", ", StringComparison.Ordinal):
                _text.AppendJoin(", ", flags.ToString().Split(", ").Order(StringComparer.Ordinal));
                return;
            // It may have become a number.
            case char letter:
                _text.Append(CultureInfo.InvariantCulture, $"{(int)letter}");
                return;
            case DateTime time:
                _text.Append(CultureInfo.InvariantCulture, $"{time:O}");
                return;
            case null or string or bool or Guid or Enum or sbyte or byte or short or int or long or ulong or double or decimal:
                _text.Append(CultureInfo.InvariantCulture, $"{value ?? "null"}");
                return;
            // Nothing can tell one that is empty and stays so from another.
            case Array { Length: 0, Rank: 1 }:
            case IEnumerable empty when (IsFixed(value) || MayBecomeFixed(value.GetType())) && !empty.Cast<object?>().Any():
                _text.Append("[]");
                return;
            case not ValueType when !GeneratedGraph.IsValue(value.GetType()) && !_met.TryAdd(value, _met.Count):
                _text.Append(CultureInfo.InvariantCulture, $"#{_met[value]}");
                return;
        }

        var type = value.GetType();
        _text.Append(NameOf(type));
        // Of an assembly that stays, and it cannot hold anything of one that does not: it is the same object.
        if (type.FullName == "Kept.Terms") _text.Append(CultureInfo.InvariantCulture, $"@{RuntimeHelpers.GetHashCode(value)}");
        if (value is IDictionary map)
        {
            if (map.Keys.OfType<string>().FirstOrDefault() is { } text) _text.Append(CultureInfo.InvariantCulture, $" any case={map.Contains(text.ToUpperInvariant())}");
            foreach (var entry in InOrder(value, Entries(map), entry => entry.Key))
            {
                Assert.True(map.Contains(entry.Key), "a key is there and cannot be found");
                AddMember("key", entry.Key, entry.Value);
            }
        }
        else if (value is IEnumerable elements)
        {
            if (value is Array { Rank: > 1 } grid) _text.AppendJoin('x', Enumerable.Range(0, grid.Rank).Select(grid.GetLength));
            if (value.GetType().GetInterfaces().FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IReadOnlySet<>)) is { } set)
                Assert.All(elements.Cast<object?>(), element => Assert.True((bool)set.GetMethod("Contains")!.Invoke(value, [element])!, "an element is there and cannot be found"));
            foreach (var element in InOrder(value, elements.Cast<object?>(), element => element)) AddMember("", element);
        }
        else if (type.Namespace == nameof(System))
        {
            foreach (var field in type.GetFields()) AddMember(field.Name, field.GetValue(value));
        }
        else
        {
            foreach (var (name, member) in Members(type, value).OrderBy(member => member.Name, StringComparer.Ordinal)) AddMember(name, member);
        }

        _text.Append('.');
    }

    private void AddMember(string name, params object?[] values)
    {
        _text.Append(CultureInfo.InvariantCulture, $" {name}=");
        foreach (var value in values)
        {
            Add(value);
            _text.Append(' ');
        }
    }

    private IEnumerable<(string Name, object? Value)> Members(Type type, object value)
    {
        foreach (var property in type.GetProperties())
        {
            if (Has(property)) yield return (NameOf(property), property.GetValue(value));
        }

        foreach (var field in type.GetFields())
        {
            if (Has(field)) yield return (NameOf(field), field.GetValue(value));
        }

        for (var owner = type; owner is not null; owner = owner.BaseType)
        {
            foreach (var member in Of(owner, _with)) yield return member;
        }
    }

    private static IReadOnlyList<(string Name, object? Value)> Of(Type type, ExtraMembers members) => members.GetValueOrDefault(type.Name) ?? [];

    private bool Has(MemberInfo member) => Of(member.DeclaringType!, _without).All(other => other.Name != member.Name);

    private static string NameOf(MemberInfo member) =>
        member.Name.EndsWith(GeneratedShape.Renamed, StringComparison.Ordinal) ? member.Name[..^GeneratedShape.Renamed.Length] : member.Name;

    /// <summary>Without its elements' type. A frozen collection is of one of many types, by what it has.</summary>
    private static string NameOf(Type type)
    {
        if (type.IsArray) return nameof(Array);
        if (MayBecomeFixed(type)) return typeof(ImmutableList<>).Name;
        for (var t = type; t is not null; t = t.BaseType)
        {
            if (t.Name is "FrozenDictionary`2" or "FrozenSet`1") return t.Name;
        }

        return type.Name;
    }

    private static IEnumerable<DictionaryEntry> Entries(IDictionary map)
    {
        foreach (DictionaryEntry entry in map) yield return entry;
    }

    /// <summary>Some lists of these become immutable ones.</summary>
    private static bool MayBecomeFixed(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>) && type.GetGenericArguments()[0].Name == "Twig";

    private static bool IsFixed(object collection) =>
        NameOf(collection.GetType()) is var name && (name.StartsWith("Immutable", StringComparison.Ordinal) || name.StartsWith("Frozen", StringComparison.Ordinal));

    /// <summary>As they are; but those by what they show themselves whose order says nothing, or goes by the numbers of an enum. Then they hold no objects that refer to others.</summary>
    private IEnumerable<T> InOrder<T>(object collection, IEnumerable<T> items, Func<T, object?> key) =>
        NameOf(collection.GetType()) is "FrozenDictionary`2" or "FrozenSet`1" or "ImmutableDictionary`2" or "ImmutableHashSet`1" or "ConcurrentDictionary`2" or "ConcurrentBag`1"
            or "SortedDictionary`2" or "SortedList`2" or "SortedSet`1" or "ImmutableSortedDictionary`2" or "ImmutableSortedSet`1"
            ? items.OrderBy(item => key(item) is { } one ? Of(one, _without, _with) : "", StringComparer.Ordinal)
            : items;
}
