namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>How a value of one declared type becomes one of another: inline in compiled code, or boxed, for elements of collections.</summary>
internal abstract class Conversion(Type from, Type to)
{
    public Type From { get; } = from;

    public Type To { get; } = to;

    /// <summary>Needs no other object: works without a run.</summary>
    public virtual bool IsFlat => true;

    /// <summary>Calls an Upgrade, Downgrade or constructor of the service, which may take any time; not counting what a reference leads to.</summary>
    public virtual bool RunsService => false;

    /// <summary>The value is handed on as it is.</summary>
    public virtual bool IsCopy => false;

    /// <summary>Boxed; <paramref name="run"/> may be null if <see cref="IsFlat"/>.</summary>
    public abstract object? Apply(object? old, MappingRun? run, Slot slot);

    /// <summary>Code that takes an old value from the stack and pushes the new one.</summary>
    public virtual void Emit(MappingEmitter emitter, Slot slot) => emitter.MapBoxed(this, slot);

    /// <summary>Compiles now what would be compiled on first use; <paramref name="inline"/>: by <see cref="Emit"/> it was already.</summary>
    public virtual void Compile(bool inline)
    {
    }

    // Called from compiled code, which has the value below the rest on its stack.
    internal static object? Apply(object? old, MappingRun? run, Conversion conversion, Slot slot) => conversion.Apply(old, run, slot);
}

internal sealed class CopyConversion(Type from, Type to) : Conversion(from, to)
{
    public override bool IsCopy => true;

    public override object? Apply(object? old, MappingRun? run, Slot slot) => old;

    public override void Emit(MappingEmitter emitter, Slot slot)
    {
    }
}

/// <summary>A value that may have been null where null is no longer legal.</summary>
internal sealed class NotNullConversion(Type from, Type to) : Conversion(from, to)
{
    public override object? Apply(object? old, MappingRun? run, Slot slot) => old ?? throw new SlotException(slot, SlotException.NoValue);
}
