using System.Reflection;
using System.Runtime.Loader;

namespace WatchReload.Hosting.Loading;

/// <summary>Tells types of hot assemblies from all others, whether their contexts can be collected or are kept for deltas.</summary>
internal static class HotTypes
{
    /// <summary>Whether the type is of a hot assembly, or made of one.</summary>
    public static bool Includes(Type type)
    {
        if (type.IsCollectible) return true;
        if (!HotContext.SomeAreKept) return false;
        if (type.HasElementType) return Includes(type.GetElementType()!);
        return IsHot(type.Assembly) || (type.IsConstructedGenericType && type.GenericTypeArguments.Any(Includes));
    }

    public static bool IsHot(Assembly assembly) => AssemblyLoadContext.GetLoadContext(assembly) is { IsCollectible: true } or HotContext;
}
