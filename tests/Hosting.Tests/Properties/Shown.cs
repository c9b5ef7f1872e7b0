using System.Collections;
using System.Globalization;
using System.Reflection;
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
            case null or string or bool or Guid or Enum or byte or short or int or long or ulong or double:
                _text.Append(CultureInfo.InvariantCulture, $"{value ?? "null"}");
                return;
            // Nothing can tell one empty array from another.
            case Array { Length: 0 }:
                _text.Append("[]");
                return;
            case not ValueType when !_met.TryAdd(value, _met.Count):
                _text.Append(CultureInfo.InvariantCulture, $"#{_met[value]}");
                return;
        }

        var type = value.GetType();
        _text.Append(type.Name);
        if (value is IDictionary map)
        {
            foreach (DictionaryEntry entry in map) AddMember("key", entry.Key, entry.Value);
        }
        else if (value is IEnumerable elements)
        {
            foreach (var element in elements) AddMember("", element);
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
            if (Of(property.DeclaringType!, _without).All(member => member.Name != property.Name)) yield return (NameOf(property), property.GetValue(value));
        }

        for (var owner = type; owner is not null; owner = owner.BaseType)
        {
            foreach (var member in Of(owner, _with)) yield return member;
        }
    }

    private static IReadOnlyList<(string Name, object? Value)> Of(Type type, ExtraMembers members) => members.GetValueOrDefault(type.Name) ?? [];

    private static string NameOf(PropertyInfo property) =>
        property.Name.EndsWith(GeneratedShape.Renamed, StringComparison.Ordinal) ? property.Name[..^GeneratedShape.Renamed.Length] : property.Name;
}
