namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>
/// Finds the namesake of an old type in the new version. Asked for plain types and generic type definitions only: arrays,
/// constructed generic types and <c>[FormerName]</c> are taken apart before.
/// </summary>
internal interface ITypePairing
{
    /// <summary>The type of that full name in the new version; a type of an unchanged or shared assembly is itself; null: there is none any more.</summary>
    Type? Counterpart(Type oldType);

    /// <summary>Whether the type belongs to an assembly of an old version that the new version does not share.</summary>
    bool IsReloaded(Type type);

    /// <summary>The types of the new version's own assemblies, for <c>[FormerName]</c>.</summary>
    IEnumerable<Type> NewTypes { get; }
}
