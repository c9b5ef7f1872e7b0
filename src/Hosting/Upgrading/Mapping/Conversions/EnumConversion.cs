using System.Reflection;
using System.Reflection.Emit;
using WatchReload.Actors;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>
/// Enums go by name; combined flags bit by bit. A number or bit without a name stays what it is, unless the new enum has given it one, or has no room for it.
/// </summary>
internal sealed class EnumConversion : Conversion
{
    private static readonly MethodInfo s_map = typeof(EnumConversion).GetMethod(nameof(Map))!;

    private readonly Dictionary<long, long> _byValue = [];
    private readonly Dictionary<long, string> _vanished = [];
    private readonly HashSet<long> _newValues;
    private readonly EnumNumbers _old;
    private readonly EnumNumbers _new;
    private readonly bool _byBits;
    private readonly bool _becomesFlags;
    private readonly long _namedNow;
    private readonly string _remedy;

    /// <param name="rollback">Former names of the old side count as well.</param>
    public EnumConversion(Type from, Type to, bool rollback) : base(from, to)
    {
        (_old, _new) = (new EnumNumbers(from), new EnumNumbers(to));
        var wasFlags = from.IsDefined(typeof(FlagsAttribute), false);
        _becomesFlags = to.IsDefined(typeof(FlagsAttribute), false);
        _byBits = wasFlags || _becomesFlags;
        _remedy = rollback ? "write Downgrade" : "write Upgrade";
        var values = Fields(to).ToDictionary(f => f.Name, EnumNumbers.Of);
        _newValues = [.. values.Values];
        foreach (var field in Fields(to))
        {
            foreach (var former in FormerNames(field)) values.TryAdd(former, EnumNumbers.Of(field));
        }

        var meant = new Dictionary<long, long>();
        foreach (var field in Fields(from))
        {
            string[] names = [field.Name, .. rollback ? FormerNames(field) : []];
            var value = EnumNumbers.Of(field);
            if (names.FirstOrDefault(values.ContainsKey) is { } name)
            {
                _byValue.TryAdd(value, values[name]);
                meant[values[name]] = meant.GetValueOrDefault(values[name]) | value;
            }
            else if (!wasFlags || _old.IsOneBit(value))
            {
                // The name of a combination is not needed: its bits are mapped.
                _vanished.TryAdd(value, field.Name);
            }
        }

        foreach (var found in _byValue.Keys) _vanished.Remove(found);
        // The name of a combination that was there says nothing new of the bits that it had.
        foreach (var value in _newValues) _namedNow |= value & ~meant.GetValueOrDefault(value);
        IsSameBits = _vanished.Count == 0 && _byValue.All(p => p.Key == p.Value) && _old.Underlying == _new.Underlying && (_newValues.IsSubsetOf(_byValue.Keys)
            || (wasFlags && _becomesFlags && AreNamed(_namedNow)));
    }

    /// <summary>Names that exist no more; an object that has one cannot be carried over.</summary>
    public IReadOnlyCollection<string> Vanished => _vanished.Values;

    private bool IsSameBits { get; }

    public override object? Apply(object? old, MappingRun? run, Slot slot) => Enum.ToObject(To, Map(EnumNumbers.Of(old!), this, slot));

    public override void Emit(MappingEmitter emitter, Slot slot)
    {
        if (IsSameBits) return;
        emitter.IL.Emit(_old.IsUnsigned ? OpCodes.Conv_U8 : OpCodes.Conv_I8);
        emitter.LoadConstant(this);
        emitter.LoadConstant(slot);
        emitter.IL.Emit(OpCodes.Call, s_map);
        emitter.IL.Emit(_new.Size switch { 1 => OpCodes.Conv_I1, 2 => OpCodes.Conv_I2, 4 => OpCodes.Conv_I4, _ => OpCodes.Conv_I8 });
        if (_new.IsUnsigned) emitter.IL.Emit(_new.Size switch { 1 => OpCodes.Conv_U1, 2 => OpCodes.Conv_U2, 4 => OpCodes.Conv_U4, _ => OpCodes.Conv_U8 });
    }

    /// <summary>Called from compiled code.</summary>
    public static long Map(long value, EnumConversion conversion, Slot slot)
    {
        if (conversion._byValue.TryGetValue(value, out var mapped)) return mapped;
        conversion.RefuseVanished(value, slot);
        if (conversion._byBits) return conversion.MapBits(value, slot);
        return conversion._newValues.Contains(value) ? throw conversion.IsNamedNow(value, slot) : conversion.Unnamed(value, slot);
    }

    private long MapBits(long value, Slot slot)
    {
        var (mapped, unnamed) = (0L, 0L);
        for (var rest = _old.Bits(value); rest != 0; rest &= rest - 1)
        {
            var bit = _old.Lowest(rest);
            if (_byValue.TryGetValue(bit, out var named))
            {
                mapped |= named;
                continue;
            }

            RefuseVanished(bit, slot);
            if (_new.Bits(bit & _namedNow) != 0) throw IsNamedNow(bit, slot);
            unnamed |= bit;
        }

        mapped |= Unnamed(unnamed, slot);
        // Without [Flags] the number as a whole is what a name says.
        return _becomesFlags || !_newValues.Contains(mapped) ? mapped : throw IsNamedNow(value, slot);
    }

    private void RefuseVanished(long value, Slot slot)
    {
        if (_vanished.TryGetValue(value, out var name))
            throw new SlotException(slot, $"'{name}' is no longer a value of {TypeNames.Short(To)}; put [FormerName(\"{name}\")] on what it has become, or write Upgrade");
    }

    private long Unnamed(long value, Slot slot) => _new.Holds(_old.Number(value))
        ? value
        : throw new SlotException(slot, $"{_old.Number(value)} has no name in {TypeNames.Short(From)} and is no {_new.Underlying.Name}, which {TypeNames.Short(To)} is now; {_remedy}");

    private SlotException IsNamedNow(long value, Slot slot) =>
        new(slot, $"{_old.Number(value)} had no name in {TypeNames.Short(From)}, and is the number of another value now; {_remedy}");

    private bool AreNamed(long bits)
    {
        for (var rest = _old.Bits(bits); rest != 0; rest &= rest - 1)
        {
            if (!_byValue.ContainsKey(_old.Lowest(rest))) return false;
        }

        return true;
    }

    private static FieldInfo[] Fields(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static);

    private static IEnumerable<string> FormerNames(FieldInfo field) => field.IsDefined(typeof(FormerNameAttribute), false)
        ? field.GetCustomAttributes<FormerNameAttribute>(false).Select(a => a.Name)
        : [];
}
