using System.Reflection;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>
/// Generic types that have other arguments in the new code: where it says <c>Pair&lt;long&gt;</c>, a <c>Pair&lt;int&gt;</c> becomes one. That the
/// definitions are namesakes is looked at here; which values become which is the matter of the members.
/// </summary>
internal sealed class GenericTargets(TypePairs pairs)
{
    /// <summary>Generic by what they are for: their members say nothing of their arguments.</summary>
    private static readonly HashSet<Type> s_handles = [typeof(Actors.ActorRef<>), typeof(Actors.ActorName<>), typeof(Actors.ReplyTo<>)];

    /// <summary>
    /// The namesake of <paramref name="old"/> with the arguments that <paramref name="slot"/> asks for, be it of the slot's own type or derived from
    /// it; arguments that the slot does not name become their counterparts. Null when there is none.
    /// </summary>
    public Type? Recast(Type old, Type slot)
    {
        if (!old.IsConstructedGenericType || !slot.IsConstructedGenericType || DataKinds.Of(old) != DataKind.Members) return null;
        if (pairs.Counterpart(old.GetGenericTypeDefinition()) is not { } definition || s_handles.Contains(definition)) return null;
        var had = old.GetGenericArguments();
        if (definition.GetGenericArguments().Length != had.Length) return null;
        foreach (var form in Forms(definition).Where(f => f.IsGenericType && f.GetGenericTypeDefinition() == slot.GetGenericTypeDefinition()))
        {
            var arguments = new Type?[had.Length];
            Bind(form.GetGenericArguments(), slot.GetGenericArguments(), arguments);
            for (var i = 0; i < had.Length; i++) arguments[i] ??= pairs.Counterpart(had[i]);
            if (!arguments.Contains(null) && TypePairs.Construct(definition, arguments!) is { } made && slot.IsAssignableFrom(made)) return made;
        }

        return null;
    }

    /// <summary>
    /// Why the arguments of <paramref name="old"/> cannot become those of <paramref name="target"/>, its namesake: one that no member which is carried over has a value of is
    /// there for its name alone (<c>record Id&lt;TOwner&gt;(Guid Value)</c>), and no value tells how it becomes another. Null: they can.
    /// </summary>
    /// <param name="filled">The fields of the new type that get a value of the old one.</param>
    public string? Unfit(Type old, Type target, IReadOnlyList<FieldInfo> filled)
    {
        if (!old.IsConstructedGenericType || !target.IsConstructedGenericType || pairs.Counterpart(old) == target) return null;
        var definition = target.GetGenericTypeDefinition();
        var (had, has, parameters) = (old.GetGenericArguments(), target.GetGenericArguments(), definition.GetGenericArguments());
        if (had.Length != has.Length) return null;
        var open = DataMember.Of(definition).Where(m => filled.Any(f => f.HasSameMetadataDefinitionAs(m.Field))).ToList();
        for (var i = 0; i < has.Length; i++)
        {
            if (pairs.Counterpart(had[i]) == has[i] || open.Exists(m => Names(m.Type, parameters[i]))) continue;
            return $"its type argument {TypeNames.Full(had[i])} cannot become {TypeNames.Full(has[i])}, as no member that is carried over is made of it; write Upgrade";
        }

        return null;
    }

    private static IEnumerable<Type> Forms(Type definition)
    {
        for (var t = definition; t is not null; t = t.BaseType) yield return t;
        foreach (var implemented in definition.GetInterfaces()) yield return implemented;
    }

    // What does not match is found out when the type is made and does not fit the slot.
    private static void Bind(Type[] open, Type[] closed, Type?[] arguments)
    {
        for (var i = 0; i < open.Length; i++)
        {
            if (open[i].IsGenericParameter) arguments[open[i].GenericParameterPosition] = closed[i];
            else if (open[i].IsArray && closed[i].IsArray) Bind([open[i].GetElementType()!], [closed[i].GetElementType()!], arguments);
            else if (open[i].IsGenericType && closed[i].IsGenericType && open[i].GetGenericTypeDefinition() == closed[i].GetGenericTypeDefinition())
                Bind(open[i].GetGenericArguments(), closed[i].GetGenericArguments(), arguments);
        }
    }

    private static bool Names(Type type, Type parameter) => type == parameter
        || (type.HasElementType && Names(type.GetElementType()!, parameter))
        || (type.IsGenericType && type.GetGenericArguments().Any(a => Names(a, parameter)));
}
