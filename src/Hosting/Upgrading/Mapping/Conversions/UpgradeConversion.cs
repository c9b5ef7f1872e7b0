using System.Runtime.CompilerServices;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>A value through <c>Upgrade</c>.</summary>
/// <param name="argument">From the old value to what Upgrade takes.</param>
/// <param name="inner">The slot of the argument.</param>
internal sealed class UpgradeConversion(Type to, Conversion argument, Slot inner, Steps steps) : Conversion(argument.From, to)
{
    public override bool IsFlat => argument.IsFlat;

    public override bool RunsService => true;

    public override object? Apply(object? old, MappingRun? run, Slot slot)
    {
        if (old is null && !From.IsValueType) return To.IsValueType ? throw new SlotException(slot, SlotException.NoValue) : null;
        var value = argument.Apply(old, run, inner with { Label = slot.Label });
        if (argument.IsFlat || MappingRun.Ready(run)) return steps.Take(value!);
        return To.IsValueType ? RuntimeHelpers.GetUninitializedObject(To) : null;
    }

    public override void Compile(bool inline)
    {
        argument.Compile(inline: false);
        steps.Compile();
    }
}

/// <summary>A value through <c>Downgrade</c>, which must give a plain value.</summary>
internal sealed class DowngradeConversion(Type from, Steps steps, Conversion result) : Conversion(from, result.To)
{
    public override bool RunsService => true;

    public override object? Apply(object? old, MappingRun? run, Slot slot)
    {
        if (old is null && !From.IsValueType) return To.IsValueType ? throw new SlotException(slot, SlotException.NoValue) : null;
        return result.Apply(steps.Take(old!), run, slot);
    }

    public override void Compile(bool inline)
    {
        result.Compile(inline: false);
        steps.Compile();
    }
}
