using System.Reflection;
using System.Runtime.InteropServices;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>The numbers and bits that values of one enum can have, by its underlying type. Each is kept as a long of the same bits, extended by its sign.</summary>
internal sealed class EnumNumbers
{
    private readonly long _width;
    private readonly Int128 _least;
    private readonly Int128 _most;

    public EnumNumbers(Type type)
    {
        Underlying = Enum.GetUnderlyingType(type);
        IsUnsigned = Type.GetTypeCode(type) is TypeCode.Byte or TypeCode.UInt16 or TypeCode.UInt32 or TypeCode.UInt64;
        Size = Marshal.SizeOf(Underlying);
        _width = -1L >>> (64 - 8 * Size);
        (_least, _most) = IsUnsigned ? (0, (Int128.One << 8 * Size) - 1) : (-(Int128.One << 8 * Size - 1), (Int128.One << 8 * Size - 1) - 1);
    }

    public Type Underlying { get; }

    public bool IsUnsigned { get; }

    /// <summary>In bytes.</summary>
    public int Size { get; }

    public static long Of(FieldInfo field) => Of(field.GetRawConstantValue()!);

    public static long Of(object value) => value switch
    {
        ulong big => unchecked((long)big),
        Enum e when Enum.GetUnderlyingType(e.GetType()) == typeof(ulong) => unchecked((long)Convert.ToUInt64(e, null)),
        _ => Convert.ToInt64(value, null),
    };

    /// <summary>As the enum's author would write it.</summary>
    public Int128 Number(long value) => IsUnsigned ? unchecked((ulong)value) : value;

    public bool Holds(Int128 number) => number >= _least && number <= _most;

    /// <summary>The bits of a value, without those that only repeat its sign.</summary>
    public long Bits(long value) => value & _width;

    /// <summary>The lowest of the bits, as the value that it is by itself: the highest of a signed type is negative.</summary>
    public long Lowest(long bits)
    {
        var bit = bits & -bits;
        return IsUnsigned || ((bit << 1) & _width) != 0 ? bit : -bit;
    }

    public bool IsOneBit(long value) => (Bits(value) & (Bits(value) - 1)) == 0;
}
