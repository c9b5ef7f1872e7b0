using System.Reflection;
using Microsoft.CodeAnalysis.Emit;

namespace WatchReload.Builder.Deltas;

/// <summary>
/// What a baseline keeps in memory. The compiler's refers to what emitted it, which refers to the baseline before, and so to the compilation of every delta since the image: 0.3 MB each for ten files,
/// more for more. The compiler of the SDK that this was written for (5.9) never asks for it again.
/// </summary>
internal static class BaselineChain
{
    /// <summary>Of another version of the compiler it may have another name; then memory grows, and the builder's limit ends that.</summary>
    private static readonly FieldInfo? Emitter = typeof(EmitBaseline).GetField("PEModuleBuilder", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);

    /// <summary>What emitted a baseline that another was made from is let go of.</summary>
    public static void Cut(EmitBaseline from) => Emitter?.SetValue(from, null);
}
