namespace WatchReload.Hosting.Kernel;

/// <summary>Who has failed in a time, and on whose behalf.</summary>
internal sealed class FailedActors(IReadOnlyList<FailedTurn> failures)
{
    /// <summary>How often: each of them may have failed several times.</summary>
    public int Turns { get; } = failures.Count;

    /// <summary>All of them.</summary>
    public IReadOnlySet<long> Ids { get; } = failures.Select(f => f.Actor).ToHashSet();

    /// <summary>Each client whose connections have failed counts once, other actors each.</summary>
    public int Causes { get; } = failures.Select(f => f.Cause).Distinct().Count();

    /// <summary>How many failed on no client's behalf.</summary>
    public int ByThemselves { get; } = failures.Where(f => f.Client is null).Select(f => f.Actor).Distinct().Count();

    /// <summary>The others: by the address of the client on whose behalf it was, its connections.</summary>
    public ILookup<string, long> Connections { get; } = failures.Where(f => f.Client is not null).Select(f => f.Client!.Value).Distinct().ToLookup(c => c.Address, c => c.Connection);
}
