using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>
/// Builds one compiled mapping: a method of (constants, old object, new object, run). Visibility checks are off, so that fields are
/// read and set whatever their access, also those that only constructors may set.
/// </summary>
internal sealed class MappingEmitter
{
    private static readonly MethodInfo s_ref = typeof(MappingRun).GetMethod(nameof(MappingRun.Ref), BindingFlags.Static | BindingFlags.Public)!;
    private static readonly MethodInfo s_ready = typeof(MappingRun).GetMethod(nameof(MappingRun.Ready), BindingFlags.Static | BindingFlags.Public)!;
    private static readonly MethodInfo s_apply = typeof(Conversion).GetMethod(nameof(Conversion.Apply), BindingFlags.Static | BindingFlags.NonPublic)!;
    private static readonly MethodInfo s_noValue = typeof(SlotException).GetMethod(nameof(SlotException.ThrowNoValue))!;

    private readonly DynamicMethod _method;
    private readonly List<object?> _constants = [];

    public MappingEmitter(string name, Type returns)
    {
        _method = new DynamicMethod(name, returns, [typeof(object?[]), typeof(object), typeof(object), typeof(MappingRun)], typeof(MappingEmitter).Module, skipVisibility: true);
        IL = _method.GetILGenerator();
    }

    public ILGenerator IL { get; }

    public void LoadOld() => IL.Emit(OpCodes.Ldarg_1);

    public void LoadNew() => IL.Emit(OpCodes.Ldarg_2);

    public void LoadRun() => IL.Emit(OpCodes.Ldarg_3);

    /// <summary>Pushes an object that the method refers to.</summary>
    public void LoadConstant(object? value)
    {
        IL.Emit(OpCodes.Ldarg_0);
        IL.Emit(OpCodes.Ldc_I4, _constants.Count);
        IL.Emit(OpCodes.Ldelem_Ref);
        _constants.Add(value);
    }

    /// <summary>Pushes a value of <paramref name="type"/>: the default for null.</summary>
    public void LoadValue(object? value, Type type)
    {
        if (value is null && !type.IsValueType)
        {
            IL.Emit(OpCodes.Ldnull);
        }
        else if (value is null)
        {
            var local = IL.DeclareLocal(type);
            IL.Emit(OpCodes.Ldloca, local);
            IL.Emit(OpCodes.Initobj, type);
            IL.Emit(OpCodes.Ldloc, local);
        }
        else
        {
            LoadConstant(value);
            if (type.IsValueType) IL.Emit(OpCodes.Unbox_Any, type);
        }
    }

    /// <summary>Takes a reference, pushes the new object's.</summary>
    public void MapReference(Slot slot)
    {
        LoadRun();
        LoadConstant(slot);
        IL.Emit(OpCodes.Call, s_ref);
    }

    /// <summary>Takes an old value, pushes the new one, by way of boxes.</summary>
    public void MapBoxed(Conversion conversion, Slot slot)
    {
        if (conversion.From.IsValueType) IL.Emit(OpCodes.Box, conversion.From);
        LoadRun();
        LoadConstant(conversion);
        LoadConstant(slot);
        IL.Emit(OpCodes.Call, s_apply);
        if (conversion.To.IsValueType) IL.Emit(OpCodes.Unbox_Any, conversion.To);
    }

    public void ThrowNoValue(Slot slot)
    {
        LoadConstant(slot);
        IL.Emit(OpCodes.Call, s_noValue);
    }

    /// <summary>Goes to <paramref name="otherwise"/> while parts of the object are not complete.</summary>
    public void BranchUnlessReady(Label otherwise)
    {
        LoadRun();
        IL.Emit(OpCodes.Call, s_ready);
        IL.Emit(OpCodes.Brfalse, otherwise);
    }

    /// <summary>Ends the method and compiles it.</summary>
    public TDelegate Compile<TDelegate>() where TDelegate : Delegate
    {
        IL.Emit(OpCodes.Ret);
        var compiled = _method.CreateDelegate<TDelegate>(_constants.ToArray());
        RuntimeHelpers.PrepareDelegate(compiled);
        return compiled;
    }
}
