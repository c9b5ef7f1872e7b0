using Microsoft.Build.Evaluation;
using Microsoft.Build.Execution;
using Microsoft.Build.Graph;
using WatchReload.Builder.Diagnostics;
using WatchReload.Builder.Evaluation;
using WatchReload.Builder.Outputs;
using WatchReload.Control;

namespace WatchReload.Builder.Lanes;

/// <summary>MSBuild in-process: builds, and takes the release's files from the publish items.</summary>
internal sealed class MSBuildLane(ProjectCollection collection, BuildLogger logger, OutputCollector outputs) : ILane, IDisposable
{
    private static readonly string[] Targets = ["WatchReloadOutputs", "WatchReloadReferences"];

    private readonly BuildManager _manager = new("watchreload");

    public BuildLane Name => BuildLane.Build;

    public LaneResult Run(LaneInput input, CancellationToken cancellation)
    {
        input.Diagnostics.Report(new BuildProgress("build", input.Request.Project));
        var parameters = new BuildParameters(collection)
        {
            Loggers = [logger],
            MaxNodeCount = 1, // in this process: no node outlives the builder
            EnableNodeReuse = false,
            UseSynchronousLogging = true,
            ResetCaches = true,
        };
        BuildResult? result;
        Exception? failure;
        _manager.BeginBuild(parameters);
        try
        {
            using var stop = cancellation.Register(_manager.CancelAllSubmissions);
            (result, failure) = Execute(input.Tree);
        }
        finally
        {
            _manager.EndBuild();
        }
        cancellation.ThrowIfCancellationRequested();
        if (result is not { OverallResult: BuildResultCode.Success })
        {
            if (!input.Diagnostics.HasErrors)
                input.Diagnostics.Add(Problems.FailedWithoutCause(input.Request.Project, failure?.Message));
            return new LaneResult(false, input.Tree);
        }
        var files = outputs.Collect(input.Tree.Service, result[Targets[0]].Items, input.Diagnostics);
        return new LaneResult(!input.Diagnostics.HasErrors, input.Tree) { Outputs = files, ActorsVersion = OutputCollector.ActorsVersion(result[Targets[1]].Items) };
    }

    public void Dispose() => _manager.Dispose();

    /// <summary>
    /// As a graph, so that the evaluations are used; but a graph would build every framework of a reference that targets several,
    /// and then the references are left to the service project's own targets.
    /// </summary>
    private (BuildResult? Service, Exception? Failure) Execute(EvaluatedTree tree)
    {
        if (tree.Graph.ProjectNodes.Any(node => TargetFrameworks.IsOuterBuild(node.ProjectInstance)))
        {
            var alone = _manager.PendBuildRequest(new BuildRequestData(tree.Service, Targets)).Execute();
            return (alone, alone.Exception);
        }
        var built = _manager.PendBuildRequest(new GraphBuildRequestData(tree.Graph, Targets)).Execute();
        return built.OverallResult == BuildResultCode.Success
            ? (built.ResultsByNode[tree.Graph.EntryPointNodes.Single()], null)
            : (null, built.Exception);
    }
}
