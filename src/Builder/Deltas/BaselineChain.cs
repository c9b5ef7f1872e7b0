using System.Reflection;
using Microsoft.CodeAnalysis.Emit;

namespace WatchReload.Builder.Deltas;

/// <summary>What a baseline remembers, beyond what the next delta needs.</summary>
/// <remarks>
/// The compiler's refers to what emitted it, which refers to the baseline before, and so to the compilation of every delta since the image: 0.3 MB each for ten files,
/// more for more. The compiler of the SDK that this was written for (5.9) never asks for it again.
/// And it knows the lambdas and local functions of the bodies that earlier deltas brought. When such a body is edited once more, and they are not matched with those of the new one, as here none are
/// (<see cref="BodyEdit"/>), the compiler has the old ones throw from then on: delegates that somebody holds, and local functions of a turn that is suspended. Of bodies of the image it was told of none
/// to begin with.
/// </remarks>
internal static class BaselineChain
{
    /// <summary>Of another version of the compiler it may have another name; then memory grows, and the builder's limit ends that.</summary>
    private static readonly FieldInfo? Emitter = Field("PEModuleBuilder");

    private static readonly FieldInfo? Bodies = Field("AddedOrChangedMethods");

    /// <summary>What emitted a baseline that another was made from is let go of.</summary>
    public static void Cut(EmitBaseline from) => Emitter?.SetValue(from, null);

    /// <summary>Whether the bodies of earlier deltas are forgotten. False for a compiler that is not known: then a body with lambdas is no delta a second time.</summary>
    public static bool Forgets { get; } = Bodies is { FieldType: { IsGenericType: true } type } && type.IsAssignableFrom(typeof(Dictionary<,>).MakeGenericType(type.GenericTypeArguments));

    /// <summary>A baseline that the next delta starts from forgets the bodies that deltas have brought.</summary>
    public static void Forget(EmitBaseline baseline)
    {
        if (Forgets)
            Bodies!.SetValue(baseline, Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(Bodies.FieldType.GenericTypeArguments)));
    }

    private static FieldInfo? Field(string name) => typeof(EmitBaseline).GetField(name, BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);
}
