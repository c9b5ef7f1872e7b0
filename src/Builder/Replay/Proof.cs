using Microsoft.Build.Execution;
using WatchReload.Builder.Evaluation;

namespace WatchReload.Builder.Replay;

/// <summary>Opens a project and compiles it once, which must give, byte for byte, what MSBuild has made of it: only then may it be compiled here.</summary>
internal static class Proof
{
    /// <summary>The project, or why it is not proved.</summary>
    /// <param name="project">As MSBuild has built it.</param>
    /// <param name="before">Proved by earlier builds. Where one of them is what MSBuild has built now, which is found out in the same way, it goes on.</param>
    /// <param name="references">What it is compiled against.</param>
    /// <param name="filter">Tells what may change.</param>
    /// <param name="own">Knows the generators and analyzers that the tree makes.</param>
    /// <param name="directory">For its images.</param>
    /// <param name="analyzersLater">Analyzers will not be waited for, so that they need not be warm.</param>
    /// <param name="where">Told whose generators and analyzers run.</param>
    /// <param name="cancellation">Breaks it off.</param>
    public static (ReplayedProject? Project, string? Doubt) Of(ProjectInstance project, IEnumerable<ReplayedProject> before, References references, InputFilter filter, OwnExtensions own, string directory, bool analyzersLater, Whereabouts where, CancellationToken cancellation)
    {
        var name = Path.GetFileName(project.FullPath);
        if (CompilerCall.Read(project) is not { } call)
            return (null, $"no compiler call of {name} is on record");
        foreach (var path in call.Extensions.Where(path => !filter.IsImmutable(path)))
        {
            if (own.Doubt(path) is { } unknown)
                return (null, $"{name} has a generator or analyzer {unknown} ({Path.GetFileName(path)})");
        }
        where.Enter("prove", project.FullPath, call.ForeignExtensions(filter.IsOfSdk));
        if (before.FirstOrDefault(known => known.IsProvedBy(project, call, references, directory, analyzersLater, cancellation)) is { } still)
            return (still, null);
        var (warm, doubt) = WarmProject.Open(call, references, filter.IsOfSdk, cancellation);
        if (warm is null)
            return (null, $"{name}: {doubt}");
        if (warm.Compile([], new CompileManner(analyzersLater, OnOneThread: false), withReference: true, cancellation) is not { } emitted)
            doubt = $"{name} does not compile here as it does for MSBuild";
        else if (ImageHashes.Of(emitted).Difference(call.Arguments) is { } difference)
            doubt = $"{name} compiled here has another {difference} than MSBuild makes";
        else
        {
            warm.Accept();
            return (new ReplayedProject(warm, project, directory, emitted), null);
        }

        return (null, doubt);
    }
}
