using System.Numerics;
using System.Reflection.Emit;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>Numbers: forward those of C#'s implicit numeric conversions, back also narrower ones if the value fits.</summary>
internal static class Numbers
{
    private static readonly Dictionary<Type, Type[]> s_wider = new()
    {
        [typeof(sbyte)] = [typeof(short), typeof(int), typeof(long), typeof(float), typeof(double), typeof(decimal), typeof(Int128)],
        [typeof(byte)] = [typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(float), typeof(double), typeof(decimal), typeof(Int128), typeof(UInt128)],
        [typeof(short)] = [typeof(int), typeof(long), typeof(float), typeof(double), typeof(decimal), typeof(Int128)],
        [typeof(ushort)] = [typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(float), typeof(double), typeof(decimal), typeof(Int128), typeof(UInt128)],
        [typeof(int)] = [typeof(long), typeof(float), typeof(double), typeof(decimal), typeof(Int128)],
        [typeof(uint)] = [typeof(long), typeof(ulong), typeof(float), typeof(double), typeof(decimal), typeof(Int128), typeof(UInt128)],
        [typeof(long)] = [typeof(float), typeof(double), typeof(decimal), typeof(Int128)],
        [typeof(ulong)] = [typeof(float), typeof(double), typeof(decimal), typeof(Int128), typeof(UInt128)],
        [typeof(char)] = [typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(float), typeof(double), typeof(decimal)],
        [typeof(Half)] = [typeof(float), typeof(double)],
        [typeof(float)] = [typeof(double)],
    };

    public static bool Widens(Type from, Type to) => s_wider.TryGetValue(from, out var wider) && wider.Contains(to);

    public static Conversion Widen(Type from, Type to) => Make(typeof(WideningConversion<,>), from, to);

    public static Conversion Narrow(Type from, Type to) => Make(typeof(NarrowingConversion<,>), from, to);

    private static Conversion Make(Type definition, Type from, Type to) => (Conversion)Activator.CreateInstance(definition.MakeGenericType(from, to))!;
}

internal sealed class WideningConversion<TFrom, TTo>() : Conversion(typeof(TFrom), typeof(TTo))
    where TFrom : INumberBase<TFrom>
    where TTo : INumberBase<TTo>
{
    public static TTo Convert(TFrom value) => TTo.CreateChecked(value);

    public override object? Apply(object? old, MappingRun? run, Slot slot) => Convert((TFrom)old!);

    public override void Emit(MappingEmitter emitter, Slot slot) => emitter.IL.Emit(OpCodes.Call, GetType().GetMethod(nameof(Convert))!);
}

/// <summary>The way back of a widening: whole numbers exactly, fractions to the nearest.</summary>
internal sealed class NarrowingConversion<TFrom, TTo>() : Conversion(typeof(TFrom), typeof(TTo))
    where TFrom : INumberBase<TFrom>
    where TTo : INumberBase<TTo>
{
    private static readonly bool s_toWhole = TTo.CreateTruncating(0.5) == TTo.Zero;

    public static TTo Convert(TFrom value, Slot slot)
    {
        if (s_toWhole && !TFrom.IsInteger(value)) throw DoesNotFit(value, slot);
        try
        {
            var narrow = TTo.CreateChecked(value);
            if (TTo.IsFinite(narrow) || !TFrom.IsFinite(value)) return narrow;
        }
        catch (OverflowException)
        {
            // Told below, with the value.
        }

        throw DoesNotFit(value, slot);
    }

    public override object? Apply(object? old, MappingRun? run, Slot slot) => Convert((TFrom)old!, slot);

    public override void Emit(MappingEmitter emitter, Slot slot)
    {
        emitter.LoadConstant(slot);
        emitter.IL.Emit(OpCodes.Call, GetType().GetMethod(nameof(Convert))!);
    }

    private static SlotException DoesNotFit(TFrom value, Slot slot) => new(slot, string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{value} is no {typeof(TTo).Name}; write Downgrade to say what it becomes"));
}
