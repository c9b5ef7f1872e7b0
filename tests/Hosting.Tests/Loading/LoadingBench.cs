using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Control;
using WatchReload.Hosting.Loading;

namespace WatchReload.Hosting.Tests.Loading;

/// <summary>A state directory of a test's own, with what it takes to write releases into it and load them.</summary>
internal sealed class LoadingBench : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("watchreload-loading-");

    public LoadingBench()
    {
        State = new(_root.FullName);
        Writer = new(State);
        Loader = new(State, NullLoggerFactory.Instance, TimeProvider.System);
        Directory.CreateDirectory(State.Releases);
    }

    public StateDirectory State { get; }

    public ReleaseWriter Writer { get; }

    public ReleaseLoader Loader { get; }

    public LoadResult TryLoad(WrittenRelease release, LoadedRelease? previous = null) => Loader.Load(release.Directory, release.ManifestHash, previous);

    public LoadedRelease Load(WrittenRelease release, LoadedRelease? previous = null)
    {
        var result = TryLoad(release, previous);
        Assert.True(result.Succeeded, string.Join('\n', result.Problems));
        return result.Release;
    }

    public LoadedRelease Load(ReleaseContents contents, LoadedRelease? previous = null) => Load(Writer.Write(contents), previous);

    /// <summary>The problems of a release that must be refused.</summary>
    public IReadOnlyList<LoadProblem> Refused(WrittenRelease release, LoadedRelease? previous = null)
    {
        var result = TryLoad(release, previous);
        Assert.False(result.Succeeded);
        Assert.All(result.Problems, problem =>
        {
            Assert.NotEmpty(problem.Cause);
            Assert.NotEmpty(problem.Remedy);
        });
        return result.Problems;
    }

    public IReadOnlyList<LoadProblem> Refused(ReleaseContents contents, LoadedRelease? previous = null) => Refused(Writer.Write(contents), previous);

    public void Dispose() => _root.Delete(recursive: true);
}
