using System.Reflection;
using WatchReload.Hosting.Loading;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>Tells the frameworks' types from those of services and packages.</summary>
internal static class Frameworks
{
    public static bool Has(Type type) => Has(type.Assembly);

    private static bool Has(Assembly assembly)
    {
        if (HotTypes.IsHot(assembly)) return false;
        var name = assembly.GetName().Name;
        return name is not null && (name is "mscorlib" or "netstandard" or "System"
            || name.StartsWith("System.", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.", StringComparison.Ordinal));
    }
}
