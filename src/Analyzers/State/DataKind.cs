using Microsoft.CodeAnalysis;

namespace WatchReload.Analyzers;

/// <summary>What kind of data a type is.</summary>
internal enum DataKind
{
    /// <summary>Immutable, refers to nothing of a service.</summary>
    Value,

    /// <summary>Mutable, holds values only.</summary>
    Clone,

    /// <summary>A collection.</summary>
    Container,

    /// <summary>Field by field.</summary>
    Members,

    /// <summary>An interface, object or abstract class: whatever the object at hand is.</summary>
    Open,

    /// <summary>Not state.</summary>
    None,
}

/// <summary>
/// The node's rules (Hosting, Upgrading/Mapping/Types/DataKind.cs), by what a compilation sees: of the frameworks, reference assemblies. They tell a struct
/// of numbers from one that holds a reference, and leave out the private fields of classes.
/// </summary>
internal static class DataKinds
{
    private static readonly HashSet<string> s_values = new(StringComparer.Ordinal)
    {
        "System.String", "System.Decimal", "System.Uri", "System.Version", "System.Numerics.BigInteger", "System.Globalization.CultureInfo", "System.TimeZoneInfo",
        "System.Net.EndPoint", "System.Net.IPEndPoint", "System.Net.DnsEndPoint", "System.Net.Sockets.UnixDomainSocketEndPoint", "System.Net.IPAddress", "System.Net.IPNetwork",
        "System.Text.Json.JsonElement", "System.Net.NetworkInformation.PhysicalAddress",
    };

    private static readonly HashSet<string> s_handles = new(StringComparer.Ordinal) { "WatchReload.Actors.ActorHandle", "WatchReload.Actors.AskSlot", "WatchReload.Actors.ReplyRight" };

    private static readonly HashSet<string> s_clones = new(StringComparer.Ordinal) { "System.Text.StringBuilder", "System.Collections.BitArray", "System.Text.Json.Nodes.JsonNode" };

    private static readonly HashSet<string> s_byMembers = new(StringComparer.Ordinal)
    {
        "System.Nullable`1", "System.Collections.Generic.KeyValuePair`2", "System.Memory`1", "System.ReadOnlyMemory`1", "System.ArraySegment`1", "System.Collections.Immutable.ImmutableArray`1",
    };

    public static DataKind Of(ITypeSymbol type)
    {
        if (type.TypeKind is TypeKind.Pointer or TypeKind.FunctionPointer || type.IsRefLikeType || type.SpecialType is SpecialType.System_IntPtr or SpecialType.System_UIntPtr) return DataKind.None;
        if (type.TypeKind is TypeKind.Enum or TypeKind.Error || IsPrimitive(type)) return DataKind.Value;
        if (type is IArrayTypeSymbol) return DataKind.Container;
        if (type.TypeKind is TypeKind.Dynamic or TypeKind.TypeParameter || type.SpecialType == SpecialType.System_Object) return DataKind.Open;

        var named = (INamedTypeSymbol)type;
        var isFramework = Frameworks.Has(named);
        var name = named.OriginalDefinition.MetadataFullName();
        if (isFramework && s_values.Contains(name) || s_handles.Contains(name)) return DataKind.Value;
        if (named.DerivesFrom(b => Frameworks.IsCalled(b, "System.Net.EndPoint"))) return DataKind.Value;
        if (isFramework && s_clones.Contains(name) || named.DerivesFrom(b => Frameworks.IsCalled(b, "System.Text.Json.Nodes.JsonNode"))) return DataKind.Clone;
        if (ContainerTypes.IsContainer(named)) return DataKind.Container;
        if (type.TypeKind == TypeKind.Delegate || IsOrDerives(named, "System.Delegate") || IsOrDerives(named, "System.Exception")) return DataKind.None;
        if (isFramework && s_byMembers.Contains(name) || named.AllInterfaces.Append(named).Any(i => Frameworks.IsCalled(i, "System.Runtime.CompilerServices.ITuple"))) return DataKind.Members;
        if (Comparers.IsComparer(named)) return DataKind.Open;
        if (isFramework) return type.IsValueType && IsBits(named) && !FrameworkShapes.HoldsMore(name) ? DataKind.Value : DataKind.None;
        if (type.TypeKind == TypeKind.Interface || type.IsAbstract) return DataKind.Open;
        return HasOpaqueLayout(named) || HasOpaqueBase(named) ? DataKind.None : DataKind.Members;
    }

    private static bool IsPrimitive(ITypeSymbol type) => type.SpecialType is >= SpecialType.System_Boolean and <= SpecialType.System_Double and not SpecialType.System_Decimal;

    private static bool IsOrDerives(INamedTypeSymbol type, string name) => Frameworks.IsCalled(type, name) || type.DerivesFrom(b => Frameworks.IsCalled(b, name));

    // Only numbers all the way down: DateTime, Guid, Vector3.
    private static bool IsBits(INamedTypeSymbol type) => type.GetMembers().OfType<IFieldSymbol>().Where(f => !f.IsStatic).All(f =>
        f.Type.TypeKind == TypeKind.Enum || IsPrimitive(f.Type)
        || (f.Type is INamedTypeSymbol { IsValueType: true, SpecialType: not (SpecialType.System_IntPtr or SpecialType.System_UIntPtr) } inner && !Symbols.Same(inner, type) && IsBits(inner)));

    // Fields that overlap, or repeat without being fields, cannot be carried over one by one.
    private static bool HasOpaqueLayout(INamedTypeSymbol type) => type.IsValueType && type.GetAttributes().Any(a => a.AttributeClass?.MetadataFullName() switch
    {
        "System.Runtime.InteropServices.StructLayoutAttribute" => a.ConstructorArguments.FirstOrDefault().Value is 2 or (short)2,
        "System.Runtime.CompilerServices.InlineArrayAttribute" or "System.Runtime.CompilerServices.UnsafeValueTypeAttribute" => true,
        _ => false,
    });

    private static bool HasOpaqueBase(INamedTypeSymbol type) => type.DerivesFrom(b => Frameworks.Has(b) && !FrameworkShapes.BareBases.Contains(b.OriginalDefinition.MetadataFullName()));
}
