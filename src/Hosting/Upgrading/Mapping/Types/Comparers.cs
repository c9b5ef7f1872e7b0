using System.Collections;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>Comparers may be state: most have none, and collections need them.</summary>
internal static class Comparers
{
    public static bool IsComparer(Type type)
    {
        if (type == typeof(IEqualityComparer) || type == typeof(IComparer) || type == typeof(StringComparer)) return true;
        if (!type.IsConstructedGenericType) return false;
        var definition = type.GetGenericTypeDefinition();
        return definition == typeof(IEqualityComparer<>) || definition == typeof(IComparer<>);
    }

    /// <summary>A comparer object of the frameworks that holds no delegate, and so no code of a service.</summary>
    public static bool IsShared(Type type) => Frameworks.Has(type)
        && (typeof(IEqualityComparer).IsAssignableFrom(type) || typeof(IComparer).IsAssignableFrom(type))
        && DataMember.Of(type).All(m => !typeof(Delegate).IsAssignableFrom(m.Type));
}
