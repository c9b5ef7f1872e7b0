namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>The mappings to the types of one version, from any other version.</summary>
internal sealed class MappingSet(ITypePairing pairing, MappingDirection direction)
{
    /// <summary>Plans the mapping of objects of <paramref name="roots"/>, which are old types, and of all they can hold.</summary>
    public MappingPlan Plan(IEnumerable<Type> roots) => throw new NotSupportedException($"{pairing} {direction}");

    /// <summary>
    /// The new form of <paramref name="old"/> and of all that it holds; shared and cyclic references stay so within the call. The
    /// old objects are not changed. <paramref name="target"/> is the type to become or a base of it; null: the counterpart.
    /// </summary>
    /// <exception cref="MappingException">It cannot be mapped; the path says what of it.</exception>
    public object Map(object old, Type? target = null) => throw new NotSupportedException();

    /// <summary>Whether nothing that an object of exactly this type can hold is reloaded: it is shared as it is.</summary>
    public bool IsIdentity(Type oldType) => throw new NotSupportedException();

    /// <summary>Compiles all that was planned, so that no live object pays for it.</summary>
    public void WarmUp() => throw new NotSupportedException();
}
