using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>
/// Whether an object of a type that stays holds nothing reloaded, told without a walk: most messages are a handful of objects, and to prepare <see cref="SharedRegion"/> takes longer than to look at them.
/// </summary>
/// <remarks>
/// Theory of operation. Of each type it is known whether it is harmless, reloaded, or has to be looked into; for the last there is a compiled method that goes through those members that may hold more. Where it has been is not kept,
/// so it looks into <see cref="Most"/> objects and no more: for what is larger, or goes round in a circle, the walk is made.
/// What is remembered hangs on the types by weak keys and refers to no set. What can never happen: an object that leads to a reloaded one and is taken for clean.
/// </remarks>
internal sealed class FirstLook(TypePairs pairs, Reach reach)
{
    private const int Most = 32;
    private static readonly MethodInfo s_isClean = typeof(FirstLook).GetMethod(nameof(IsClean), BindingFlags.Static | BindingFlags.NonPublic)!;
    private readonly ConditionalWeakTable<Type, Known> _known = [];

    /// <param name="left">So many more are looked into.</param>
    private delegate bool Parts(object owner, FirstLook look, ref int left);

    /// <summary>False: it may be, and the walk tells.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool IsClean(object root)
    {
        var left = Most;
        return IsClean(root, this, ref left);
    }

    /// <summary>Compiles now what would be compiled when the first object of the type is looked at.</summary>
    public void WarmUp(Type type) => Of(type);

    // Called from compiled code.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsClean(object? part, FirstLook look, ref int left)
    {
        if (part is null) return true;
        var known = look.Of(part.GetType());
        return known.IsHarmless || (known.Parts is { } parts && --left >= 0 && parts(part, look, ref left));
    }

    private Known Of(Type type)
    {
        if (_known.TryGetValue(type, out var known)) return known;
        known = Make(type);
        _known.AddOrUpdate(type, known);
        return known;
    }

    private Known Make(Type type)
    {
        if (pairs.IsReloaded(type)) return new Known(false, null);
        if (!reach.CanReach(type)) return new Known(true, null);
        if (type.IsSZArray && !type.GetElementType()!.IsValueType) return new Known(false, Elements);
        if (type.IsConstructedGenericType && type.GetGenericTypeDefinition() == typeof(List<>) && !type.GenericTypeArguments[0].IsValueType) return new Known(false, Items);
        return new Known(false, type.IsArray || ContainerTypes.IsContainer(type) ? Any : Compile(type, reach.Fields(type)));
    }

    private static bool Elements(object owner, FirstLook look, ref int left)
    {
        foreach (var element in (object?[])owner)
        {
            if (!IsClean(element, look, ref left)) return false;
        }

        return true;
    }

    private static bool Items(object owner, FirstLook look, ref int left)
    {
        var items = (IReadOnlyList<object?>)owner;
        for (var i = 0; i < items.Count; i++)
        {
            if (!IsClean(items[i], look, ref left)) return false;
        }

        return true;
    }

    private static bool Any(object owner, FirstLook look, ref int left)
    {
        foreach (var part in look.Reach.Parts(owner))
        {
            if (!IsClean(part, look, ref left)) return false;
        }

        return true;
    }

    private static Parts Compile(Type type, IEnumerable<FieldInfo> fields)
    {
        var method = new DynamicMethod($"Look into {type.Name}", typeof(bool), [typeof(object), typeof(FirstLook), typeof(int).MakeByRefType()], typeof(FirstLook).Module, skipVisibility: true);
        var il = method.GetILGenerator();
        var isNone = il.DefineLabel();
        foreach (var field in fields)
        {
            il.Emit(OpCodes.Ldarg_0);
            if (type.IsValueType) il.Emit(OpCodes.Unbox, type);
            il.Emit(OpCodes.Ldfld, field);
            if (field.FieldType.IsValueType) il.Emit(OpCodes.Box, field.FieldType);
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldarg_2);
            il.Emit(OpCodes.Call, s_isClean);
            il.Emit(OpCodes.Brfalse, isNone);
        }

        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Ret);
        il.MarkLabel(isNone);
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Ret);
        var compiled = method.CreateDelegate<Parts>();
        RuntimeHelpers.PrepareDelegate(compiled);
        return compiled;
    }

    private Reach Reach => reach;

    /// <param name="IsHarmless">Nothing that an object of the type can hold is reloaded.</param>
    /// <param name="Parts">Looks into one; null: it is reloaded itself.</param>
    private sealed record Known(bool IsHarmless, Parts? Parts);
}
