using Microsoft.Build.Execution;
using Microsoft.Build.Graph;
using Microsoft.CodeAnalysis;
using WatchReload.Builder.Evaluation;
using WatchReload.Control;

namespace WatchReload.Builder.Replay;

/// <summary>What MSBuild has built last, held ready so that edits of its source files need no MSBuild.</summary>
/// <remarks>
/// Theory of operation. MSBuild has built, and what its inputs had in them is on record. In idle time <see cref="Prove"/> opens one
/// project after the other and compiles it; the images must be MSBuild's, byte for byte. A tree with a doubt, about the projects or about
/// one image, stays cold and says why. A proved one may answer a request when all that changed are texts of source files: the projects that have
/// them are compiled, then their dependents if the surface changed. MSBuild's own folders are never written to, so that its next build finds
/// them as it left them.
/// </remarks>
internal sealed class WarmTree(BuildRequest request, EvaluatedTree tree, InputHashes hashes, string listing, Made made, References references) : IDisposable
{
    private readonly List<ReplayedProject> _projects = [];
    private readonly Queue<ProjectGraphNode> _unproved = new(tree.Graph.ProjectNodesTopologicallySorted);
    private string? _doubt = TreeDoubt.Of(tree);
    private bool _isBroken;

    public EvaluatedTree Tree => tree;

    /// <summary>Goes on until all is proved, or cancelled. Returns a doubt that it came upon.</summary>
    public string? Prove(CancellationToken cancellation)
    {
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
        return null;
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
        if (TreeListing.Of(tree.Inputs).Hash != listing)
            return "files came or went";
        var differ = hashes.Changed();
        changed = differ;
        var sources = _projects.SelectMany(project => project.Sources).ToHashSet(StringComparer.Ordinal);
        if (differ.FirstOrDefault(path => !File.Exists(path)) is { } gone)
            return $"{Path.GetFileName(gone)} is gone";
        if (differ.FirstOrDefault(path => !sources.Contains(path) && (_unproved.Count == 0 || Path.GetExtension(path) != ".cs")) is { } other)
            return $"{Path.GetFileName(other)} changed";
        return _unproved.Count > 0 ? "the compilations are not ready yet" : null;
    }

    /// <summary>Null when it does not compile.</summary>
    public Made? Compile(IReadOnlyList<string> changed, Action<string, IEnumerable<Diagnostic>> tell, CancellationToken cancellation)
    {
        _isBroken = true; // until it is through
        hashes.Take(changed);
        var failed = new List<ReplayedProject>();
        foreach (var project in _projects)
        {
            project.Update(changed.Where(project.Sources.Contains), cancellation); // also if it is not compiled now
            if (failed.Exists(project.References))
                failed.Add(project); // as with MSBuild: what depends on a failure is not compiled
            if (!project.IsStale || failed.Contains(project))
                continue;
            var (succeeded, surfaceChanged, diagnostics) = project.Compile(cancellation);
            tell(project.Path, diagnostics);
            if (!succeeded)
                failed.Add(project);
            if (!surfaceChanged)
                continue;
            foreach (var dependent in _projects.Where(dependent => dependent.References(project)))
                dependent.See(project);
        }
        _isBroken = false;
        return failed.Count == 0 ? made with { Outputs = [.. made.Outputs.Select(Newest)] } : null;
    }

    public void Dispose()
    {
        foreach (var project in _projects)
            project.Dispose();
    }

    private string? Open(ProjectInstance project, CancellationToken cancellation)
    {
        try
        {
            var (proved, doubt) = Proof.Of(project, references, tree.Filter, Path.Combine(request.ArtifactsPath, "replay", $"{_projects.Count}"), cancellation);
            if (proved is not null)
                _projects.Add(proved);
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

    private static bool IsSame(BuildRequest one, BuildRequest other) =>
        (one.Project, one.Configuration, one.ArtifactsPath) == (other.Project, other.Configuration, other.ArtifactsPath)
        && one.Properties.Count == other.Properties.Count
        && one.Properties.All(property => other.Properties.TryGetValue(property.Key, out var value) && value == property.Value);
}
