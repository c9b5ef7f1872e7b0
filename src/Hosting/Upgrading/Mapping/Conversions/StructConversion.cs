using System.Reflection.Emit;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>To a struct, member by member, in place; from a struct, or from a class that has become one.</summary>
internal sealed class StructConversion(MemberMapping members) : Conversion(members.Old, members.New)
{
    private readonly Lazy<Func<object, object?, MappingRun?, object>> _boxed = new(() => Compile(members));

    public override bool IsFlat => members.IsFlat;

    public override bool RunsService => members.RunsService;

    public override object? Apply(object? old, MappingRun? run, Slot slot) =>
        old is null ? throw new SlotException(slot, SlotException.NoValue) : _boxed.Value(old, null, run);

    public override void Emit(MappingEmitter emitter, Slot slot)
    {
        var il = emitter.IL;
        var (source, result) = (il.DeclareLocal(From), il.DeclareLocal(To));
        il.Emit(OpCodes.Stloc, source);
        if (!From.IsValueType)
        {
            var some = il.DefineLabel();
            il.Emit(OpCodes.Ldloc, source);
            il.Emit(OpCodes.Brtrue, some);
            emitter.ThrowNoValue(slot);
            il.MarkLabel(some);
        }

        il.Emit(OpCodes.Ldloca, result);
        il.Emit(OpCodes.Initobj, To);
        members.Emit(
            emitter,
            () => il.Emit(From.IsValueType ? OpCodes.Ldloca : OpCodes.Ldloc, source),
            () => il.Emit(OpCodes.Ldloca, result),
            slot);
        il.Emit(OpCodes.Ldloc, result);
    }

    public override void Compile(bool inline)
    {
        if (!inline) _ = _boxed.Value;
    }

    private static Func<object, object?, MappingRun?, object> Compile(MemberMapping members)
    {
        var emitter = new MappingEmitter($"Map {members.Old.Name}", typeof(object));
        var result = emitter.IL.DeclareLocal(members.New);
        members.Emit(emitter, () => members.LoadOld(emitter), () => emitter.IL.Emit(OpCodes.Ldloca, result), null);
        emitter.IL.Emit(OpCodes.Ldloc, result);
        emitter.IL.Emit(OpCodes.Box, members.New);
        return emitter.Compile<Func<object, object?, MappingRun?, object>>();
    }
}
