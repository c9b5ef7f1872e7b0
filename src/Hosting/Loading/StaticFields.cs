using System.Reflection;
using System.Reflection.Metadata;

namespace WatchReload.Hosting.Loading;

/// <summary>
/// Static fields that can hold state: those that can be assigned, and read-only ones of a collection that can be changed. Read-only arrays are taken for tables, generated code
/// for careful. Whether code makes use of that is said by <see cref="ChangedStatics"/>.
/// </summary>
internal static class StaticFields
{
    private const string BackingField = ">k__BackingField";

    private static readonly HashSet<string> Containers = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.List`1", "System.Collections.Generic.Dictionary`2", "System.Collections.Generic.HashSet`1",
        "System.Collections.Generic.Queue`1", "System.Collections.Generic.Stack`1", "System.Collections.Generic.LinkedList`1",
        "System.Collections.Generic.SortedDictionary`2", "System.Collections.Generic.SortedList`2", "System.Collections.Generic.SortedSet`1",
        "System.Collections.Generic.PriorityQueue`2", "System.Collections.Generic.IList`1", "System.Collections.Generic.IDictionary`2",
        "System.Collections.Generic.ISet`1", "System.Collections.Generic.ICollection`1", "System.Collections.ArrayList", "System.Collections.Hashtable",
        "System.Collections.Concurrent.ConcurrentDictionary`2", "System.Collections.Concurrent.ConcurrentQueue`1",
        "System.Collections.Concurrent.ConcurrentStack`1", "System.Collections.Concurrent.ConcurrentBag`1",
        "System.Collections.Concurrent.BlockingCollection`1", "System.Text.StringBuilder",
    };

    /// <summary><c>Type.Field</c> each; of a property or event, its name.</summary>
    public static IReadOnlyList<string> Mutable(MetadataReader metadata) => [.. Find(metadata).Select(found => found.Name)];

    /// <summary>The same with the fields.</summary>
    public static IEnumerable<(string Name, FieldDefinitionHandle Field)> Find(MetadataReader metadata)
    {
        var names = new MetadataNames(metadata, "");
        foreach (var handle in metadata.TypeDefinitions)
        {
            var type = metadata.GetTypeDefinition(handle);
            if (IsGenerated(metadata, type))
            {
                continue;
            }

            foreach (var fieldHandle in type.GetFields())
            {
                var field = metadata.GetFieldDefinition(fieldHandle);
                if (IsMutable(metadata, names, field) && NameInSource(metadata.GetString(field.Name)) is { } name)
                {
                    yield return ($"{names.Of(type).FullName}.{name}", fieldHandle);
                }
            }
        }
    }

    /// <summary>Whether the collection is one that can be changed.</summary>
    public static bool IsContainer(string type) => Containers.Contains(type);

    /// <summary>What an author calls the field; null: nothing.</summary>
    public static string? NameInSource(string field) => !field.StartsWith('<')
        ? field
        : field.EndsWith(BackingField, StringComparison.Ordinal) ? field[1..^BackingField.Length] : null;

    private static bool IsMutable(MetadataReader metadata, MetadataNames names, FieldDefinition field)
    {
        if ((field.Attributes & (FieldAttributes.Static | FieldAttributes.Literal)) != FieldAttributes.Static)
        {
            return false;
        }

        if ((field.Attributes & FieldAttributes.InitOnly) == 0)
        {
            return true;
        }

        var signature = metadata.GetBlobReader(field.Signature);
        signature.ReadSignatureHeader();
        return names.InSignature(signature) is { } type && Containers.Contains(type.FullName);
    }

    private static bool IsGenerated(MetadataReader metadata, TypeDefinition type) =>
        metadata.GetString(type.Name).StartsWith('<')
        || type.GetCustomAttributes().Any(attribute => IsGeneratedMark(metadata, metadata.GetCustomAttribute(attribute)))
        || (type.GetDeclaringType() is { IsNil: false } outer && IsGenerated(metadata, metadata.GetTypeDefinition(outer)));

    private static bool IsGeneratedMark(MetadataReader metadata, CustomAttribute attribute) =>
        attribute.Constructor.Kind == HandleKind.MemberReference
        && metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent is { Kind: HandleKind.TypeReference } parent
        && metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)parent).Name) is "CompilerGeneratedAttribute" or "GeneratedCodeAttribute";
}
