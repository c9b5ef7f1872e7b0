using System.Reflection;
using System.Reflection.Emit;

namespace WatchReload.Hosting.Loading;

/// <summary>One instruction of a method's body.</summary>
/// <param name="Code">What it does.</param>
/// <param name="Token">Of what it names; 0: nothing.</param>
/// <param name="End">Where the next one begins.</param>
/// <param name="Target">Where it may lead instead; of one that leads nowhere else, the same.</param>
internal readonly record struct Instruction(OpCode Code, int Token, int End, int Target)
{
    private const byte TwoBytes = 0xFE;
    private static readonly OpCode?[] s_short = new OpCode?[256];
    private static readonly OpCode?[] s_long = new OpCode?[256];

    static Instruction()
    {
        foreach (var field in typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            var code = (OpCode)field.GetValue(null)!;
            (code.Size == 1 ? s_short : s_long)[(byte)code.Value] = code;
        }
    }

    /// <summary>How many values it takes off the stack; null: that depends on what it names.</summary>
    public int? Pops => Code.StackBehaviourPop switch
    {
        StackBehaviour.Varpop => null,
        StackBehaviour.Pop0 => 0,
        StackBehaviour.Pop1 or StackBehaviour.Popi or StackBehaviour.Popref => 1,
        StackBehaviour.Pop1_pop1 or StackBehaviour.Popi_pop1 or StackBehaviour.Popi_popi or StackBehaviour.Popi_popi8 or StackBehaviour.Popi_popr4 or StackBehaviour.Popi_popr8
            or StackBehaviour.Popref_pop1 or StackBehaviour.Popref_popi => 2,
        _ => 3,
    };

    /// <summary>How many it puts there; of a call that depends on what it names.</summary>
    public int Pushes => Code.StackBehaviourPush switch
    {
        StackBehaviour.Push0 or StackBehaviour.Varpush => 0,
        StackBehaviour.Push1_push1 => 2,
        _ => 1,
    };

    /// <exception cref="BadImageFormatException">There is none.</exception>
    public static Instruction Read(ReadOnlySpan<byte> body, int at)
    {
        var first = body[at++];
        var code = (first == TwoBytes ? s_long[body[at++]] : s_short[first]) ?? throw new BadImageFormatException("it has an instruction that is none");
        var length = code.OperandType switch
        {
            OperandType.InlineNone => 0,
            OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
            OperandType.InlineVar => 2,
            OperandType.InlineI8 or OperandType.InlineR => 8,
            OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(body[at..])),
            _ => 4,
        };
        var end = at + length;
        var target = code.OperandType switch
        {
            OperandType.ShortInlineBrTarget => end + (sbyte)body[at],
            OperandType.InlineBrTarget => end + BitConverter.ToInt32(body[at..]),
            _ => end,
        };
        var names = code.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType or OperandType.InlineSig;
        return new(code, names ? BitConverter.ToInt32(body[at..]) : 0, end, target);
    }
}
