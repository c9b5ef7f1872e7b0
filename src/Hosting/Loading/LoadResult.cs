using System.Diagnostics.CodeAnalysis;

namespace WatchReload.Hosting.Loading;

/// <summary>A loaded release, or all the reasons why there is none. After a refusal nothing of the release is left in the process.</summary>
internal sealed class LoadResult
{
    public LoadResult(LoadedRelease release) => Release = release;

    public LoadResult(IReadOnlyList<LoadProblem> problems) => Problems = problems;

    [MemberNotNullWhen(true, nameof(Release))]
    public bool Succeeded => Release is not null;

    public LoadedRelease? Release { get; }

    public IReadOnlyList<LoadProblem> Problems { get; } = [];
}
