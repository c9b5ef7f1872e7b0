using WatchReload.Control;
using WatchReload.Hosting.Upgrading.Mapping;

namespace WatchReload.Hosting.Upgrading;

/// <summary>Where the steps of a reload have led.</summary>
/// <param name="Report">What there is to tell so far.</param>
/// <param name="Committed">Null: it came to no commit.</param>
internal sealed record SteppedReload(ReloadReport Report, CommittedReload? Committed = null)
{
    /// <summary>It came to no commit, and yet the code that serves is not what it was: deltas had been applied. The version whose release is to be loaded anew.</summary>
    public ServiceVersion? Broken { get; init; }
}

/// <summary>A reload past the point of no return.</summary>
/// <param name="Failure">Why <paramref name="Next"/> should not stay all the same.</param>
internal sealed record CommittedReload(ReloadRequest Request, ServiceVersion? Previous, ServiceVersion Next, Reversibility Reversible, Setback? Failure);
