using System.Collections;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;

namespace WatchReload.Hosting.Tests.Properties;

/// <summary>Objects of a version's types, made by chance: an object that there is already may be used again, also by what it refers to itself.</summary>
internal sealed class GeneratedGraph(Assembly code, Assembly contracts, IReadOnlyList<int> tape)
{
    private const int MostObjects = 200;

    /// <summary>What stands where a member's type says little. The structs are boxed there.</summary>
    private static readonly string[] s_classes = ["Item", "Sub", "Leaf", "Note", "Hall+Seat", "Mark", "Token", "Part", "Spot", "Desk", "Root", "Twig", "Pebble", "Shell"];

    /// <summary>By the collection, who makes it of another one.</summary>
    private static readonly Dictionary<Type, (Type Owner, string Name)> s_factories = new()
    {
        [typeof(ImmutableArray<>)] = (typeof(ImmutableArray), nameof(ImmutableArray.CreateRange)),
        [typeof(ImmutableList<>)] = (typeof(ImmutableList), nameof(ImmutableList.CreateRange)),
        [typeof(ImmutableQueue<>)] = (typeof(ImmutableQueue), nameof(ImmutableQueue.CreateRange)),
        [typeof(ImmutableStack<>)] = (typeof(ImmutableStack), nameof(ImmutableStack.CreateRange)),
        [typeof(ImmutableHashSet<>)] = (typeof(ImmutableHashSet), nameof(ImmutableHashSet.CreateRange)),
        [typeof(ImmutableSortedSet<>)] = (typeof(ImmutableSortedSet), nameof(ImmutableSortedSet.CreateRange)),
        [typeof(ImmutableDictionary<,>)] = (typeof(ImmutableDictionary), nameof(ImmutableDictionary.CreateRange)),
        [typeof(ImmutableSortedDictionary<,>)] = (typeof(ImmutableSortedDictionary), nameof(ImmutableSortedDictionary.CreateRange)),
        [typeof(FrozenSet<>)] = (typeof(FrozenSet), nameof(FrozenSet.ToFrozenSet)),
        [typeof(FrozenDictionary<,>)] = (typeof(FrozenDictionary), nameof(FrozenDictionary.ToFrozenDictionary)),
    };

    private readonly Choices _choices = new(tape);
    private readonly List<object> _made = [];

    public object State() => Of(code.GetType("Made.State")!)!;

    private object? Of(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying) return _choices.Of(2) == 0 ? null : Of(underlying);
        if (type.IsEnum) return type.Name == "Rights" ? Enum.ToObject(type, _choices.Of(8)) : Enum.GetValues(type).GetValue(_choices.Of(4));
        if (type == typeof(int)) return _choices.Of(0, 1, -1, int.MaxValue, int.MinValue, 77);
        if (type == typeof(long)) return _choices.Of(0L, 5L, long.MinValue);
        if (type == typeof(byte)) return (byte)_choices.Of(256);
        if (type == typeof(sbyte)) return (sbyte)_choices.Of(3);
        if (type == typeof(double)) return _choices.Of(0, 1.5, -0.0, double.NaN, double.MaxValue, double.NegativeInfinity);
        if (type == typeof(decimal)) return _choices.Of(0m, 1.50m, decimal.MaxValue, -0.0001m);
        if (type == typeof(char)) return _choices.Of('\0', 'a', '\uD800', '\uFFFF');
        if (type == typeof(DateTime)) return _choices.Of(default, new DateTime(2026, 4, 1, 12, 0, 0, DateTimeKind.Utc), DateTime.MaxValue);
        if (type == typeof(bool)) return _choices.Of(2) == 1;
        if (type == typeof(Guid)) return new Guid(_choices.Of(100), 0, 0, new byte[8]);
        if (type == typeof(string)) return _choices.Of(null, "", "text", "ünï");
        if (IsValue(type)) return New(type);
        if (_choices.Of(3) == 1 && _made.FindAll(made => CanShare(type, made)) is { Count: > 0 } fitting) return fitting[_choices.Of(fitting.Count)];
        if (type.IsArray) return type.IsSZArray ? Filled(type.GetElementType()!) : Grid(type.GetElementType()!);
        if (type.IsConstructedGenericType) return Generic(type);
        if (type == typeof(object) || type.IsAbstract || type.Name is "Item" or "Root") return Any(type);
        if (_choices.HasEnded && !type.IsValueType && type.Name != "State") return null;
        return New(type);
    }

    /// <summary>Whether one version has it as a struct and the other as a class: then it is never null, and nothing says that two are one.</summary>
    public static bool IsValue(Type type) => type.Name is "Pebble" or "Shell";

    /// <summary>A container may widen with the member that declares it; an <see cref="object"/> member does not, and one object cannot become two.</summary>
    private static bool CanShare(Type member, object made) => made is Array ? made.GetType() == member : member.IsInstanceOfType(made) && (member != typeof(object) || !made.GetType().IsGenericType);

    /// <summary>Something that the member's type says little of.</summary>
    private object? Any(Type type)
    {
        if (_choices.HasEnded || _made.Count > MostObjects || _choices.Of(6) == 0) return null;
        if (type == typeof(object) && _choices.Of(4) == 0) return _choices.Of(5, "boxed", 2.5, true, Of(code.GetType("Made.Kind")!)!);
        var classes = s_classes.Select(name => code.GetType($"Made.{name}")!).Concat(contracts.GetExportedTypes()).Where(type.IsAssignableFrom).ToArray();
        return New(_choices.Of(classes));
    }

    private object New(Type type)
    {
        if (type.GetConstructors().OrderBy(c => c.GetParameters().Length).LastOrDefault() is { } constructor && constructor.GetParameters() is { Length: > 0 } parameters)
            return Made(constructor.Invoke([.. parameters.Select(parameter => Of(parameter.ParameterType))]));

        // Known before its members are: they may refer back to it. But a struct is another with each value.
        var made = Activator.CreateInstance(type)!;
        if (!type.IsValueType) Made(made);
        foreach (var field in type.GetFields()) field.SetValue(made, Of(field.FieldType));
        foreach (var property in type.GetProperties()) property.SetValue(made, Of(property.PropertyType));
        return made;
    }

    private object Generic(Type type)
    {
        var arguments = type.GetGenericArguments();
        var definition = type.GetGenericTypeDefinition();
        if (definition == typeof(ValueTuple<,>)) return Activator.CreateInstance(type, Of(arguments[0]), Of(arguments[1]))!;
        if (type.Assembly == code) return New(type);
        if (definition == typeof(IReadOnlyDictionary<,>)) type = typeof(Dictionary<,>).MakeGenericType(arguments);
        if (definition == typeof(IReadOnlyList<>)) type = typeof(List<>).MakeGenericType(arguments);
        var isMade = s_factories.TryGetValue(definition, out var factory);
        if (arguments.Length == 2)
        {
            var map = Map(isMade ? typeof(Dictionary<,>).MakeGenericType(arguments) : type);
            if (!isMade) Made(map);
            foreach (var value in Filled(arguments[1])) map[Key(arguments[0], map.Count)] = value;
            return isMade ? Made(Make(factory, map, arguments)) : map;
        }

        var elements = Filled(arguments[0], isKey: type.Name.Contains("Set`", StringComparison.Ordinal));
        return Made(isMade ? Make(factory, elements, arguments) : Activator.CreateInstance(type, elements)!);
    }

    /// <summary>With texts for keys, also one to which their case is nothing.</summary>
    private IDictionary Map(Type type)
    {
        var anyCase = type.GetGenericArguments()[0] == typeof(string) && type.GetConstructor([typeof(IEqualityComparer<string>)]) is not null && _choices.Of(2) == 1;
        return (IDictionary)(anyCase ? Activator.CreateInstance(type, StringComparer.OrdinalIgnoreCase) : Activator.CreateInstance(type))!;
    }

    private object Key(Type type, int number) => type == typeof(string) ? $"key{number}" : Of(type) ?? New(type);

    private Array Filled(Type element, bool isKey = false)
    {
        var array = Array.CreateInstance(element, Count());
        for (var i = 0; i < array.Length; i++) array.SetValue(isKey ? Key(element, i) : Of(element), i);
        return array;
    }

    private Array Grid(Type element)
    {
        var grid = Array.CreateInstance(element, Count(), Count());
        Made(grid);
        for (var i = 0; i < grid.Length; i++) grid.SetValue(Of(element), i / grid.GetLength(1), i % grid.GetLength(1));
        return grid;
    }

    private int Count() => _made.Count > MostObjects ? 0 : _choices.Of(4);

    /// <summary>By the overload that takes nothing but a sequence, or that and a comparer which may be null.</summary>
    private static object Make((Type Owner, string Name) factory, object elements, Type[] arguments)
    {
        var method = factory.Owner.GetMethods().Where(m => m.Name == factory.Name && m.GetGenericArguments().Length == arguments.Length)
            .Where(m => m.GetParameters() is [{ ParameterType: { IsGenericType: true } first }, ..] && first.GetGenericTypeDefinition() == typeof(IEnumerable<>))
            .MinBy(m => m.GetParameters().Length)!;
        return method.MakeGenericMethod(arguments).Invoke(null, [elements, .. method.GetParameters().Skip(1).Select(_ => (object?)null)])!;
    }

    private object Made(object made)
    {
        _made.Add(made);
        return made;
    }
}
