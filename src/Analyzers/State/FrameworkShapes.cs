namespace WatchReload.Analyzers;

/// <summary>What reference assemblies do not tell of the frameworks' types, written down from the frameworks themselves. A test compares the two.</summary>
internal static class FrameworkShapes
{
    private static readonly HashSet<string> s_holdMore = new(StringComparer.Ordinal)
    {
        "System.Reflection.Metadata.BlobReader", "System.Reflection.Metadata.ImportDefinitionCollection",
        "System.Reflection.Metadata.ImportDefinitionCollection+Enumerator", "System.Reflection.Metadata.SequencePointCollection",
        "System.Reflection.Metadata.SequencePointCollection+Enumerator", "System.Diagnostics.Tracing.EventSource+EventSourcePrimitive",
        "System.Runtime.InteropServices.CLong", "System.Runtime.InteropServices.CULong", "System.Runtime.InteropServices.Marshalling.VirtualMethodTableInfo",
        "System.Runtime.InteropServices.Marshalling.ComVariant", "System.Collections.Generic.PriorityQueue`2+UnorderedItemsCollection+Enumerator",
        "System.Collections.Generic.Dictionary`2+AlternateLookup`1", "System.Collections.Generic.HashSet`1+AlternateLookup`1",
        "System.Delegate+InvocationListEnumerator`1", "System.RuntimeFieldHandle", "System.RuntimeMethodHandle", "System.RuntimeTypeHandle",
        "System.Runtime.InteropServices.GCHandle", "System.Runtime.InteropServices.GCHandle`1", "System.Runtime.InteropServices.PinnedGCHandle`1",
        "System.Runtime.InteropServices.WeakGCHandle`1", "System.Runtime.InteropServices.Swift.SwiftError",
        "System.Runtime.InteropServices.Swift.SwiftIndirectResult", "System.Runtime.InteropServices.Swift.SwiftSelf",
        "System.Diagnostics.Activity+Enumerator`1", "System.Diagnostics.ActivityChangedEventArgs", "System.Diagnostics.ActivityTagsCollection+Enumerator",
        "System.Diagnostics.ActivityEvent", "System.Diagnostics.ActivityContext", "System.Diagnostics.ActivityLink",
        "System.Diagnostics.ActivityCreationOptions`1", "System.Diagnostics.TagList", "System.Diagnostics.TagList+Enumerator",
        "System.Diagnostics.Metrics.Measurement`1", "System.Collections.Concurrent.ConcurrentDictionary`2+AlternateLookup`1",
    };

    /// <summary>Classes without fields that data may be derived from: then it has only fields of its own.</summary>
    public static HashSet<string> BareBases { get; } = new(StringComparer.Ordinal)
    {
        "System.Object", "System.ValueType", "System.Enum", "System.Attribute", "System.EventArgs", "System.MarshalByRefObject", "System.StringComparer", "System.TimeProvider",
        "System.Collections.Generic.Comparer`1", "System.Collections.Generic.EqualityComparer`1", "System.ComponentModel.License", "System.Text.Json.JsonNamingPolicy",
    };

    /// <summary>Structs that look like numbers and hold a pointer, a handle or a reference.</summary>
    public static bool HoldsMore(string fullName) => s_holdMore.Contains(fullName);
}
