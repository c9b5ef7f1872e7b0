namespace WatchReload.Hosting.Loading;

/// <summary>Whether what a retired release let go of is gone from memory. Holds weak references only.</summary>
/// <remarks>
/// The references are to the contexts, and see them even during finalization: the runtime frees a context object last, after its
/// assembly's code and types. A context that is gone proves that everything of it is.
/// </remarks>
internal sealed class UnloadTicket
{
    /// <summary>Two, as a rule. What holds it by way of finalizers of its own, such as methods emitted for it by a serializer or a mapping, takes one to three more.</summary>
    private const int MostCollections = 6;
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(1);
    private readonly (string Name, WeakReference Context)[] _unloading;

    public UnloadTicket(IEnumerable<(string Name, HotContext Context)> unloading, bool isKept = false) =>
        (_unloading, IsKept) = ([.. unloading.Select(one => (one.Name, new WeakReference(one.Context, trackResurrection: true)))], isKept);

    /// <summary>It stays in memory on purpose: the node takes deltas.</summary>
    public bool IsKept { get; }

    /// <summary>Names of the assemblies whose contexts were unloaded by this retirement; not those that another loaded release shares.</summary>
    public IReadOnlyList<string> Assemblies => [.. _unloading.Select(one => one.Name)];

    /// <summary>Names of those that are still in memory. Looks only; asks for nothing.</summary>
    public IReadOnlyList<string> Alive => [.. _unloading.Where(one => one.Context.IsAlive).Select(one => one.Name)];

    public bool IsUnloaded => Array.TrueForAll(_unloading, one => !one.Context.IsAlive);

    /// <summary>
    /// Asks for the collections that unloading needs, in the background, then looks again until the deadline. False means that
    /// someone still holds it; when the holder has let go, another call proves it gone.
    /// </summary>
    public async Task<bool> Unloaded(TimeSpan deadline, TimeProvider time, CancellationToken cancellation = default)
    {
        var start = time.GetTimestamp();
        for (var count = 0; count < MostCollections && !IsUnloaded; count++)
        {
            await Collections.Full().WaitAsync(cancellation).ConfigureAwait(false);
        }

        var poll = TimeSpan.FromMilliseconds(5);
        while (!IsUnloaded && time.GetElapsedTime(start) < deadline)
        {
            await Task.Delay(poll, time, cancellation).ConfigureAwait(false);
            poll = poll * 2 < LongestPoll ? poll * 2 : LongestPoll;
        }

        return IsUnloaded;
    }
}
