using Microsoft.Build.Execution;
using Microsoft.Build.Graph;
using WatchReload.Builder.Evaluation;

namespace WatchReload.Builder.Replay;

/// <summary>Generators and analyzers that the tree itself makes, and the projects that they are made of. MSBuild alone makes these: after an edit of theirs all that they run on is another.</summary>
/// <param name="tree">As MSBuild has built it.</param>
internal sealed class OwnExtensions(EvaluatedTree tree)
{
    private readonly Dictionary<string, ProjectGraphNode> _targets = Targets(tree.Graph);
    private HashSet<string>? _images;
    private HashSet<string>? _projects;

    /// <summary>The projects that are not, in the order of dependence.</summary>
    public IEnumerable<ProjectGraphNode> Others => tree.Graph.ProjectNodesTopologicallySorted.Where(node => !AreMadeOf(node.ProjectInstance.FullPath));

    /// <summary>Whether the project is compiled for a generator or analyzer, whatever else it is compiled for.</summary>
    public bool AreMadeOf(string project) => (_projects ??= Makers()).Contains(project);

    /// <summary>The project that this source belongs to and a generator or analyzer is made of; null when there is none.</summary>
    public string? MakerWith(string source) => tree.Projects.FirstOrDefault(project => AreMadeOf(project.Path) && project.Sources.Contains(source, StringComparer.Ordinal))?.Path;

    /// <summary>Why what the file does cannot be known beforehand; null when it can.</summary>
    /// <param name="path">Of a generator or analyzer that may change.</param>
    public string? Doubt(string path)
    {
        if (!(_images ??= Images()).Contains(path))
            return "that may change"; // and nobody looks at what lies beside it
        foreach (var made in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, "*.dll").Where(IsMadeHere))
        {
            if (OutsideCalls.In(made) is { } call)
                return $"that looks beyond what it is given, as {Path.GetFileName(made)} uses {call}";
            if (KeptState.In(made) is { } field)
                return $"that may remember what it ran on before, as {Path.GetFileName(made)} writes {field}";
        }
        return null;
    }

    /// <summary>A copy of what the tree makes, beside what uses it.</summary>
    private bool IsMadeHere(string path) => _targets.Keys.Any(target => Path.GetFileName(target) == Path.GetFileName(path));

    private HashSet<string> Images() => tree.Graph.ProjectNodes.SelectMany(node => AnalyzersOf(node.ProjectInstance)).Where(_targets.ContainsKey).ToHashSet(StringComparer.Ordinal);

    private HashSet<string> Makers()
    {
        var makers = new HashSet<string>(StringComparer.Ordinal);
        var left = new Stack<ProjectGraphNode>((_images ??= Images()).Select(image => _targets[image]));
        while (left.TryPop(out var node))
        {
            if (!makers.Add(node.ProjectInstance.FullPath))
                continue;
            foreach (var referenced in node.ProjectReferences)
                left.Push(referenced);
        }
        return makers;
    }

    private static IEnumerable<string> AnalyzersOf(ProjectInstance project) => project.GetItems("Analyzer").Select(item => Path.GetFullPath(item.EvaluatedInclude, project.Directory));

    private static Dictionary<string, ProjectGraphNode> Targets(ProjectGraph graph)
    {
        var targets = new Dictionary<string, ProjectGraphNode>(StringComparer.Ordinal);
        foreach (var node in graph.ProjectNodes)
        {
            if (node.ProjectInstance.GetPropertyValue("TargetPath") is { Length: > 0 } target)
                targets[Path.GetFullPath(target, node.ProjectInstance.Directory)] = node;
        }
        return targets;
    }
}
