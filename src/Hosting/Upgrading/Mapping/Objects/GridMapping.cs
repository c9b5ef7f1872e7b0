using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>
/// Arrays of more than one dimension, by a compiled loop over their elements as they lie in memory: a million numbers are not boxed.
/// </summary>
internal sealed class GridMapping(Type from, Type to, ElementMapping mapping) : ObjectMapping
{
    private static readonly MethodInfo s_data = typeof(MemoryMarshal).GetMethod(nameof(MemoryMarshal.GetArrayDataReference), [typeof(Array)])!;
    private static readonly MethodInfo s_length = typeof(Array).GetProperty(nameof(Array.Length))!.GetMethod!;
    private static readonly MethodInfo s_element = typeof(MappingRun).GetProperty(nameof(MappingRun.Element))!.SetMethod!;

    private readonly Lazy<Action<object, object, MappingRun?>> _fill = new(() => CompileFill(from, to, mapping));

    public override Making Making => mapping.Conversion.IsFlat ? Making.AtOnce : Making.Shell;

    public override bool RunsService => mapping.Conversion.RunsService;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override object Make(object old, MappingRun? run)
    {
        var array = (Array)old;
        if (from == to && mapping.Conversion.IsCopy) return array.Clone();
        var (lengths, bounds) = (new int[array.Rank], new int[array.Rank]);
        for (var d = 0; d < array.Rank; d++) (lengths[d], bounds[d]) = (array.GetLength(d), array.GetLowerBound(d));
        var fresh = Array.CreateInstance(to, lengths, bounds);
        if (mapping.Conversion.IsFlat) _fill.Value(old, fresh, run);
        return fresh;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(object old, object? fresh, MappingRun run)
    {
        run.Reserve(from.IsValueType ? ((Array)old).Length : Filled((Array)old), 0);
        _fill.Value(old, fresh!, run);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override object? Finish(object old, object? fresh, MappingRun run)
    {
        _fill.Value(old, fresh!, run);
        return fresh;
    }

    public override void Compile()
    {
        _ = _fill.Value;
        mapping.Conversion.Compile(inline: true);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Filled(Array references) =>
        FilledSlots.Count(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<byte, object?>(ref MemoryMarshal.GetArrayDataReference(references)), references.Length));

    private static Action<object, object, MappingRun?> CompileFill(Type from, Type to, ElementMapping mapping)
    {
        var emitter = new MappingEmitter($"Map {from.Name}[,]", typeof(void));
        var il = emitter.IL;
        var (i, next, end) = (il.DeclareLocal(typeof(int)), il.DefineLabel(), il.DefineLabel());
        il.MarkLabel(next);
        il.Emit(OpCodes.Ldloc, i);
        emitter.LoadOld();
        il.Emit(OpCodes.Call, s_length);
        il.Emit(OpCodes.Bge, end);

        emitter.LoadRun();
        il.Emit(OpCodes.Ldloc, i);
        il.Emit(OpCodes.Call, s_element);

        LoadAddress(emitter.LoadNew, to);
        LoadAddress(emitter.LoadOld, from);
        il.Emit(OpCodes.Ldobj, from);
        mapping.Conversion.Emit(emitter, mapping.Slot);
        il.Emit(OpCodes.Stobj, to);

        il.Emit(OpCodes.Ldloc, i);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, i);
        il.Emit(OpCodes.Br, next);
        il.MarkLabel(end);
        return emitter.Compile<Action<object, object, MappingRun?>>();

        void LoadAddress(Action loadArray, Type element)
        {
            loadArray();
            il.Emit(OpCodes.Call, s_data);
            il.Emit(OpCodes.Ldloc, i);
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Sizeof, element);
            il.Emit(OpCodes.Mul);
            il.Emit(OpCodes.Add);
        }
    }
}
