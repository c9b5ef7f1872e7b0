using System.Reflection;
using System.Reflection.Emit;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>
/// Which fields a constructor gives a value, its initializers included: reflection does not tell which members have one, the
/// constructor's code does. Properties that it sets count as their fields.
/// </summary>
internal static class AssignedFields
{
    private static readonly Dictionary<short, OpCode> s_opCodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(o => o.Value);

    public static HashSet<(Type Declaring, string Field)> In(ConstructorInfo constructor)
    {
        var found = new HashSet<(Type, string)>();
        Read(constructor, found, []);
        return found;
    }

    private static void Read(ConstructorInfo constructor, HashSet<(Type, string)> found, HashSet<ConstructorInfo> met)
    {
        if (!met.Add(constructor) || constructor.GetMethodBody()?.GetILAsByteArray() is not { } il) return;
        var type = constructor.DeclaringType!;
        foreach (var (code, token) in Tokens(il))
        {
            if (code == OpCodes.Stfld)
            {
                var field = constructor.Module.ResolveField(token, Arguments(type), null)!;
                found.Add((field.DeclaringType!, field.Name));
            }
            else if (code == OpCodes.Call || code == OpCodes.Callvirt)
            {
                var called = constructor.Module.ResolveMethod(token, Arguments(type), null)!;
                if (called is ConstructorInfo other && code == OpCodes.Call && other.DeclaringType!.IsAssignableFrom(type)) Read(other, found, met);
                else if (called.IsSpecialName && called.Name.StartsWith("set_", StringComparison.Ordinal)) found.Add((called.DeclaringType!, $"<{called.Name[4..]}>k__BackingField"));
            }
        }
    }

    private static IEnumerable<(OpCode Code, int Token)> Tokens(byte[] il)
    {
        for (var i = 0; i < il.Length;)
        {
            var code = il[i] == 0xFE ? s_opCodes[(short)(0xFE00 | il[i + 1])] : s_opCodes[il[i]];
            i += code.Size;
            if (code.OperandType is OperandType.InlineField or OperandType.InlineMethod) yield return (code, BitConverter.ToInt32(il, i));
            i += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, i)),
                _ => 4,
            };
        }
    }

    private static Type[]? Arguments(Type type) => type.IsGenericType ? type.GetGenericArguments() : null;
}
