using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Daemon.Releases;

internal sealed class ReleaseStore(StateDirectory state, TimeProvider time, ILogger<ReleaseStore> log)
{
    /// <summary>Copies the outputs of a build into a new release.</summary>
    public Task<StageResult> Stage(BuildOutcome build, StageInfo info, CancellationToken cancellation) => throw new NotSupportedException($"{state}{time}{log}{build}{info}{cancellation}");

    /// <summary>Newest first.</summary>
    public IReadOnlyList<Release> List() => throw new NotSupportedException();

    /// <param name="idOrPrefix">An id, its number, or the beginning of an id or a commit.</param>
    public ReleaseLookup Find(string idOrPrefix) => throw new NotSupportedException(idOrPrefix);

    /// <summary>The newest release before this one that has other content and is not known to be bad.</summary>
    public ReleaseLookup Previous(string id) => throw new NotSupportedException(id);

    /// <summary>Deletes all but the newest, never what a node uses. Returns the ids that went.</summary>
    public Task<IReadOnlyList<string>> Prune(int keep, CancellationToken cancellation) => throw new NotSupportedException($"{keep}{cancellation}");

    /// <summary>Content hashes of releases that failed on trial.</summary>
    public IReadOnlySet<string> Bad() => throw new NotSupportedException();
}
