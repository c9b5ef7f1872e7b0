using System.Reflection;

namespace WatchReload.Actors.Tests.PublicApi;

/// <summary>Types as C# writes them, with <c>?</c> where null is allowed.</summary>
internal static class TypeText
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(double)] = "double",
    };

    public static string FullName(Type type)
        => type.DeclaringType is { } outer ? $"{FullName(outer)}.{Name(type)}" : $"{type.Namespace}.{Name(type)}";

    public static string Name(Type type)
    {
        if (type.IsByRef) return Name(type.GetElementType()!);
        if (type.IsArray) return Name(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } value) return Name(value) + "?";
        return Keywords.GetValueOrDefault(type) ?? Generic(type, type.GetGenericArguments().Select(Name));
    }

    public static string Name(NullabilityInfo info)
    {
        var type = info.Type.IsByRef ? info.Type.GetElementType()! : info.Type;
        var mark = info.ReadState == NullabilityState.Nullable && type is { IsValueType: false, IsGenericParameter: false } ? "?" : "";
        if (info.ElementType is { } element) return Name(element) + "[]" + mark;
        return type.IsConstructedGenericType && Nullable.GetUnderlyingType(type) is null
            ? Generic(type, info.GenericTypeArguments.Select(Name)) + mark
            : Name(type) + mark;
    }

    public static string Constraints(IEnumerable<Type> parameters) => string.Concat(parameters.Where(type => type.IsGenericParameter).Select(parameter =>
    {
        var attributes = parameter.GenericParameterAttributes;
        var list = new List<string>();
        if (attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint)) list.Add("struct");
        else if (attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint)) list.Add("class");
        else if (IsNotNull(parameter)) list.Add("notnull");
        list.AddRange(parameter.GetGenericParameterConstraints().Where(type => type != typeof(ValueType)).Select(Name));
        return list.Count == 0 ? "" : $" where {parameter.Name} : {string.Join(", ", list)}";
    }));

    private static string Generic(Type type, IEnumerable<string> arguments)
    {
        if (!type.IsGenericType || !type.Name.Contains('`')) return type.Name;
        return $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", arguments)}>";
    }

    /// <summary>The compiler marks a <c>notnull</c> parameter with 1 in its nullability attribute, or in that of what declares it.</summary>
    private static bool IsNotNull(Type parameter)
    {
        var own = parameter.CustomAttributes.FirstOrDefault(attribute => attribute.AttributeType.Name == "NullableAttribute");
        if (own is not null) return own.ConstructorArguments[0].Value is (byte)1;
        for (MemberInfo? owner = (MemberInfo?)parameter.DeclaringMethod ?? parameter.DeclaringType; owner is not null; owner = owner.DeclaringType)
        {
            var context = owner.CustomAttributes.FirstOrDefault(attribute => attribute.AttributeType.Name == "NullableContextAttribute");
            if (context is not null) return context.ConstructorArguments[0].Value is (byte)1;
        }

        return false;
    }
}
