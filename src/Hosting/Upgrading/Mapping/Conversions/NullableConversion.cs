using System.Reflection.Emit;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>T to T?, T? to T?, and on the way back T? to T. <paramref name="value"/> converts what is inside.</summary>
internal sealed class NullableConversion(Type from, Type to, Conversion value) : Conversion(from, to)
{
    private readonly bool _fromNullable = Nullable.GetUnderlyingType(from) is not null;
    private readonly bool _toNullable = Nullable.GetUnderlyingType(to) is not null;

    public override bool IsFlat => value.IsFlat;

    public override bool RunsService => value.RunsService;

    public override object? Apply(object? old, MappingRun? run, Slot slot)
    {
        if (old is not null) return value.Apply(old, run, slot);
        return _toNullable ? null : throw new SlotException(slot, SlotException.NoValue);
    }

    public override void Compile(bool inline) => value.Compile(inline);

    public override void Emit(MappingEmitter emitter, Slot slot)
    {
        var il = emitter.IL;
        var (result, none, end) = (il.DeclareLocal(To), il.DefineLabel(), il.DefineLabel());
        if (_fromNullable)
        {
            var source = il.DeclareLocal(From);
            il.Emit(OpCodes.Stloc, source);
            il.Emit(OpCodes.Ldloca, source);
            il.Emit(OpCodes.Call, From.GetProperty(nameof(Nullable<>.HasValue))!.GetMethod!);
            il.Emit(OpCodes.Brfalse, none);
            il.Emit(OpCodes.Ldloca, source);
            il.Emit(OpCodes.Call, From.GetMethod(nameof(Nullable<>.GetValueOrDefault), [])!);
        }

        value.Emit(emitter, slot);
        if (_toNullable) il.Emit(OpCodes.Newobj, To.GetConstructor([value.To])!);
        il.Emit(OpCodes.Stloc, result);
        il.Emit(OpCodes.Br, end);
        il.MarkLabel(none);
        if (_toNullable)
        {
            il.Emit(OpCodes.Ldloca, result);
            il.Emit(OpCodes.Initobj, To);
        }
        else
        {
            emitter.ThrowNoValue(slot);
        }

        il.MarkLabel(end);
        il.Emit(OpCodes.Ldloc, result);
    }
}
