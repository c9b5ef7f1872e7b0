namespace WatchReload.Builder.Deltas;

/// <summary>What a read-only static holds that code could change.</summary>
internal enum TableKind
{
    /// <summary>Elements, that can be assigned.</summary>
    Array,

    /// <summary>A collection of the platform, that can be added to.</summary>
    Collection,

    /// <summary>An object of the platform with properties that can be set.</summary>
    Settings,
}
