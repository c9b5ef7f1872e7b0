using WatchReload.Control;

namespace WatchReload.Hosting.Loading;

/// <summary>The defaults of a type that a delta tells.</summary>
internal sealed record ToldDefaults(string Assembly, string Type, IReadOnlyList<KeyValuePair<(string Name, string Among), object?>> Values)
{
    public static IEnumerable<ToldDefaults> Of(AssemblyDelta delta) => delta.Defaults
        .GroupBy(one => one.Type, one => KeyValuePair.Create((one.Parameter, one.Among), one.Read()), StringComparer.Ordinal)
        .Select(ofType => new ToldDefaults(delta.Assembly, ofType.Key, [.. ofType]));
}
