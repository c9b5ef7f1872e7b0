namespace WatchReload.Daemon.Git;

/// <summary>Where git keeps the objects of a push until its pre-receive hook has accepted it. All paths are absolute.</summary>
/// <param name="Repository">The git directory that is pushed to.</param>
/// <param name="Objects">The pushed objects alone.</param>
/// <param name="Alternates">Where the others are.</param>
internal sealed record Quarantine(string Repository, string Objects, string Alternates)
{
    /// <summary>The objects were handed in by another user, as a pack: <see cref="HandedPack"/>.</summary>
    public bool HandedIn { get; init; }
}
