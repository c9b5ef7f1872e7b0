using System.Reflection;
using System.Reflection.Metadata;

namespace WatchReload.Hosting.Loading;

/// <summary>What an assembly uses of WatchReload.Actors, and the node's may not have though its version is the same: a build in between two.</summary>
internal static class ActorsUses
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.FlattenHierarchy;
    private static readonly Assembly Own = typeof(Actors.IService).Assembly;

    /// <summary>The types that the node does not have, and the members of those that it has.</summary>
    public static IReadOnlyList<string> Missing(MetadataReader metadata, string assembly)
    {
        var names = new MetadataNames(metadata, assembly);
        var missing = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var handle in metadata.TypeReferences)
        {
            if (Name(names, handle) is { } type && Own.GetType(type) is null) missing.Add(type);
        }

        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            if (Name(names, member.Parent) is not { } type || Own.GetType(type) is not { } present) continue;
            var name = metadata.GetString(member.Name);
            if (present.GetMember(name, All).Length == 0) missing.Add($"{type}.{name}");
        }

        return [.. missing];
    }

    private static string? Name(MetadataNames names, EntityHandle type) => names.Of(type) is { } name && name.Assembly == ServiceTypes.Interface.Assembly ? name.FullName : null;
}
