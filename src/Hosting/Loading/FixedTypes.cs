using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;

namespace WatchReload.Hosting.Loading;

/// <summary>What a static holds, as far as its declaration tells.</summary>
internal enum StaticKind
{
    /// <summary>Whatever it is.</summary>
    Unknown,

    /// <summary>A value that nobody can change but by assigning another.</summary>
    Fixed,

    /// <summary>A collection, or an array, of such values.</summary>
    Collection,
}

/// <summary>A type in a signature.</summary>
/// <param name="Name">Of what can be looked up by it, such as the generic type of an instantiation.</param>
internal readonly record struct HeldType(StaticKind Kind, string Name = "");

/// <summary>Which fields hold what cannot be changed, by their types in metadata.</summary>
internal sealed class FixedTypes(MetadataReader metadata) : ISignatureTypeProvider<HeldType, object?>
{
    private static readonly HashSet<string> Named = new(StringComparer.Ordinal)
    {
        "System.Decimal", "System.DateTime", "System.DateTimeOffset", "System.DateOnly", "System.TimeOnly", "System.TimeSpan", "System.Guid", "System.Half", "System.Int128", "System.UInt128",
        "System.Uri", "System.Version", "System.Type", "System.Text.Rune", "System.Text.RegularExpressions.Regex", "System.Action", "System.Threading.CancellationToken",
    };

    /// <summary>Fixed if their arguments are.</summary>
    private static readonly HashSet<string> Made = new(StringComparer.Ordinal)
    {
        "System.Nullable`1", "System.Collections.Generic.KeyValuePair`2",
        "System.Collections.Immutable.ImmutableArray`1", "System.Collections.Immutable.ImmutableList`1", "System.Collections.Immutable.ImmutableHashSet`1", "System.Collections.Immutable.ImmutableDictionary`2",
        "System.Collections.Frozen.FrozenSet`1", "System.Collections.Frozen.FrozenDictionary`2",
    };

    private readonly MetadataNames _names = new(metadata, "");
    private readonly HashSet<TypeDefinitionHandle> _lookedInto = [];

    public StaticKind KindOf(FieldDefinition field) => field.DecodeSignature(this, null).Kind;

    public HeldType GetPrimitiveType(PrimitiveTypeCode typeCode) => new(typeCode is PrimitiveTypeCode.Object or PrimitiveTypeCode.TypedReference ? StaticKind.Unknown : StaticKind.Fixed);

    public HeldType GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        var name = _names.Of((EntityHandle)handle)?.FullName ?? "";
        return new(Named.Contains(name) ? StaticKind.Fixed : StaticKind.Unknown, name);
    }

    public HeldType GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        // One that leads back to itself is what its other members are.
        if (!_lookedInto.Add(handle))
        {
            return new(StaticKind.Fixed);
        }

        var isFixed = IsFixed(metadata.GetTypeDefinition(handle));
        _lookedInto.Remove(handle);
        return new(isFixed ? StaticKind.Fixed : StaticKind.Unknown);
    }

    public HeldType GetGenericInstantiation(HeldType genericType, ImmutableArray<HeldType> typeArguments)
    {
        var (name, areFixed) = (genericType.Name, typeArguments.All(argument => argument.Kind == StaticKind.Fixed));
        return new(
            IsDelegate(name) || (areFixed && (Made.Contains(name) || IsTuple(name))) ? StaticKind.Fixed
            : areFixed && StaticFields.IsContainer(name) ? StaticKind.Collection
            : StaticKind.Unknown);
    }

    public HeldType GetSZArrayType(HeldType elementType) => new(elementType.Kind == StaticKind.Fixed ? StaticKind.Collection : StaticKind.Unknown);

    public HeldType GetModifiedType(HeldType modifier, HeldType unmodifiedType, bool isRequired) => unmodifiedType;

    public HeldType GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) => reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public HeldType GetArrayType(HeldType elementType, ArrayShape shape) => default;

    public HeldType GetByReferenceType(HeldType elementType) => default;

    public HeldType GetFunctionPointerType(MethodSignature<HeldType> signature) => default;

    public HeldType GetGenericMethodParameter(object? genericContext, int index) => default;

    public HeldType GetGenericTypeParameter(object? genericContext, int index) => default;

    public HeldType GetPinnedType(HeldType elementType) => default;

    public HeldType GetPointerType(HeldType elementType) => default;

    /// <summary>Of the service: an enumeration, a delegate, or what has none but read-only fields of such types.</summary>
    private bool IsFixed(TypeDefinition type)
    {
        var parent = type.BaseType.IsNil ? "" : _names.Of(type.BaseType)?.FullName;
        if (parent is "System.Enum" or "System.MulticastDelegate")
        {
            return true;
        }

        return parent is "System.Object" or "System.ValueType" && (type.Attributes & TypeAttributes.Sealed) != 0
            && type.GetFields().Select(metadata.GetFieldDefinition).Where(field => (field.Attributes & FieldAttributes.Static) == 0)
                .All(field => (field.Attributes & FieldAttributes.InitOnly) != 0 && KindOf(field) == StaticKind.Fixed);
    }

    /// <summary>Its arguments say nothing of what it holds, and what a lambda has captured is no static's business.</summary>
    private static bool IsDelegate(string name) => name.StartsWith("System.Func`", StringComparison.Ordinal) || name.StartsWith("System.Action`", StringComparison.Ordinal) || name == "System.Predicate`1";

    private static bool IsTuple(string name) => name.StartsWith("System.ValueTuple`", StringComparison.Ordinal) || name.StartsWith("System.Tuple`", StringComparison.Ordinal);
}
