using System.Reflection;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>The types of the old version's assemblies that a plan comes across: what may stand where a base type or interface is declared.</summary>
internal sealed class OldTypes(TypePairs pairs, Func<Type, bool> isInUse)
{
    private readonly Dictionary<Assembly, IReadOnlyList<Type>> _concrete = [];

    public void Meet(Type type)
    {
        var definition = type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type;
        if (!type.HasElementType && pairs.IsOwn(definition) && !_concrete.ContainsKey(type.Assembly)) _concrete[type.Assembly] = Concrete(All(type.Assembly).Where(isInUse));
    }

    /// <summary>Those derived from a type, or that implement it.</summary>
    public IEnumerable<Type> Under(Type type) => Under(type, _concrete.Values.SelectMany(t => t));

    public static IEnumerable<Type> Under(Type type, IEnumerable<Type> all) => type == typeof(object) ? [] : all.Where(t => t != type && type.IsAssignableFrom(t));

    public static IReadOnlyList<Type> Concrete(IEnumerable<Type> types) => [.. types.Where(t => !t.IsAbstract && !t.IsInterface && !t.IsGenericTypeDefinition && !t.Name.StartsWith('<'))];

    public static IEnumerable<Type> All(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException some)
        {
            // A type that cannot be loaded has no objects.
            return some.Types.OfType<Type>();
        }
    }
}
