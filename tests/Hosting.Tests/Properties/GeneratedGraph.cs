using System.Collections;
using System.Collections.Immutable;
using System.Reflection;

namespace WatchReload.Hosting.Tests.Properties;

/// <summary>Objects of a version's types, made by chance: an object that there is already may be used again, also by what it refers to itself.</summary>
internal sealed class GeneratedGraph(Assembly code, IReadOnlyList<int> tape)
{
    private const int MostObjects = 200;
    private readonly Choices _choices = new(tape);
    private readonly List<object> _made = [];

    public object State() => Of(code.GetType("Made.State")!)!;

    private object? Of(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying) return _choices.Of(2) == 0 ? null : Of(underlying);
        if (type.IsEnum) return Enum.GetValues(type).GetValue(_choices.Of(4));
        if (type == typeof(int)) return _choices.Of(0, 1, -1, int.MaxValue, int.MinValue, 77);
        if (type == typeof(long)) return _choices.Of(0L, 5L, long.MinValue);
        if (type == typeof(byte)) return (byte)_choices.Of(256);
        if (type == typeof(bool)) return _choices.Of(2) == 1;
        if (type == typeof(Guid)) return new Guid(_choices.Of(100), 0, 0, new byte[8]);
        if (type == typeof(string)) return _choices.Of(null, "", "text", "ünï");
        if (_choices.Of(3) == 1 && _made.FindAll(made => CanShare(type, made)) is { Count: > 0 } fitting) return fitting[_choices.Of(fitting.Count)];
        if (type.IsArray) return Filled(type.GetElementType()!);
        if (type.IsConstructedGenericType) return Generic(type);
        if (type == typeof(object) || type.IsInterface || type.Name == "Item") return Any(type);
        if (_choices.HasEnded && !type.IsValueType && type.Name != "State") return null;
        return New(type);
    }

    /// <summary>A container may widen with the member that declares it; an <see cref="object"/> member does not, and one object cannot become two.</summary>
    private static bool CanShare(Type member, object made) => member.IsInstanceOfType(made) && (member != typeof(object) || !(made.GetType().IsGenericType || made is Array));

    /// <summary>Something that the member's type says little of.</summary>
    private object? Any(Type type) => _choices.HasEnded || _made.Count > MostObjects ? null : _choices.Of(6) switch
    {
        0 => null,
        1 when type == typeof(object) => _choices.Of<object>(5, "boxed", 2.5, true),
        2 when type.Name != "Item" => New(code.GetType("Made.Leaf")!),
        3 => New(code.GetType("Made.Sub")!),
        4 when type == typeof(object) => Of(code.GetType("Made.Part")!),
        _ => New(code.GetType("Made.Item")!),
    };

    private object New(Type type)
    {
        var constructor = type.GetConstructors().OrderBy(c => c.GetParameters().Length).Last();
        if (constructor.GetParameters() is { Length: > 0 } parameters)
            return Made(constructor.Invoke([.. parameters.Select(parameter => Of(parameter.ParameterType))]));

        // Known before its members are: they may refer back to it.
        var made = Made(constructor.Invoke([]));
        foreach (var property in type.GetProperties()) property.SetValue(made, Of(property.PropertyType));
        return made;
    }

    private object Generic(Type type)
    {
        var arguments = type.GetGenericArguments();
        var definition = type.GetGenericTypeDefinition();
        if (definition == typeof(Dictionary<,>))
        {
            var map = (IDictionary)Made(Activator.CreateInstance(type)!);
            foreach (var value in Filled(arguments[1])) map[arguments[0] == typeof(string) ? $"key{map.Count}" : Of(arguments[0])!] = value;
            return map;
        }

        if (definition == typeof(ValueTuple<,>)) return Activator.CreateInstance(type, Of(arguments[0]), Of(arguments[1]))!;
        if (type.Name == "Box`1") return Made(Activator.CreateInstance(type, Of(arguments[0]), 3)!);
        var elements = Filled(arguments[0]);
        if (definition == typeof(ImmutableList<>)) return Immutable(typeof(ImmutableList), elements, arguments[0]);
        if (definition == typeof(ImmutableArray<>)) return Immutable(typeof(ImmutableArray), elements, arguments[0]);
        if (definition == typeof(IReadOnlyList<>)) type = typeof(List<>).MakeGenericType(arguments);
        return Made(Activator.CreateInstance(type, elements)!);
    }

    private Array Filled(Type element)
    {
        var array = Array.CreateInstance(element, _made.Count > MostObjects ? 0 : _choices.Of(4));
        for (var i = 0; i < array.Length; i++) array.SetValue(Of(element), i);
        return array;
    }

    private static object Immutable(Type factory, Array elements, Type element) =>
        factory.GetMethods().Single(m => m.Name == "CreateRange" && m.GetParameters() is [{ ParameterType: { IsGenericType: true } p }] && p.GetGenericTypeDefinition() == typeof(IEnumerable<>))
            .MakeGenericMethod(element).Invoke(null, [elements])!;

    private object Made(object made)
    {
        _made.Add(made);
        return made;
    }
}
