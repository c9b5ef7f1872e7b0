namespace WatchReload.Actors;

/// <summary>
/// Another actor's protocol, turned into one's own when the message's turn comes, by the behavior's current version: no delegate is held.
/// </summary>
/// <typeparam name="TForeign">The other protocol.</typeparam>
/// <typeparam name="TMessage">The actor's own messages.</typeparam>
public interface IAdapt<TForeign, TMessage>
{
    /// <summary>Turns <paramref name="foreign"/> into a message of this actor.</summary>
    static abstract TMessage Adapt(TForeign foreign);
}
