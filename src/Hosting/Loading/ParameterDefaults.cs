using System.Reflection;
using System.Runtime.CompilerServices;

namespace WatchReload.Hosting.Loading;

/// <summary>Defaults of the parameters of constructors. Of types that deltas have made anew they are told with the delta, as the runtime may not find them there.</summary>
internal static class ParameterDefaults
{
    private static readonly ConditionalWeakTable<Type, Dictionary<(string Name, string Among), object?>> _told = [];

    /// <summary>To be told before anybody asks for the type's.</summary>
    /// <param name="type">Whose constructors they are.</param>
    /// <param name="defaults">By the parameter's name and the names of all of the constructor, with commas. Of an enum the number.</param>
    public static void Tell(Type type, IEnumerable<KeyValuePair<(string Name, string Among), object?>> defaults) => _told.AddOrUpdate(type, new(defaults));

    public static bool Has(ParameterInfo parameter) => Told(parameter, out _) || parameter.HasDefaultValue;

    /// <summary>Only where there is one.</summary>
    public static object? Of(ParameterInfo parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        var value = Told(parameter, out var told) ? told : parameter.DefaultValue;
        return value is not null && type.IsEnum ? Enum.ToObject(type, value) : value;
    }

    private static bool Told(ParameterInfo parameter, out object? value)
    {
        value = null;
        return parameter is { Name: { } name, Member: ConstructorInfo { DeclaringType: { } type } constructor } && _told.TryGetValue(type, out var defaults)
            && defaults.TryGetValue((name, string.Join(',', constructor.GetParameters().Select(one => one.Name))), out value);
    }
}
