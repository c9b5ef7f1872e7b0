using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace WatchReload.Hosting.Tests.Properties;

/// <summary>A graph as text that is the same in both versions when the second has all that the first had: members by name, who is who by number.</summary>
internal sealed class Shown
{
    private readonly Dictionary<object, int> _met = new(ReferenceEqualityComparer.Instance);
    private readonly StringBuilder _text = new();

    public static string Of(object state)
    {
        var shown = new Shown();
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
            foreach (var property in type.GetProperties().Where(IsInBoth).OrderBy(p => p.Name, StringComparer.Ordinal)) AddMember(property.Name, property.GetValue(value));
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

    private static bool IsInBoth(PropertyInfo property) => !property.Name.StartsWith("Added", StringComparison.Ordinal);
}
