using System.Reflection;
using WatchReload.Actors;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>One instance field, under the name that its author gave it: that of its property or parameter if it has one.</summary>
internal sealed record DataMember(string Name, FieldInfo Field)
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public Type Type => Field.FieldType;

    public Type Declaring => Field.DeclaringType!;

    public PropertyInfo? Property => Field.Name.StartsWith('<') ? Declaring.GetProperty(Name, Instance) : null;

    /// <summary>All instance fields of a type and its bases, those of the type itself first.</summary>
    public static IReadOnlyList<DataMember> Of(Type type)
    {
        var members = new List<DataMember>();
        for (var t = type; t is not null && t != typeof(object) && t != typeof(ValueType); t = t.BaseType)
        {
            foreach (var field in t.GetFields(Instance)) members.Add(new DataMember(NameOf(field), field));
        }

        return members;
    }

    /// <summary>From the member and from the constructor parameters that make it.</summary>
    public IReadOnlyList<string> FormerNames()
    {
        var names = Read(Field);
        if (Property is { } property) names = names.Concat(Read(property));
        foreach (var constructor in Declaring.GetConstructors(Instance))
        {
            foreach (var parameter in constructor.GetParameters())
            {
                if (parameter.Name == Name && parameter.IsDefined(typeof(FormerNameAttribute), false))
                    names = names.Concat(parameter.GetCustomAttributes<FormerNameAttribute>(false).Select(a => a.Name));
            }
        }

        return [.. names.Distinct()];
    }

    /// <summary>Whether null is no legal value, by the annotations of its code.</summary>
    public bool IsNonNullable() => Nullability() == NullabilityState.NotNull;

    /// <summary>Whether null was declared a legal value.</summary>
    public bool IsNullable() => Nullability() == NullabilityState.Nullable;

    private NullabilityState Nullability()
    {
        if (Type.IsValueType) return Nullable.GetUnderlyingType(Type) is null ? NullabilityState.NotNull : NullabilityState.Nullable;
        var context = new NullabilityInfoContext();
        return (Property is { } property ? context.Create(property) : context.Create(Field)).ReadState;
    }

    private static IEnumerable<string> Read(MemberInfo member) => member.IsDefined(typeof(FormerNameAttribute), false)
        ? member.GetCustomAttributes<FormerNameAttribute>(false).Select(a => a.Name)
        : [];

    // The compiler calls a property's field <Name>k__BackingField, and a captured primary constructor parameter <name>P.
    private static string NameOf(FieldInfo field)
    {
        var end = field.Name.IndexOf('>');
        return field.Name.StartsWith('<') && end > 1 ? field.Name[1..end] : field.Name;
    }
}
