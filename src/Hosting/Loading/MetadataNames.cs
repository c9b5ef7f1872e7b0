using System.Reflection.Metadata;

namespace WatchReload.Hosting.Loading;

/// <summary>Full names of what a module's metadata defines or refers to.</summary>
internal sealed class MetadataNames(MetadataReader metadata, string assembly)
{
    public TypeName Of(TypeDefinition type)
    {
        var declaring = type.GetDeclaringType();
        return new(assembly, declaring.IsNil
            ? Join(type.Namespace, type.Name)
            : $"{Of(metadata.GetTypeDefinition(declaring)).FullName}+{metadata.GetString(type.Name)}");
    }

    /// <summary>Of an instantiation, the generic type's. Null for what has no name: arrays, pointers, type parameters.</summary>
    public TypeName? Of(EntityHandle handle) => handle.Kind switch
    {
        HandleKind.TypeDefinition => Of(metadata.GetTypeDefinition((TypeDefinitionHandle)handle)),
        HandleKind.TypeReference => Of(metadata.GetTypeReference((TypeReferenceHandle)handle)),
        HandleKind.TypeSpecification => InSignature(metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)handle).Signature)),
        _ => null,
    };

    /// <summary>The type that a signature begins with, as <see cref="Of(EntityHandle)"/>.</summary>
    public TypeName? InSignature(BlobReader signature)
    {
        var code = signature.ReadSignatureTypeCode();
        while (code is SignatureTypeCode.RequiredModifier or SignatureTypeCode.OptionalModifier)
        {
            signature.ReadTypeHandle();
            code = signature.ReadSignatureTypeCode();
        }

        if (code == SignatureTypeCode.GenericTypeInstance)
        {
            code = signature.ReadSignatureTypeCode();
        }

        return code == SignatureTypeCode.TypeHandle ? Of(signature.ReadTypeHandle()) : null;
    }

    private TypeName? Of(TypeReference type) => type.ResolutionScope.Kind switch
    {
        HandleKind.AssemblyReference => new(
            metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name),
            Join(type.Namespace, type.Name)),
        HandleKind.TypeReference => Of(metadata.GetTypeReference((TypeReferenceHandle)type.ResolutionScope)) is { } outer
            ? outer with { FullName = $"{outer.FullName}+{metadata.GetString(type.Name)}" }
            : null,
        HandleKind.ModuleDefinition => new(assembly, Join(type.Namespace, type.Name)),
        _ => null,
    };

    private string Join(StringHandle space, StringHandle name) =>
        space.IsNil ? metadata.GetString(name) : $"{metadata.GetString(space)}.{metadata.GetString(name)}";
}
