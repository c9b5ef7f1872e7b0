using Microsoft.Build.Construction;
using Microsoft.Build.Evaluation;
using Microsoft.Build.Execution;
using Microsoft.Build.Framework;
using Microsoft.Build.Graph;
using WatchReload.Builder.Diagnostics;
using WatchReload.Builder.Sdk;
using WatchReload.Control;

namespace WatchReload.Builder.Evaluation;

/// <summary>
/// Evaluates the service project and its references, afresh for each build.
/// </summary>
/// <remarks>
/// Theory of operation. An evaluation is always new: no property, item or glob is carried over. What is kept is the parsed XML of files that do
/// not change while this process lives: those of the SDK and of the package cache. All other XML is forgotten before each
/// evaluation, whatever its time stamp says.
/// </remarks>
internal sealed class Evaluator : IDisposable
{
    private readonly ProjectCollection _collection;
    private readonly string _sdkRoot;
    private readonly HashSet<string> _parsed = new(StringComparer.Ordinal);

    public Evaluator(DotnetSdk sdk, ILogger logger)
    {
        _sdkRoot = sdk.Root;
        _collection = new ProjectCollection(null, [logger], null, ToolsetDefinitionLocations.Default, maxNodeCount: 1, onlyLogCriticalEvents: false, loadProjectsReadOnly: true);
    }

    public ProjectCollection Collection => _collection;

    /// <summary>The tree, or null when a project cannot be evaluated: the diagnostics tell why.</summary>
    public EvaluatedTree? Evaluate(BuildRequest request, IReadOnlyDictionary<string, string> properties, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        Forget();
        var project = request.Project;
        try
        {
            var graph = Load(project, properties, cancellation);
            var service = graph.EntryPointNodes.Single().ProjectInstance;
            if (TargetFrameworks.IsOuterBuild(service))
            {
                if (TargetFrameworks.Choose(service) is not { } framework)
                {
                    diagnostics.Add(Problems.SeveralFrameworks(project, service.GetPropertyValue("TargetFrameworks")));
                    return null;
                }
                graph = Load(project, new Dictionary<string, string>(properties) { ["TargetFramework"] = framework }, cancellation);
                service = graph.EntryPointNodes.Single().ProjectInstance;
            }
            var instances = graph.ProjectNodes.Select(node => node.ProjectInstance).ToList();
            var filter = new InputFilter(_sdkRoot, service);
            Remember(instances, filter);
            var inputs = VastPatterns.Without(InputCollector.Collect(instances, ResponseFiles.Of(project).Paths, filter), request.Root, diagnostics);
            return new EvaluatedTree(graph, service, inputs, RestoreInputs.Collect(instances, filter), RestoreInputs.AssetsFiles(instances), filter, [.. instances.AsParallel().AsOrdered().Select(project => ProjectSnapshot.Of(project, filter))]);
        }
        catch (Exception e) when (EvaluationFailure.Describe(e, project) is { } found)
        {
            foreach (var diagnostic in found)
                diagnostics.Add(diagnostic);
            _collection.UnloadAllProjects(); // which files it had read by then is not known
            return null;
        }
    }

    public void Dispose() => _collection.Dispose();

    private ProjectGraph Load(string project, IReadOnlyDictionary<string, string> properties, CancellationToken cancellation)
    {
        var entry = new ProjectGraphEntryPoint(project, properties.ToDictionary());
        return new ProjectGraph([entry], _collection, Instantiate, Environment.ProcessorCount, cancellation);
    }

    private ProjectInstance Instantiate(string path, Dictionary<string, string> properties, ProjectCollection collection)
    {
        lock (_parsed)
            _parsed.Add(path);
        return new ProjectInstance(path, properties, toolsVersion: null, collection);
    }

    private void Forget()
    {
        foreach (var path in _parsed)
        {
            if (ProjectRootElement.TryOpen(path, _collection) is { } xml)
                _collection.UnloadProject(xml);
        }
        _parsed.Clear();
    }

    private void Remember(IEnumerable<ProjectInstance> instances, InputFilter filter)
    {
        foreach (var path in instances.SelectMany(instance => instance.ImportPaths).Where(path => !filter.IsImmutable(path)))
            _parsed.Add(path);
    }
}
