using System.Collections.Immutable;
using Microsoft.Build.Execution;
using Microsoft.Build.Graph;
using Microsoft.CodeAnalysis;
using WatchReload.Builder.Evaluation;
using WatchReload.Builder.Outputs;
using WatchReload.Control;

namespace WatchReload.Builder.Replay;

/// <summary>What MSBuild has built last, held ready so that edits of its source files need no MSBuild.</summary>
/// <remarks>
/// Theory of operation. MSBuild has built, and what its inputs had in them is on record. In idle time <see cref="Prove"/> opens one
/// project after the other and compiles it, or goes on with what was proved before where MSBuild has made the same; the images must be MSBuild's, byte for byte. A tree with a doubt, about the projects or about
/// one image, stays cold and says why. A proved one may answer a request when all that changed are texts of source files: the projects that have
/// them are compiled, then their dependents if the surface changed. MSBuild's own folders are never written to, so that its next build finds
/// them as it left them. Projects that generators or analyzers are made of are MSBuild's alone: <see cref="OwnExtensions"/>.
/// </remarks>
internal sealed class WarmTree(BuildRequest request, EvaluatedTree tree, InputHashes hashes, TreeListing listing, Made made, References references, OwnExtensions own, IReadOnlyList<ReplayedProject> before, Whereabouts where)
{
    /// <summary>The refusal that a new evaluation may lift.</summary>
    public const string FilesCameOrWent = "files came or went";

    private readonly List<ReplayedProject> _projects = [];
    private readonly List<ReplayedProject> _before = [.. before]; // each goes when its project has been looked at
    private readonly Queue<ProjectGraphNode> _unproved = new(own.Others);
    private string? _doubt = listing.Doubt ?? TreeDoubt.Of(tree);
    private string _listing = listing.Hash;
    private bool _isBroken;
    private int _goingOn;
    private bool _wasWarm;

    public EvaluatedTree Tree => tree;

    public InputHashes Hashes => hashes;

    /// <summary>Of packages that are loaded with each version.</summary>
    private IReadOnlySet<string> Anew => field ??= VersionPackages.Of(made.Outputs, request.PerVersion);

    private TreeDeltas Deltas => new(_projects, Anew, where);

    /// <summary>All is proved, and what deltas need is warm.</summary>
    public bool IsReady => _doubt is null && _unproved.Count == 0 && (!request.Deltas || _projects.TrueForAll(project => project.IsWarm));

    /// <summary>How many projects are proved, and how many of them do not go on from an earlier build; null before all are.</summary>
    public (int Anew, int All)? Proved => _doubt is null && _unproved.Count == 0 ? (_projects.Count - _goingOn, _projects.Count) : null;

    /// <summary>Those that are proved, here or by an earlier build: MSBuild's next build may make the same of most of them.</summary>
    public IReadOnlyList<ReplayedProject> Known => [.. _projects, .. _before];

    /// <summary>What deltas need has been warm once: another image since then is no reason to wait until it is so again.</summary>
    public bool CanAnticipate => request.Deltas && _doubt is null && _unproved.Count == 0 && _wasWarm;

    /// <summary>Goes on until all is proved, or cancelled. Returns a doubt that it came upon.</summary>
    public string? Prove(CancellationToken cancellation)
    {
        if (_doubt is null && _unproved.Count > 0 && references.Extensions.Replaced is { } replaced)
            return _doubt = $"{replaced}, a generator or analyzer, was replaced since it was loaded";
        while (_doubt is null && _unproved.TryPeek(out var node))
        {
            cancellation.ThrowIfCancellationRequested();
            if (hashes.Changed().Count > 0)
                return null; // the next build is due, and tells more
            _doubt = Open(node.ProjectInstance, cancellation);
            _unproved.Dequeue();
            if (_doubt is not null)
                return _doubt;
        }
        if (_unproved.Count == 0)
            _before.Clear(); // of projects that have left
        foreach (var project in _projects.Where(project => request.Deltas && _doubt is null && !project.IsWarm))
        {
            Deltas.WarmUp(project, cancellation);
            project.IsWarm = true;
        }
        _wasWarm |= IsReady;
        return null;
    }

    /// <summary>Goes the way of an edit once more, of one project after the other, so that it is compiled for speed before somebody waits for it. False: an edit is there, or there is none to go.</summary>
    public bool Practise(int round, out AssemblyDelta? delta, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        delta = null;
        return request.Deltas && hashes.Changed().Count == 0 && Deltas.Practise(round, out delta, cancellation);
    }

    /// <summary>
    /// A save has been noticed that may not be at its end: takes the sources as they are and makes the difference that is asked for when it is. What was made counts
    /// only if they are the same still by then, which whoever asks finds out by <see cref="Read"/>, or has found out as after any other build.
    /// </summary>
    public TreeDifference Anticipate(IReadOnlyList<string> changed, IReadOnlyList<LoadedAssembly>? loaded, Action<string, IEnumerable<Diagnostic>> tell, CancellationToken cancellation)
    {
        Take(changed);
        return Deltas.Anticipate(loaded, tell, cancellation);
    }

    /// <summary>The tree as it was read: what is compiled from here is of that, to the last byte.</summary>
    public SeenTree Read(string root) => new(hashes.SourceHash(root), _listing);

    /// <summary>The way from what a node has loaded to the tree as it is now, by deltas; or why these are not enough. Sources are read again in any case.</summary>
    public TreeDifference Difference(IReadOnlyList<string> changed, IReadOnlyList<LoadedAssembly> loaded, Action<string, IEnumerable<Diagnostic>> tell, CancellationToken cancellation)
    {
        Take(changed);
        return Deltas.From(loaded, tell, cancellation);
    }

    /// <summary>
    /// Takes up an evaluation that was made as files came or went. Null when these are source files and nothing else is another: then
    /// compiling the changed ones answers the request. Else the tree is in no state to go on from.
    /// </summary>
    /// <param name="now">The evaluation.</param>
    /// <param name="listed">Which files there were before it.</param>
    /// <param name="changed">To be compiled.</param>
    /// <param name="cancellation">Breaks it off.</param>
    public string? Adopt(EvaluatedTree now, TreeListing listed, out IReadOnlyList<string> changed, CancellationToken cancellation)
    {
        changed = [];
        if (_unproved.Count > 0)
            return "the compilations are not ready yet";
        if (ProjectSnapshot.Differ(tree.Projects, now.Projects, out var others) is { } difference)
            return difference;
        now = now.With(tree.Found); // no target has run since
        var sources = now.Projects.Where(project => !own.AreMadeOf(project.Path)).SelectMany(project => project.Sources).Concat(_projects.SelectMany(project => project.Sources)).ToHashSet(StringComparer.Ordinal);
        sources.RemoveWhere(path => own.MakerWith(path) is not null); // also if a file is linked to both
        var taken = InputHashes.Of(now.Inputs, hashes); // before anything is read: what is written from now on differs from it
        var differ = taken.DifferentFrom(hashes);
        if (differ.FirstOrDefault(path => !sources.Contains(path)) is { } other)
            return $"{Path.GetFileName(other)} changed";
        _isBroken = true; // until all is read
        hashes = taken;
        foreach (var (was, becomes) in others)
        {
            if (_projects.Find(project => project.Path == was.Path) is not { } project)
                return $"{Path.GetFileName(was.Path)} is not compiled here";
            if (project.UseSources(was, becomes, cancellation) is { } doubt)
                return doubt;
        }
        _projects.ForEach(project => project.Deltas.Forget());
        changed = [.. differ.Concat(others.SelectMany(other => other.Now.Sources.Except(other.Before.Sources, StringComparer.Ordinal))).Where(path => _projects.Exists(project => project.Sources.Contains(path))).Distinct(StringComparer.Ordinal)];
        hashes.Distrust(changed); // until they are taken: what is compiled is what was read then
        (tree, _listing, _doubt) = (now, listed.Hash, listed.Doubt);
        _isBroken = false;
        return TreeListing.Of(now.Inputs).Hash == _listing ? _doubt : "files come and go";
    }

    /// <summary>Why the request cannot be answered from here; null when it can, by compiling what has the changed sources.</summary>
    public string? Refuse(BuildRequest asked, out IReadOnlyList<string> changed)
    {
        changed = [];
        if (!IsSame(asked, request))
            return "another configuration, or other properties";
        if (_doubt is not null)
            return _doubt;
        if (_isBroken)
            return "the build before was broken off";
        if (TreeListing.Of(tree.Inputs).Hash != _listing)
            return FilesCameOrWent;
        var differ = hashes.Changed();
        changed = differ;
        var sources = _projects.SelectMany(project => project.Sources).ToHashSet(StringComparer.Ordinal);
        if (differ.FirstOrDefault(path => !File.Exists(path)) is { } gone)
            return $"{Path.GetFileName(gone)} is gone";
        if (differ.FirstOrDefault(path => own.MakerWith(path) is not null) is { } making) // also if it is linked to others
            return $"{Path.GetFileName(making)} changed, which is in a generator or analyzer ({Path.GetFileName(own.MakerWith(making))})";
        if (differ.FirstOrDefault(path => !sources.Contains(path) && (_unproved.Count == 0 || Path.GetExtension(path) != ".cs")) is { } other)
            return $"{Path.GetFileName(other)} changed";
        return _unproved.Count > 0 ? "the compilations are not ready yet" : null;
    }

    /// <summary>Something that was read has not been compiled as a whole yet.</summary>
    public bool IsStale => _projects.Exists(project => project.IsStale);

    /// <summary>Analyzers have not run on all that was compiled.</summary>
    public bool IsUnanalyzed => _projects.Exists(project => project.IsUnanalyzed);

    /// <summary>What analyzers have to say that were not waited for: of all projects or, broken off before the last is through, of none.</summary>
    public void AnalyzeLater(Action<string, IEnumerable<Diagnostic>> tell, CancellationToken cancellation)
    {
        var all = _projects.Where(project => project is { HasCompiled: true, IsUnanalyzed: true }).Select(project => (Project: project, Found: AnalyzeLater(project, cancellation))).ToList();
        cancellation.ThrowIfCancellationRequested(); // which the compiler looks at now and then
        foreach (var (project, found) in all)
        {
            tell(project.Path, project.Analyzed(found));
        }
    }

    private ImmutableArray<Diagnostic> AnalyzeLater(ReplayedProject project, CancellationToken cancellation)
    {
        where.Enter("analyze", project.Path, project.ForeignExtensions);
        return project.AnalyzeLater(cancellation);
    }

    /// <summary>Null when it does not compile.</summary>
    public Made? Compile(IReadOnlyList<string> changed, CompileManner manner, Action<string, IEnumerable<Diagnostic>> tell, CancellationToken cancellation)
    {
        Take(changed);
        _isBroken = true; // until it is through
        var failed = new List<ReplayedProject>();
        try
        {
            CompileStale(failed, manner, tell, cancellation);
        }
        catch (OperationCanceledException)
        {
            _isBroken = false; // what was not compiled is stale still, and what depends on it comes after it
            throw;
        }
        _isBroken = false;
        return failed.Count == 0 ? made with { Outputs = [.. made.Outputs.Select(Newest)] } : null;
    }

    private void CompileStale(List<ReplayedProject> failed, CompileManner manner, Action<string, IEnumerable<Diagnostic>> tell, CancellationToken cancellation)
    {
        foreach (var project in _projects)
        {
            if (failed.Exists(project.References))
                failed.Add(project); // as with MSBuild: what depends on a failure is not compiled
            var isDone = !project.IsStale && (manner.AnalyzersLater || !project.IsUnanalyzed);
            if (isDone || failed.Contains(project))
                continue;
            var dependents = _projects.Where(dependent => dependent.References(project)).ToList();
            where.Enter("replay", project.Path, project.ForeignExtensions);
            var (succeeded, surfaceChanged, diagnostics) = project.Compile(manner, dependents.Count > 0, cancellation);
            tell(project.Path, diagnostics);
            if (!succeeded)
                failed.Add(project);
            if (!surfaceChanged)
                continue;
            foreach (var dependent in dependents)
                dependent.See(project);
        }
    }

    private void Take(IReadOnlyList<string> changed)
    {
        if (changed.Count == 0)
            return;
        try
        {
            var contents = hashes.Take(changed);
            foreach (var project in _projects)
            {
                project.Deltas.Forget(); // also if another project is what changed: it may have names in it
                project.Update(changed.Where(project.Sources.Contains), contents); // also if it is not compiled now
            }
            if (_projects.SelectMany(project => project.NamedIn(contents)).FirstOrDefault(path => tree.Filter.IsInput(path) && !hashes.Has(path)) is { } unknown)
                throw new ReplayDoubtException($"a source names {Path.GetFileName(unknown)}, which is not known as an input");
        }
        catch
        {
            hashes.Distrust(changed); // one cannot be read, as while it is being saved, or names what nobody looks at: all are read again
            throw;
        }
    }

    private string? Open(ProjectInstance project, CancellationToken cancellation)
    {
        try
        {
            var (proved, doubt) = Proof.Of(project, _before, references, tree.Filter, own, Path.Combine(request.ArtifactsPath, "replay", $"{_projects.Count}"), request.Deltas, where, cancellation);
            if (proved is not null)
            {
                _projects.Add(proved);
                if (_before.Remove(proved))
                    _goingOn++;
            }
            if (!_unproved.Skip(1).Any(other => other.ProjectInstance.FullPath == project.FullPath))
                _before.RemoveAll(known => known.Path == project.FullPath); // none of them is it
            return doubt;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            return $"{Path.GetFileName(project.FullPath)}: {e.Message}"; // whatever it is: MSBuild says it better
        }
    }

    private BuildOutput Newest(BuildOutput output)
    {
        foreach (var project in _projects)
        {
            if (project.Newest(output.Source) is { } newer)
                return output with { Source = newer };
        }
        return output;
    }

    /// <summary>Whether a build of that request is what it comes from.</summary>
    public bool IsOf(BuildRequest built) => IsSame(request, built);

    private static bool IsSame(BuildRequest one, BuildRequest other) =>
        (one.Project, one.Configuration, one.ArtifactsPath) == (other.Project, other.Configuration, other.ArtifactsPath)
        && one.Properties.Count == other.Properties.Count
        && one.Properties.All(property => other.Properties.TryGetValue(property.Key, out var value) && value == property.Value);
}
