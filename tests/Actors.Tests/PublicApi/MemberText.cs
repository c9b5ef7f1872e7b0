using System.Reflection;
using System.Runtime.CompilerServices;

namespace WatchReload.Actors.Tests.PublicApi;

/// <summary>One member as a line; null for one that callers cannot reach.</summary>
internal static class MemberText
{
    private static readonly NullabilityInfoContext Nullability = new();

    public static string? Of(MemberInfo member) => member switch
    {
        ConstructorInfo constructor when Reachable(constructor) => $"{Access(constructor)}new({Parameters(constructor)})",
        MethodInfo method when Reachable(method) && !method.IsDefined(typeof(CompilerGeneratedAttribute)) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)) => Method(method),
        PropertyInfo property when property.GetMethod is { } getter && Reachable(getter) => Property(property, getter),
        FieldInfo { IsPublic: true } field => $"{(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{TypeText.Name(Nullability.Create(field))} {field.Name}",
        EventInfo added when Reachable(added.AddMethod!) => $"event {TypeText.Name(added.EventHandlerType!)} {added.Name}",
        _ => null,
    };

    private static string Method(MethodInfo method)
    {
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(TypeText.Name))}>" : "";
        var constraints = method.IsGenericMethod ? TypeText.Constraints(method.GetGenericArguments()) : "";
        return $"{Access(method)}{TypeText.Name(Nullability.Create(method.ReturnParameter))} {method.Name}{generic}({Parameters(method)}){constraints}";
    }

    private static string Property(PropertyInfo property, MethodInfo getter)
    {
        var setter = property.SetMethod is { } set && Reachable(set)
            ? set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;"
            : "";
        return $"{Access(getter)}{TypeText.Name(Nullability.Create(property))} {property.Name} {{ get;{setter} }}";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
    {
        var passed = parameter.IsOut ? "out " : parameter.IsIn ? "in " : parameter.ParameterType.IsByRef ? "ref " : "";
        var value = parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "default"}" : "";
        return $"{passed}{TypeText.Name(Nullability.Create(parameter))} {parameter.Name}{value}";
    }));

    private static string Access(MethodBase method)
    {
        var access = method.IsPublic ? "" : "protected ";
        if (method.IsStatic) return access + (method.IsAbstract ? "static abstract " : "static ");
        if (method.DeclaringType!.IsInterface || !method.IsVirtual) return access + (method is { DeclaringType.IsInterface: true, IsAbstract: false } ? "default " : "");
        if (method is MethodInfo overriding && overriding.GetBaseDefinition() != overriding) return access + "override ";
        return access + (method.IsAbstract ? "abstract " : method.IsFinal ? "" : "virtual ");
    }

    private static bool Reachable(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;
}
