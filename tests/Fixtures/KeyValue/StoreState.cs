namespace WatchReload.Fixtures.KeyValue;

/// <summary>Changed in place: a state need not be immutable.</summary>
public sealed class StoreState
{
    public Dictionary<string, byte[]> Values { get; } = new(StringComparer.Ordinal);
}
