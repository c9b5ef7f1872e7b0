using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace WatchReload.Hosting.Loading;

/// <summary>Which of the statics that can hold state do: those that code of the service changes, or gives to somebody who may. The others are tables and constants, of which a reload loses nothing.</summary>
/// <remarks>
/// Theory of operation. In the bodies of all hot assemblies each mention of such a static is followed, instruction by instruction, to the one that takes it off the stack. What is known to read there reads; all else
/// changes. One way is followed: compilers let those that an argument may be computed by meet before what takes it. The static constructor of its own type is where it begins: there it is assigned and filled. That a property is assigned is seen in its setter, so one that has a setter can be changed.
/// What can never happen: a static that code of the service changes by its name and that is not among these. Reflection is not seen.
/// </remarks>
internal sealed class ChangedStatics
{
    private readonly Dictionary<string, StaticKind> _kinds;
    private readonly MetadataReader _metadata;
    private readonly PEReader _file;
    private readonly MetadataNames _names;
    private readonly Dictionary<int, string> _fields = [];
    private readonly Dictionary<int, string> _getters = [];
    private readonly HashSet<string> _changed;

    private ChangedStatics(PEReader file, Dictionary<string, StaticKind> kinds, HashSet<string> changed)
    {
        (_file, _metadata, _kinds, _changed) = (file, file.GetMetadataReader(), kinds, changed);
        _names = new(_metadata, "");
    }

    /// <summary>By the names that <see cref="StaticFields"/> gives them.</summary>
    public static IReadOnlySet<string> Of(IReadOnlyCollection<HotImage> images)
    {
        var changed = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            var kinds = Kinds(images);
            foreach (var image in kinds.Count > 0 ? images : [])
            {
                using var file = Open(image);
                new ChangedStatics(file, kinds, changed).Look();
            }
        }
        catch (Exception)
        {
            // Bodies that cannot be read may do anything, and their reader fails in many ways. What is told too much refuses nothing.
            changed.UnionWith(images.SelectMany(image => image.Image.MutableStatics));
        }

        return changed;
    }

    private static Dictionary<string, StaticKind> Kinds(IEnumerable<HotImage> images)
    {
        var kinds = new Dictionary<string, StaticKind>(StringComparer.Ordinal);
        foreach (var image in images.Where(image => image.Image.MutableStatics.Count > 0))
        {
            using var file = Open(image);
            var (metadata, types) = (file.GetMetadataReader(), new FixedTypes(file.GetMetadataReader()));
            foreach (var (name, field) in StaticFields.Find(metadata))
            {
                // Two assemblies may have a type of that name.
                kinds[name] = kinds.ContainsKey(name) ? StaticKind.Unknown : types.KindOf(metadata.GetFieldDefinition(field));
            }
        }

        return kinds;
    }

    private static PEReader Open(HotImage image) => new(ImmutableCollectionsMarshal.AsImmutableArray(image.Bytes));

    private void Look()
    {
        FindMentioned();
        if (_fields.Count == 0 && _getters.Count == 0)
        {
            return;
        }

        foreach (var handle in _metadata.MethodDefinitions)
        {
            var method = _metadata.GetMethodDefinition(handle);
            if (method.RelativeVirtualAddress != 0)
            {
                Look(new(method, _getters.GetValueOrDefault(MetadataTokens.GetToken(handle))), _file.GetMethodBody(method.RelativeVirtualAddress).GetILContent().AsSpan());
            }
        }
    }

    /// <summary>The tokens by which the assembly names them: its own, and those of others, or of its own generic types.</summary>
    private void FindMentioned()
    {
        foreach (var (name, field) in StaticFields.Find(_metadata))
        {
            _fields[MetadataTokens.GetToken(field)] = name;
            var definition = _metadata.GetFieldDefinition(field);
            if (_metadata.GetString(definition.Name).StartsWith('<') && Getter(definition) is { IsNil: false } getter)
            {
                _getters[MetadataTokens.GetToken(getter)] = name;
            }
        }

        foreach (var handle in _metadata.MemberReferences)
        {
            var member = _metadata.GetMemberReference(handle);
            if (_names.Of(member.Parent) is not { } type)
            {
                continue;
            }

            var name = _metadata.GetString(member.Name);
            if (member.GetKind() == MemberReferenceKind.Field)
            {
                if (StaticFields.NameInSource(name) is { } field && _kinds.ContainsKey($"{type.FullName}.{field}"))
                {
                    _fields[MetadataTokens.GetToken(handle)] = $"{type.FullName}.{field}";
                }
            }
            else if (name.StartsWith("get_", StringComparison.Ordinal) && _kinds.ContainsKey($"{type.FullName}.{name[4..]}"))
            {
                _getters[MetadataTokens.GetToken(handle)] = $"{type.FullName}.{name[4..]}";
            }
        }
    }

    private MethodDefinitionHandle Getter(FieldDefinition field)
    {
        var name = StaticFields.NameInSource(_metadata.GetString(field.Name));
        foreach (var handle in _metadata.GetTypeDefinition(field.GetDeclaringType()).GetProperties())
        {
            var property = _metadata.GetPropertyDefinition(handle);
            if (_metadata.GetString(property.Name) == name)
            {
                return property.GetAccessors().Getter;
            }
        }

        return default;
    }

    private void Look(Body method, ReadOnlySpan<byte> body)
    {
        for (var at = 0; at < body.Length;)
        {
            var one = Instruction.Read(body, at);
            at = one.End;
            if (one.Token != 0 && (_fields.GetValueOrDefault(one.Token) ?? _getters.GetValueOrDefault(one.Token)) is { } name && !_changed.Contains(name) && Changes(method, body, one, name))
            {
                _changed.Add(name);
            }
        }
    }

    private bool Changes(Body method, ReadOnlySpan<byte> body, Instruction mention, string name)
    {
        var (definition, kind) = (method.Definition, _kinds[name]);
        var begins = _metadata.GetString(definition.Name) == ".cctor" && name.StartsWith(_names.Of(_metadata.GetTypeDefinition(definition.GetDeclaringType())).FullName + ".", StringComparison.Ordinal);
        if (mention.Code == OpCodes.Stsfld)
        {
            return !begins;
        }

        if (mention.Code == OpCodes.Ldsflda)
        {
            return kind != StaticKind.Fixed || !IsRead(method, body, mention.End, kind, begins, isAddress: true);
        }

        if (kind == StaticKind.Fixed || mention.Code == OpCodes.Ldtoken)
        {
            return false;
        }

        var itself = method.GetterOf == name ? method : method with { GetterOf = null };
        return (mention.Code != OpCodes.Ldsfld && mention.Code != OpCodes.Call) || !IsRead(itself, body, mention.End, kind, begins, isAddress: false);
    }

    /// <summary>Whether what takes the value off the stack only reads it.</summary>
    /// <param name="at">The instruction after the one that has put it there.</param>
    /// <param name="begins">In the static constructor of its type.</param>
    /// <param name="isAddress">Where it is, in place of the value.</param>
    private bool IsRead(Body method, ReadOnlySpan<byte> body, int at, StaticKind kind, bool begins, bool isAddress)
    {
        for (var height = 1; at < body.Length;)
        {
            var one = Instruction.Read(body, at);
            at = one.End;
            if (one.Code == OpCodes.Ret)
            {
                // Who calls the getter mentions it too.
                return height == 1 && !isAddress && (method.GetterOf is not null || (kind == StaticKind.Collection && IsView(method.Definition)));
            }

            var called = one.Pops is null ? Called(one) : null;
            if ((one.Pops ?? called?.Pops) is not { } pops)
            {
                return false;
            }

            if (pops >= height)
            {
                return called is { } call ? IsRead(call, isThis: call.HasThis && pops == height, kind, begins, isAddress) : IsRead(one.Code, kind, isAddress);
            }

            if (one.Code.FlowControl == FlowControl.Throw || (one.Code.FlowControl == FlowControl.Branch && one.Target < at))
            {
                return false;
            }

            if (one.Code.FlowControl == FlowControl.Branch)
            {
                at = one.Target;
            }

            height += (called?.Pushes ?? one.Pushes) - pops;
        }

        return false;
    }

    private static bool IsRead(in CalledMethod call, bool isThis, StaticKind kind, bool begins, bool isAddress) => kind switch
    {
        StaticKind.Fixed => isAddress && isThis,
        StaticKind.Collection => isThis ? CollectionCalls.ReadsItself(call.Type, call.Name, begins) : CollectionCalls.ReadsGiven(call.Type, call.Name),
        _ => begins && isThis && CollectionCalls.ReadsItself(call.Type, call.Name, isFilled: true),
    };

    /// <summary>A comparison, a look whether there is one, its length, an element, or nothing at all.</summary>
    private static bool IsRead(OpCode code, StaticKind kind, bool isAddress) => isAddress
        ? code == OpCodes.Ldfld || code == OpCodes.Ldobj
        : code == OpCodes.Pop || code == OpCodes.Ceq || code == OpCodes.Cgt_Un || code.FlowControl == FlowControl.Cond_Branch || code == OpCodes.Ldlen
            || (kind == StaticKind.Collection && code.Name!.StartsWith("ldelem", StringComparison.Ordinal) && code != OpCodes.Ldelema);

    private bool IsView(MethodDefinition method)
    {
        var signature = _metadata.GetBlobReader(method.Signature);
        if (signature.ReadSignatureHeader().IsGeneric)
        {
            signature.ReadCompressedInteger();
        }

        signature.ReadCompressedInteger();
        return _names.InSignature(signature) is { } type && CollectionCalls.IsView(type.FullName);
    }

    /// <summary>Null: that cannot be told.</summary>
    private CalledMethod? Called(Instruction one)
    {
        if (one.Code != OpCodes.Call && one.Code != OpCodes.Callvirt && one.Code != OpCodes.Newobj)
        {
            return null;
        }

        var handle = MetadataTokens.EntityHandle(one.Token);
        if (handle.Kind == HandleKind.MethodSpecification)
        {
            handle = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method;
        }

        var (type, name, blob) = handle.Kind == HandleKind.MethodDefinition
            ? Own(_metadata.GetMethodDefinition((MethodDefinitionHandle)handle))
            : Referred(_metadata.GetMemberReference((MemberReferenceHandle)handle));
        var signature = _metadata.GetBlobReader(blob);
        var header = signature.ReadSignatureHeader();
        if (header.IsGeneric)
        {
            signature.ReadCompressedInteger();
        }

        var parameters = signature.ReadCompressedInteger();
        var makes = one.Code == OpCodes.Newobj;
        return new(type, name, header.IsInstance && !makes, parameters + (header.IsInstance && !makes ? 1 : 0), makes || !IsVoid(signature) ? 1 : 0);
    }

    private (string Type, string Name, BlobHandle Signature) Own(MethodDefinition method) =>
        (_names.Of(_metadata.GetTypeDefinition(method.GetDeclaringType())).FullName, _metadata.GetString(method.Name), method.Signature);

    private (string Type, string Name, BlobHandle Signature) Referred(MemberReference method) =>
        (_names.Of(method.Parent)?.FullName ?? "", _metadata.GetString(method.Name), method.Signature);

    private static bool IsVoid(BlobReader signature)
    {
        var code = signature.ReadSignatureTypeCode();
        while (code is SignatureTypeCode.RequiredModifier or SignatureTypeCode.OptionalModifier)
        {
            signature.ReadTypeHandle();
            code = signature.ReadSignatureTypeCode();
        }

        return code == SignatureTypeCode.Void;
    }

    /// <param name="GetterOf">The property, if it is the getter of one that is looked for.</param>
    private readonly record struct Body(MethodDefinition Definition, string? GetterOf);

    /// <summary>What a call does with the stack.</summary>
    private readonly record struct CalledMethod(string Type, string Name, bool HasThis, int Pops, int Pushes);
}
