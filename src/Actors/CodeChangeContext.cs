namespace WatchReload.Actors;

/// <summary>What <see cref="IService.CodeChange"/> is given.</summary>
/// <param name="From">The number of the version that was replaced.</param>
/// <param name="To">The number of this version; always greater than <paramref name="From"/>.</param>
/// <param name="Rollback">Whether this version is an older release loaded again.</param>
/// <param name="Actors">Finds named actors.</param>
/// <param name="Services">The version's container.</param>
/// <param name="Deadline">Cancelled when the time for the code change is over.</param>
public sealed record CodeChangeContext(int From, int To, bool Rollback, IActors Actors, IServiceProvider Services, CancellationToken Deadline);
