using System.Collections.Immutable;
using WatchReload.Actors;

namespace WatchReload.Service;

/// <summary>Who is here, by name and by actor. The two say the same: they change only through <see cref="With"/> and <see cref="Without"/>.</summary>
public sealed record IndexState(
    ImmutableSortedDictionary<string, ActorRef<ConnectionMessage>> ByName,
    ImmutableDictionary<ActorId, string> NameOf)
{
    public static IndexState Empty => new(
        ImmutableSortedDictionary.Create<string, ActorRef<ConnectionMessage>>(StringComparer.Ordinal),
        ImmutableDictionary<ActorId, string>.Empty);

    public IndexState With(string name, ActorRef<ConnectionMessage> connection)
        => new(ByName.Add(name, connection), NameOf.Add(connection.Id, name));

    public IndexState Without(ActorId connection)
        => NameOf.TryGetValue(connection, out var name) ? new(ByName.Remove(name), NameOf.Remove(connection)) : this;
}
