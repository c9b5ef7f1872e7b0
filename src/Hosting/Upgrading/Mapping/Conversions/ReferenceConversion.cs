using System.Reflection.Emit;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>A reference, by the type of the object at hand; or a struct that has become a class.</summary>
internal sealed class ReferenceConversion(Type from, Type to) : Conversion(from, to)
{
    public override bool IsFlat => false;

    public override object? Apply(object? old, MappingRun? run, Slot slot) => run!.Ref(old, slot);

    public override void Emit(MappingEmitter emitter, Slot slot)
    {
        if (From.IsValueType) emitter.IL.Emit(OpCodes.Box, From);
        emitter.MapReference(slot);
    }
}
