using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Hosting.Loading;

/// <summary>Loads releases.</summary>
internal sealed class ReleaseLoader
{
    public ReleaseLoader(StateDirectory state, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(loggers);
    }

    /// <summary>
    /// Reads every file of the release once, checks it against release.json, and loads from those bytes. Never throws for what a
    /// release can cause; all problems are told together.
    /// </summary>
    /// <param name="releaseDirectory">Must be a directory of the state directory's <c>releases</c>.</param>
    /// <param name="expectedManifestHash">SHA-256 of release.json's bytes in hex; null at node start, where nobody gave one.</param>
    /// <param name="previous">The release whose unchanged assemblies stay as they are, normally the one that serves.</param>
    public LoadResult Load(string releaseDirectory, string? expectedManifestHash, LoadedRelease? previous) => throw new NotImplementedException();
}
