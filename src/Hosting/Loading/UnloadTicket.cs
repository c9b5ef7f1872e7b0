namespace WatchReload.Hosting.Loading;

/// <summary>Whether what a retired release let go of is gone from memory. Holds weak references only.</summary>
internal sealed class UnloadTicket
{
    /// <summary>Names of the assemblies whose contexts were unloaded by this retirement.</summary>
    public IReadOnlyList<string> Assemblies => throw new NotImplementedException();

    /// <summary>Names of those that are still in memory. Looks only; asks for nothing.</summary>
    public IReadOnlyList<string> Alive => throw new NotImplementedException();

    public bool IsUnloaded => Alive.Count == 0;

    /// <summary>Asks for the collections that unloading needs (never a blocking one), and says whether all is gone by the deadline.</summary>
    public Task<bool> Unloaded(TimeSpan deadline, TimeProvider time, CancellationToken cancellation = default) => throw new NotImplementedException();
}
