using System.Collections;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>Mutable objects of the frameworks that hold values only.</summary>
internal sealed class CloneMapping : ObjectMapping
{
    public static readonly CloneMapping Instance = new();

    public override Making Making => Making.AtOnce;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override object Make(object old, MappingRun? run) => old switch
    {
        StringBuilder text => new StringBuilder(text.Capacity).Append(text),
        BitArray bits => new BitArray(bits),
        JsonNode node => node.DeepClone(),
        _ => throw new InvalidOperationException($"{old.GetType()} has no clone"),
    };
}
