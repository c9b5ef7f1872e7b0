using WatchReload.Hosting.Loading;
using WatchReload.Hosting.Upgrading.Mapping;

namespace WatchReload.Hosting.Upgrading;

/// <summary>Which types of other versions correspond to which of one release.</summary>
internal sealed class TypePairing(LoadedRelease release) : ITypePairing
{
    public IEnumerable<Type> NewTypes => release.Types;

    public Type? Counterpart(Type oldType) => IsReloaded(oldType)
        ? release.FindType(SourceNames.Full(oldType), oldType.Assembly.GetName().Name)
        : oldType;

    public bool IsReloaded(Type type) => IsForeign(release, type);

    /// <summary>Whether the type, or one that it is made of, is of a hot assembly that the release does not have, or is not what the release means by its name.</summary>
    public static bool IsForeign(LoadedRelease release, Type type)
    {
        // Frameworks and packages are never collectible; asked first, as it is asked of every type.
        if (!type.IsCollectible && !HotContext.SomeAreKept) return false;
        if (type.HasElementType) return IsForeign(release, type.GetElementType()!);
        if (type.IsConstructedGenericType)
        {
            foreach (var argument in type.GenericTypeArguments)
                if (IsForeign(release, argument)) return true;
        }

        return HotTypes.IsHot(type.Assembly) && !release.Has(type);
    }
}
