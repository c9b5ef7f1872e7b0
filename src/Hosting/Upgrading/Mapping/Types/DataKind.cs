using System.Collections;
using System.Globalization;
using System.Net;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using WatchReload.Actors;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>What kind of data a type is.</summary>
internal enum DataKind
{
    /// <summary>Immutable, refers to nothing of a service: handed on as it is.</summary>
    Value,

    /// <summary>Mutable, holds values only: cloned whole.</summary>
    Clone,

    /// <summary>A collection: element by element.</summary>
    Container,

    /// <summary>Field by field.</summary>
    Members,

    /// <summary>An interface, object or abstract class: whatever the object at hand is.</summary>
    Open,

    /// <summary>Not state.</summary>
    None,
}

internal static class DataKinds
{
    private static readonly HashSet<Type> s_values =
    [
        typeof(string), typeof(decimal), typeof(Uri), typeof(Version), typeof(BigInteger), typeof(CultureInfo), typeof(TimeZoneInfo),
        typeof(EndPoint), typeof(IPEndPoint), typeof(DnsEndPoint), typeof(System.Net.Sockets.UnixDomainSocketEndPoint), typeof(IPAddress), typeof(IPNetwork),
        typeof(System.Text.Json.JsonElement), typeof(System.Net.NetworkInformation.PhysicalAddress),
        typeof(ActorHandle), typeof(AskSlot), typeof(ReplyRight),
    ];

    private static readonly HashSet<Type> s_clones = [typeof(StringBuilder), typeof(BitArray), typeof(JsonNode), typeof(JsonObject), typeof(JsonArray), typeof(JsonValue)];

    private static readonly HashSet<Type> s_byMembers =
    [
        typeof(Nullable<>), typeof(KeyValuePair<,>), typeof(Memory<>), typeof(ReadOnlyMemory<>), typeof(ArraySegment<>),
        typeof(System.Collections.Immutable.ImmutableArray<>),
    ];

    public static DataKind Of(Type type)
    {
        if (type.IsPointer || type.IsFunctionPointer || type.IsByRef || type.IsByRefLike || type == typeof(nint) || type == typeof(nuint)) return DataKind.None;
        if (type.IsPrimitive || type.IsEnum || s_values.Contains(type)) return DataKind.Value;
        if (type.IsSubclassOf(typeof(ActorHandle)) || type.IsSubclassOf(typeof(AskSlot)) || type.IsSubclassOf(typeof(EndPoint))) return DataKind.Value;
        if (s_clones.Contains(type) || type.IsSubclassOf(typeof(JsonNode))) return DataKind.Clone;
        if (type.IsArray || ContainerTypes.IsContainer(type) || SynthesizedLists.Has(type)) return DataKind.Container;
        if (type == typeof(object)) return DataKind.Open;
        if (typeof(Delegate).IsAssignableFrom(type) || typeof(Exception).IsAssignableFrom(type)) return DataKind.None;

        var definition = type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type;
        if (s_byMembers.Contains(definition) || typeof(ITuple).IsAssignableFrom(type)) return DataKind.Members;
        if (Comparers.IsComparer(type)) return DataKind.Open;
        if (Frameworks.Has(type)) return type.IsValueType && IsBits(type) ? DataKind.Value : DataKind.None;
        if (type.IsInterface || type.IsAbstract) return DataKind.Open;
        return HasOpaqueLayout(type) || HasOpaqueBase(type) || IsStateMachine(type) ? DataKind.None : DataKind.Members;
    }

    // Only numbers all the way down: DateTime, Guid, Vector3. What has a pointer or a handle in it is not data.
    private static bool IsBits(Type type) => DataMember.Of(type).All(m => m.Type.IsPrimitive || m.Type.IsEnum
        ? m.Type != typeof(nint) && m.Type != typeof(nuint)
        : m.Type.IsValueType && m.Type != type && IsBits(m.Type));

    // Fields that overlap, or repeat without being fields, cannot be carried over one by one.
    private static bool HasOpaqueLayout(Type type) => type.IsValueType && (type.IsExplicitLayout || type.IsDefined(typeof(InlineArrayAttribute), false)
        || type.IsDefined(typeof(UnsafeValueTypeAttribute), false));

    private static bool HasOpaqueBase(Type type)
    {
        for (var t = type.BaseType; t is not null; t = t.BaseType)
        {
            if (Frameworks.Has(t) && DataMember.Of(t).Count > 0) return true;
        }

        return false;
    }

    // Iterators and async methods keep locals of running code.
    private static bool IsStateMachine(Type type) => type.Name.StartsWith('<') && type.Name.Contains(">d", StringComparison.Ordinal);
}
