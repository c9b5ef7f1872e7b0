using WatchReload.Hosting.Upgrading.Mapping;

namespace WatchReload.Testing;

/// <summary>Two places of one test assembly as the code of two versions.</summary>
internal sealed class DeclaredPairing(Type old, Type target) : ITypePairing
{
    private readonly string _oldPlace = Place(old);
    private readonly string _newPlace = Place(target);

    public IEnumerable<Type> NewTypes => OnePlace ? [target] : target.Assembly.GetTypes().Where(t => IsIn(t, _newPlace));

    private bool OnePlace => _oldPlace == _newPlace;

    public Type? Counterpart(Type oldType)
    {
        if (oldType == old) return target;
        return IsReloaded(oldType) ? target.Assembly.GetType(_newPlace + oldType.FullName![_oldPlace.Length..]) : oldType;
    }

    public bool IsReloaded(Type type) => type == old || (!OnePlace && type.Assembly == old.Assembly && IsIn(type, _oldPlace) && !IsIn(type, _newPlace));

    private static bool IsIn(Type type, string place) => type.FullName is { } name && name.StartsWith(place, StringComparison.Ordinal) && name.Length > place.Length;

    /// <summary>Up to the last dot, or plus of a nested type.</summary>
    private static string Place(Type type)
    {
        var name = (type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type).FullName!;
        return name[..(name.LastIndexOfAny(['.', '+']) + 1)];
    }
}
