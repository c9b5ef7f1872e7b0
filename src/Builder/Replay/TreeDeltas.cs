using Microsoft.CodeAnalysis;
using WatchReload.Builder.Deltas;
using WatchReload.Builder.Outputs;
using WatchReload.Control;

namespace WatchReload.Builder.Replay;

/// <summary>Deltas of all projects of a tree together: all assemblies or none.</summary>
/// <param name="projects">In the order of dependence.</param>
/// <param name="anew">Simple names of the assemblies of packages that are loaded with each version.</param>
/// <param name="where">Told whose generators run.</param>
internal sealed class TreeDeltas(List<ReplayedProject> projects, IReadOnlySet<string> anew, Whereabouts where)
{
    private HashSet<string> Hot => [.. projects.Where(IsHot).Select(project => project.Assembly)];

    /// <summary>Goes the way of an edit of one project, if it is code of the service, so that the first edit does not find it cold.</summary>
    public void WarmUp(ReplayedProject project, CancellationToken cancellation)
    {
        if (!IsHot(project))
            return;
        where.Enter("prove", project.Path, project.ForeignExtensions);
        project.Deltas.WarmUp(Around(project), round: 0, cancellation);
    }

    /// <summary>Goes it once more, of one project after the other. False: there is none to go.</summary>
    /// <param name="round">From zero on.</param>
    /// <param name="delta">What came of it, which is for nobody.</param>
    /// <param name="cancellation">Breaks it off.</param>
    public bool Practise(int round, out AssemblyDelta? delta, CancellationToken cancellation)
    {
        delta = null;
        var hot = projects.FindAll(IsHot);
        if (hot.Count == 0)
            return false;
        var project = hot[round % hot.Count];
        where.Enter("practise", project.Path, project.ForeignExtensions);
        delta = project.Deltas.WarmUp(Around(project), round / hot.Count, cancellation);
        return delta is not null || hot.Count > 1;
    }

    /// <summary>Makes what is asked for next, if nothing changes until then; where that is no delta, it begins what is done instead.</summary>
    /// <param name="loaded">What a node has; null: it is not known, and taken to be what is likely.</param>
    /// <param name="tell">Diagnostics of a project.</param>
    /// <param name="cancellation">Breaks it off.</param>
    public TreeDifference Anticipate(IReadOnlyList<LoadedAssembly>? loaded, Action<string, IEnumerable<Diagnostic>> tell, CancellationToken cancellation)
    {
        loaded ??= [.. projects.Where(IsHot).Select(project => project.Deltas.Likely).OfType<LoadedAssembly>()];
        var stale = projects.FindAll(project => project.IsStale && IsHot(project));
        var used = UsedAnew();
        foreach (var project in stale.Where(_ => used is null))
        {
            where.Enter("anticipate", project.Path, project.ForeignExtensions);
            if (loaded.FirstOrDefault(assembly => assembly.Name == project.Assembly) is { } has)
                project.Deltas.Anticipate(has, Around(project), cancellation);
        }
        if (used is null && !stale.Exists(project => project.Deltas.IsAnticipatedInVain))
            return From(loaded, tell, isAskedFor: false, cancellation);
        foreach (var project in stale)
        {
            where.Enter("anticipate", project.Path, project.ForeignExtensions);
            project.BeginToCompile(cancellation);
        }
        return new([], "it was anticipated in vain");
    }

    /// <summary>From what a node has loaded to what the projects are now.</summary>
    public TreeDifference From(IReadOnlyList<LoadedAssembly> loaded, Action<string, IEnumerable<Diagnostic>> tell, CancellationToken cancellation) => From(loaded, tell, isAskedFor: true, cancellation);

    private TreeDifference From(IReadOnlyList<LoadedAssembly> loaded, Action<string, IEnumerable<Diagnostic>> tell, bool isAskedFor, CancellationToken cancellation)
    {
        if (UsedAnew() is { } used)
            return new([], used);
        var results = new List<(ReplayedProject Project, DeltaResult Result)>();
        foreach (var project in projects)
        {
            where.Enter("delta", project.Path, project.ForeignExtensions);
            var has = loaded.FirstOrDefault(assembly => assembly.Name == project.Assembly);
            var result = has is not null ? project.Deltas.From(has, Around(project), cancellation) : project.IsStale ? new DeltaResult { Doubt = $"{project.Assembly} is not loaded as a part of the service" } : null;
            if (result?.Doubt is { } doubt)
                return new([], doubt);
            if (result is not null)
                results.Add((project, result));
        }
        if (results.Count == 0)
            return new([], "no body is another");
        if (loaded.FirstOrDefault(assembly => !projects.Exists(project => project.Assembly == assembly.Name)) is { } unknown)
            return new([], $"{unknown.Name} is loaded, and is none of the projects");
        // What makes types may be refused once it is applied, and then nothing must have been touched.
        if (results.Exists(result => result.Result.Delta!.Apart) && results.Find(result => !result.Result.Delta!.Apart) is { Project: { } touched })
            return new([], $"bodies of {touched.Assembly} would be replaced with types of another project that may be refused");
        // A load begins the statics of these afresh: of what changed, and of all that depends on it.
        // And a method that is added is not seen by what others have found out about its type: so these must not have been able to keep that.
        var holders = results.Exists(result => result.Result.AddsMethods) ? projects.FindAll(IsHot) : WithDependents(results.Select(result => result.Project));
        var texts = projects.Where(IsHot).SelectMany(project => project.Deltas.Texts).ToList();
        if (holders.Select(project => project.Deltas.StaticDoubt(loaded.FirstOrDefault(assembly => assembly.Name == project.Assembly), Hot, texts, cancellation)).FirstOrDefault(doubt => doubt is not null) is { } held)
            return new([], held);
        foreach (var (project, result) in results)
        {
            if (isAskedFor)
                project.Deltas.Made(result.To!);
            else
                project.Deltas.Offered(result.To!);
            tell(project.Path, result.Diagnostics);
        }
        return new([.. results.Select(result => result.Result.Delta!)], null) { From = loaded, Anticipated = results.TrueForAll(result => result.Result.Anticipated) };
    }

    /// <summary>A service may be built together with WatchReload.Actors, as the one of this repository is; nodes have that for all versions all the same.</summary>
    private static bool IsHot(ReplayedProject project) => !project.Assembly.Equals(OutputClassifier.ActorsAssembly, StringComparison.OrdinalIgnoreCase);

    /// <summary>A package that a load brings with statics of its own, and that code of the service uses: it may keep what bodies have told it. Null when there is none.</summary>
    private string? UsedAnew() => anew.Count > 0 && projects.Where(IsHot).SelectMany(project => project.Deltas.Uses).FirstOrDefault(anew.Contains) is { } package
        ? $"{package} is loaded with each version, and would keep what it has found out before"
        : null;

    private DeltaSurroundings Around(ReplayedProject project) =>
        new(Hot, projects.Exists(other => other.References(project)), () => projects.Where(other => other != project && IsHot(other)).SelectMany(other => other.Deltas.Texts), () => projects.Where(other => other != project && IsHot(other)).SelectMany(other => other.Deltas.Uses));

    private List<ReplayedProject> WithDependents(IEnumerable<ReplayedProject> changed)
    {
        var all = changed.ToList();
        foreach (var project in projects.Where(project => !all.Contains(project)))
        {
            // In the order of dependence, so that those of dependents are found too.
            if (all.Exists(project.References))
                all.Add(project);
        }
        return all;
    }
}

/// <summary>The way from what a node has loaded to the tree.</summary>
/// <param name="Deltas">None when there is a doubt.</param>
/// <param name="Doubt">Why deltas are not enough.</param>
internal sealed record TreeDifference(IReadOnlyList<AssemblyDelta> Deltas, string? Doubt)
{
    /// <summary>What the deltas start from.</summary>
    public IReadOnlyList<LoadedAssembly> From { get; init; } = [];

    /// <summary>It was broken off: sources may not have been read.</summary>
    public bool IsBroken { get; init; }

    /// <summary>All of it was made before it was asked for.</summary>
    public bool Anticipated { get; init; }
}
