using System.Reflection;
using System.Reflection.Metadata;

namespace WatchReload.Hosting.Loading;

/// <summary>A type by the assembly that has it and its full name, as metadata names it.</summary>
internal sealed record TypeName(string Assembly, string FullName);

/// <summary>As much of a type as it takes to tell whether it is a service.</summary>
internal sealed record TypeShape(TypeName Name, TypeAttributes Attributes, bool IsVisible, bool IsGeneric, bool HasPublicParameterlessConstructor, IReadOnlyList<TypeName> Parents)
{
    public bool IsConcreteClass => (Attributes & (TypeAttributes.Interface | TypeAttributes.Abstract)) == 0;

    public static IReadOnlyDictionary<string, TypeShape> ReadAll(MetadataReader metadata, string assembly)
    {
        var names = new MetadataNames(metadata, assembly);
        var types = new Dictionary<string, TypeShape>(StringComparer.Ordinal);
        foreach (var handle in metadata.TypeDefinitions)
        {
            var shape = Read(metadata, names, handle);
            types[shape.Name.FullName] = shape;
        }

        return types;
    }

    private static TypeShape Read(MetadataReader metadata, MetadataNames names, TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        var parents = type.GetInterfaceImplementations()
            .Select(implementation => names.Of(metadata.GetInterfaceImplementation(implementation).Interface))
            .Append(type.BaseType.IsNil ? null : names.Of(type.BaseType))
            .OfType<TypeName>();
        return new(
            names.Of(type),
            type.Attributes,
            IsVisibleType(metadata, type),
            type.GetGenericParameters().Count > 0,
            type.GetMethods().Any(method => IsPublicParameterlessConstructor(metadata, metadata.GetMethodDefinition(method))),
            [.. parents]);
    }

    private static bool IsVisibleType(MetadataReader metadata, TypeDefinition type)
    {
        var visibility = type.Attributes & TypeAttributes.VisibilityMask;
        return visibility == TypeAttributes.Public
            || (visibility == TypeAttributes.NestedPublic && IsVisibleType(metadata, metadata.GetTypeDefinition(type.GetDeclaringType())));
    }

    private static bool IsPublicParameterlessConstructor(MetadataReader metadata, MethodDefinition method)
    {
        if ((method.Attributes & (MethodAttributes.MemberAccessMask | MethodAttributes.Static)) != MethodAttributes.Public
            || !metadata.StringComparer.Equals(method.Name, ".ctor"))
        {
            return false;
        }

        var signature = metadata.GetBlobReader(method.Signature);
        signature.ReadSignatureHeader();
        return signature.ReadCompressedInteger() == 0;
    }
}
