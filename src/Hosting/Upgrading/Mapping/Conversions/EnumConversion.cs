using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;
using WatchReload.Actors;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>Enums go by name; combined flags bit by bit. A number without a name stays what it is, unless it now has one.</summary>
internal sealed class EnumConversion : Conversion
{
    private static readonly MethodInfo s_map = typeof(EnumConversion).GetMethod(nameof(Map))!;

    private readonly Dictionary<long, long> _byValue = [];
    private readonly Dictionary<long, string> _vanished = [];
    private readonly HashSet<long> _newValues;
    private readonly bool _isFlags;

    /// <param name="rollback">Former names of the old side count as well.</param>
    public EnumConversion(Type from, Type to, bool rollback) : base(from, to)
    {
        _isFlags = from.IsDefined(typeof(FlagsAttribute), false);
        var values = Fields(to).ToDictionary(f => f.Name, Bits);
        _newValues = [.. values.Values];
        foreach (var field in Fields(to))
        {
            foreach (var former in FormerNames(field)) values.TryAdd(former, Bits(field));
        }

        foreach (var field in Fields(from))
        {
            string[] names = [field.Name, .. rollback ? FormerNames(field) : []];
            if (names.FirstOrDefault(values.ContainsKey) is { } name) _byValue.TryAdd(Bits(field), values[name]);
            else if (!_isFlags || IsOneBit(Bits(field))) _vanished.TryAdd(Bits(field), field.Name);
        }

        foreach (var found in _byValue.Keys) _vanished.Remove(found);
        IsSameBits = _vanished.Count == 0 && _byValue.All(p => p.Key == p.Value) && Enum.GetUnderlyingType(from) == Enum.GetUnderlyingType(to)
            && (_isFlags || _newValues.IsSubsetOf(_byValue.Keys));
    }

    /// <summary>Names that exist no more; an object that has one cannot be carried over.</summary>
    public IReadOnlyCollection<string> Vanished => _vanished.Values;

    private bool IsSameBits { get; }

    public override object? Apply(object? old, MappingRun? run, Slot slot) => Enum.ToObject(To, Map(Bits(old!), this, slot));

    public override void Emit(MappingEmitter emitter, Slot slot)
    {
        if (IsSameBits) return;
        emitter.IL.Emit(IsUnsigned(From) ? OpCodes.Conv_U8 : OpCodes.Conv_I8);
        emitter.LoadConstant(this);
        emitter.LoadConstant(slot);
        emitter.IL.Emit(OpCodes.Call, s_map);
        emitter.IL.Emit(Marshal.SizeOf(Enum.GetUnderlyingType(To)) switch { 1 => OpCodes.Conv_I1, 2 => OpCodes.Conv_I2, 4 => OpCodes.Conv_I4, _ => OpCodes.Conv_I8 });
        if (IsUnsigned(To)) emitter.IL.Emit(Marshal.SizeOf(Enum.GetUnderlyingType(To)) switch { 1 => OpCodes.Conv_U1, 2 => OpCodes.Conv_U2, 4 => OpCodes.Conv_U4, _ => OpCodes.Conv_U8 });
    }

    /// <summary>Called from compiled code.</summary>
    public static long Map(long value, EnumConversion conversion, Slot slot)
    {
        if (conversion._byValue.TryGetValue(value, out var mapped)) return mapped;
        if (conversion._vanished.TryGetValue(value, out var name))
            throw new SlotException(slot, $"'{name}' is no longer a value of {TypeNames.Short(conversion.To)}; put [FormerName(\"{name}\")] on what it has become, or write Upgrade");
        if (conversion._isFlags) return conversion.MapFlags(value, slot);
        return !conversion._newValues.Contains(value)
            ? value
            : throw new SlotException(slot, $"{value} had no name in {TypeNames.Short(conversion.From)}, and is the number of another value now; write Upgrade");
    }

    private long MapFlags(long value, Slot slot)
    {
        var mapped = 0L;
        for (var rest = value; rest != 0; rest &= rest - 1)
        {
            var bit = rest & -rest;
            if (_byValue.TryGetValue(bit, out var to)) mapped |= to;
            else if (_vanished.ContainsKey(bit) || _newValues.Contains(bit)) return Map(bit, this, slot);
            else mapped |= bit;
        }

        return mapped;
    }

    // The name of a combination is not needed: its bits are mapped.
    private static bool IsOneBit(long value) => (value & (value - 1)) == 0;

    private static long Bits(FieldInfo field) => Bits(field.GetRawConstantValue()!);

    private static long Bits(object value) => value switch
    {
        ulong big => unchecked((long)big),
        Enum e when Enum.GetUnderlyingType(e.GetType()) == typeof(ulong) => unchecked((long)Convert.ToUInt64(e, null)),
        _ => Convert.ToInt64(value, null),
    };

    private static bool IsUnsigned(Type type) => Type.GetTypeCode(type) is TypeCode.Byte or TypeCode.UInt16 or TypeCode.UInt32 or TypeCode.UInt64;

    private static FieldInfo[] Fields(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static);

    private static IEnumerable<string> FormerNames(FieldInfo field) => field.IsDefined(typeof(FormerNameAttribute), false)
        ? field.GetCustomAttributes<FormerNameAttribute>(false).Select(a => a.Name)
        : [];
}
