namespace WatchReload.Hosting.Kernel;

internal enum ActorKind
{
    Spawned,
    Named,
    Connection,
}

/// <summary>How an actor came to be. Of no version: what it means is looked up in the version that runs.</summary>
/// <param name="Name">The actor's name, or the listener's.</param>
/// <param name="Client">For whose connection it was spawned, if for one.</param>
internal sealed record ActorRole(ActorKind Kind, string? Name, Client? Client = null)
{
    public static readonly ActorRole Spawned = new(ActorKind.Spawned, null);
}
