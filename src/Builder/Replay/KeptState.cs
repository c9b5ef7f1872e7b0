using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace WatchReload.Builder.Replay;

/// <summary>Finds what an assembly may keep from one run of a generator for the next. MSBuild makes generators anew for each compilation, and often the process; here they live on, and run on states that no build of MSBuild has seen.</summary>
/// <remarks>
/// Theory of operation. A field that is static, or a generator's own, and that code writes which may run more than once is state. Constructors run once for what they make, and so does a generator's <c>Initialize</c>. What the compiler keeps for itself, as a delegate for a lambda,
/// is the same whenever it is made; so are the texts of resources. What a readonly field refers to is not followed: most of that are tables, and caches by what they were asked for.
/// </remarks>
internal sealed class KeptState
{
    private static readonly Dictionary<ILOpCode, OperandType> Operands =
        typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => (ILOpCode)(ushort)code.Value, code => code.OperandType);

    /// <summary>Of fields that generated classes for resources write.</summary>
    private static readonly HashSet<string> OfResources = new(StringComparer.Ordinal) { "ResourceManager", "CultureInfo" };

    private readonly PEReader _image;
    private readonly MetadataReader _reader;

    private KeptState(PEReader image) => (_image, _reader) = (image, image.GetMetadataReader());

    /// <summary>The first that it finds, as in <c>Words.s_count</c>; null when there is none.</summary>
    public static string? In(string path)
    {
        using var image = new PEReader(new MemoryStream(File.ReadAllBytes(path)));
        return image.HasMetadata ? new KeptState(image).Find() : null;
    }

    private string? Find()
    {
        foreach (var handle in _reader.MethodDefinitions)
        {
            var method = _reader.GetMethodDefinition(handle);
            var name = _reader.GetString(method.Name);
            if (method.RelativeVirtualAddress == 0 || name == ".cctor")
                continue;
            var isOnce = name is ".ctor" or "Initialize" || name.EndsWith(".Initialize", StringComparison.Ordinal);
            if (Written(_image.GetMethodBody(method.RelativeVirtualAddress).GetILReader(), isOnce) is { } field)
                return field;
        }
        return null;
    }

    /// <param name="body">Of a method.</param>
    /// <param name="isOnce">For each object.</param>
    private string? Written(BlobReader body, bool isOnce)
    {
        while (body.RemainingBytes > 0)
        {
            var first = body.ReadByte();
            var code = (ILOpCode)(first == 0xFE ? (first << 8) | body.ReadByte() : first);
            if (code is ILOpCode.Stsfld or ILOpCode.Ldsflda || code is ILOpCode.Stfld or ILOpCode.Ldflda && !isOnce)
            {
                if (State(code, MetadataTokens.EntityHandle(body.ReadInt32())) is { } field)
                    return field;
                continue;
            }
            body.Offset += Operands[code] switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * Targets(body)),
                _ => 4,
            };
        }
        return null;
    }

    /// <param name="body">Before their number, and it stays there.</param>
    private static int Targets(BlobReader body) => body.ReadInt32();

    /// <summary>The field, if it is state that is written or may be, as somebody is told where it is; else null.</summary>
    private string? State(ILOpCode code, EntityHandle handle)
    {
        var isWritten = code is ILOpCode.Stsfld or ILOpCode.Stfld;
        var isStatic = code is ILOpCode.Stsfld or ILOpCode.Ldsflda;
        if (Definition(handle) is not { } field)
            return isWritten && isStatic ? Elsewhere(_reader.GetMemberReference((MemberReferenceHandle)handle)) : null;
        var type = _reader.GetTypeDefinition(field.GetDeclaringType());
        var (typeName, name) = (_reader.GetString(type.Name), _reader.GetString(field.Name));
        if (field.Attributes.HasFlag(FieldAttributes.InitOnly) || typeName.StartsWith('<') || IsOfResources(field) || !isStatic && !IsGenerator(type))
            return null;
        return Told(typeName, name);
    }

    /// <summary>Of a field of the assembly; null when it is of another one.</summary>
    private FieldDefinition? Definition(EntityHandle handle)
    {
        if (handle.Kind == HandleKind.FieldDefinition)
            return _reader.GetFieldDefinition((FieldDefinitionHandle)handle);
        var member = _reader.GetMemberReference((MemberReferenceHandle)handle);
        if (member.Parent.Kind != HandleKind.TypeSpecification || Generic((TypeSpecificationHandle)member.Parent) is not { Kind: HandleKind.TypeDefinition } type)
            return null;
        var name = _reader.GetString(member.Name);
        return _reader.GetTypeDefinition((TypeDefinitionHandle)type).GetFields().Select(_reader.GetFieldDefinition).First(field => _reader.GetString(field.Name) == name);
    }

    private string Elsewhere(MemberReference member)
    {
        var type = member.Parent.Kind == HandleKind.TypeSpecification ? Generic((TypeSpecificationHandle)member.Parent) : member.Parent;
        return Told(type.Kind == HandleKind.TypeReference ? _reader.GetString(_reader.GetTypeReference((TypeReferenceHandle)type).Name) : "", _reader.GetString(member.Name));
    }

    /// <summary>What a type with arguments is made of.</summary>
    private EntityHandle Generic(TypeSpecificationHandle handle)
    {
        var signature = _reader.GetBlobReader(_reader.GetTypeSpecification(handle).Signature);
        return signature.ReadSignatureTypeCode() == SignatureTypeCode.GenericTypeInstance && signature.ReadSignatureTypeCode() == SignatureTypeCode.TypeHandle ? signature.ReadTypeHandle() : default;
    }

    private bool IsOfResources(FieldDefinition field)
    {
        var signature = _reader.GetBlobReader(field.Signature);
        signature.ReadSignatureHeader();
        return signature.ReadSignatureTypeCode() == SignatureTypeCode.TypeHandle && signature.ReadTypeHandle() is { Kind: HandleKind.TypeReference } type && OfResources.Contains(_reader.GetString(_reader.GetTypeReference((TypeReferenceHandle)type).Name));
    }

    private bool IsGenerator(TypeDefinition type) => type.GetCustomAttributes().Select(_reader.GetCustomAttribute).Any(attribute =>
        attribute.Constructor.Kind == HandleKind.MemberReference && _reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent is { Kind: HandleKind.TypeReference } parent
        && _reader.GetString(_reader.GetTypeReference((TypeReferenceHandle)parent).Name) == "GeneratorAttribute");

    /// <summary>A property has one that is named after it, as <c>&lt;Count&gt;k__BackingField</c>.</summary>
    private static string Told(string type, string field) => $"{type}.{(field.StartsWith('<') ? field[1..field.IndexOf('>', StringComparison.Ordinal)] : field)}";
}
