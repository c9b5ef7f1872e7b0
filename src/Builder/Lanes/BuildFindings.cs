using Microsoft.Build.Execution;
using WatchReload.Builder.Evaluation;
using WatchReload.Builder.Replay;
using WatchReload.Control;

namespace WatchReload.Builder.Lanes;

/// <summary>Files that targets find, and give to the compiler or copy, without an evaluation naming them.</summary>
internal sealed class BuildFindings
{
    private const string Copies = "watchreload.copies.txt";

    /// <summary>Those of builds that succeeded: what is written to one during a build is an edit.</summary>
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>During the last build that succeeded. What is written in the next one too is that build's own work.</summary>
    private HashSet<string> _written = new(StringComparer.Ordinal);

    /// <param name="tree">What was built.</param>
    /// <param name="outputs">What came of it.</param>
    /// <param name="begun">When the build began (UTC): what was written for the first time since may be its own work, and would have the next build begin as soon as this one has ended.</param>
    public IReadOnlyList<string> Of(EvaluatedTree tree, IReadOnlyList<BuildOutput> outputs, DateTime begun)
    {
        var found = Found(tree, outputs);
        var written = found.Where(path => FileTime.Latest(File.GetLastWriteTimeUtc(path)) >= begun).ToHashSet(StringComparer.Ordinal);
        _known.ExceptWith(written.Where(_written.Contains));
        _written = written;
        found.RemoveAll(path => written.Contains(path) && !_known.Contains(path));
        _known.UnionWith(found);
        return found;
    }

    /// <summary>Of a build that failed, maybe those of the one before: what it did not come to looks as if nobody had written it.</summary>
    public IReadOnlyList<string> OfFailed(EvaluatedTree tree, DateTime begun)
    {
        var found = Found(tree, []);
        found.RemoveAll(path => !_known.Contains(path) && FileTime.Latest(File.GetLastWriteTimeUtc(path)) >= begun);
        return found;
    }

    private static List<string> Found(EvaluatedTree tree, IReadOnlyList<BuildOutput> outputs)
    {
        var projects = tree.Graph.ProjectNodes.Select(node => node.ProjectInstance).ToList();
        var places = projects.SelectMany(project => new[] { "bin", "obj" }.Select(name => Path.Combine(project.Directory, name) + Path.DirectorySeparatorChar)).ToList();
        return [.. Named(projects, outputs).Where(path => !places.Exists(place => path.StartsWith(place, StringComparison.Ordinal)))];
    }

    private static IEnumerable<string> Named(IReadOnlyList<ProjectInstance> projects, IReadOnlyList<BuildOutput> outputs) =>
        projects.Select(CompilerCall.Read).OfType<CompilerCall>().SelectMany(call => call.Files)
            .Concat(projects.SelectMany(CopiesOf))
            .Concat(outputs.Select(output => output.Source));

    private static string[] CopiesOf(ProjectInstance project)
    {
        var path = IntermediateFile.PathOf(project, Copies);
        return File.Exists(path) ? File.ReadAllLines(path) : [];
    }
}
