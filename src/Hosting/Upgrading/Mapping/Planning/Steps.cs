using System.Reflection;
using System.Reflection.Emit;
using WatchReload.Actors;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>A chain of Upgrade or Downgrade functions, all of one version's code.</summary>
internal sealed class Steps
{
    private readonly IReadOnlyList<(MethodInfo Method, Type Owner, Type From)> _steps;
    private readonly Lazy<Func<object, object?>[]> _functions;

    /// <param name="kind"><see cref="IUpgrade{TOld,TNew}"/> or <see cref="IDowngrade{TNew,TOld}"/>.</param>
    /// <param name="types">What the first takes, what it returns, what the next returns.</param>
    public Steps(Type kind, IReadOnlyList<Type> types)
    {
        Name = kind == typeof(IUpgrade<,>) ? nameof(IUpgrade<,>.Upgrade) : nameof(IDowngrade<,>.Downgrade);
        Types = types;
        _steps = [.. types.Zip(types.Skip(1), (from, to) => (
            kind.MakeGenericType(from, to).GetMethod(Name)!,
            kind == typeof(IUpgrade<,>) ? to : from,
            from))];
        _functions = new(() => [.. _steps.Select(s => Emit(s.Method, s.Owner, s.From))]);
    }

    public string Name { get; }

    public IReadOnlyList<Type> Types { get; }

    public Type Result => Types[^1];

    public object Take(object value)
    {
        foreach (var function in _functions.Value)
        {
            try
            {
                value = function(value) ?? throw new SlotException(null, $"{Name} returned null");
            }
            catch (Exception cause) when (cause is not SlotException)
            {
                throw new SlotException(null, $"{Name} threw {SourceNames.Short(cause.GetType())}: {cause.Message}", cause);
            }
        }

        return value;
    }

    public void Compile()
    {
        _ = _functions.Value;
        foreach (var (method, owner, from) in _steps)
        {
            var own = owner.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Where(m => m.Name.EndsWith(Name, StringComparison.Ordinal)
                && m.ReturnType == method.ReturnType && m.GetParameters() is [var only] && only.ParameterType == from);
            foreach (var function in own) Jit.Prepare(function);
        }
    }

    // A static abstract member has no other way to be called on a type known only at run time.
    private static Func<object, object?> Emit(MethodInfo method, Type owner, Type from)
    {
        var dynamic = new DynamicMethod(method.Name, typeof(object), [typeof(object[]), typeof(object)], typeof(Steps).Module, skipVisibility: true);
        var il = dynamic.GetILGenerator();
        il.Emit(OpCodes.Ldarg_1);
        if (from.IsValueType) il.Emit(OpCodes.Unbox_Any, from);
        il.Emit(OpCodes.Constrained, owner);
        il.Emit(OpCodes.Call, method);
        if (method.ReturnType.IsValueType) il.Emit(OpCodes.Box, method.ReturnType);
        il.Emit(OpCodes.Ret);
        return dynamic.CreateDelegate<Func<object, object?>>(Array.Empty<object>());
    }
}
