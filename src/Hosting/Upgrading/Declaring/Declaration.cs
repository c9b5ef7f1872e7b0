using WatchReload.Hosting.Tcp;

namespace WatchReload.Hosting.Upgrading.Declaring;

/// <summary>All that one version declares.</summary>
internal sealed class Declaration
{
    public Dictionary<string, NamedActorDeclaration> Actors { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, ListenerDeclaration> Listeners { get; } = new(StringComparer.Ordinal);

    public List<SharedDeclaration> Shared { get; } = [];

    public IEnumerable<Type> Behaviors => [.. Actors.Values.Select(a => a.Behavior), .. Listeners.Values.Select(l => l.Behavior!)];

    /// <summary>What is wrong with it as a whole; all together.</summary>
    public IEnumerable<string> Problems() => Listeners.Values
        .Where(l => l.Framing is null || l.Behavior is null)
        .Select(l => $"The listener '{l.Name}' is not complete: after Listen choose a framing (Lines, LengthPrefixed, Raw or Framing) and call Accept.");
}
