using Microsoft.Build.Evaluation;
using Microsoft.Build.Execution;
using Microsoft.Build.Graph;
using WatchReload.Builder.Diagnostics;
using WatchReload.Builder.Evaluation;
using WatchReload.Builder.Outputs;
using WatchReload.Control;

namespace WatchReload.Builder.Lanes;

/// <summary>MSBuild in-process: builds, and takes the release's files from the publish items.</summary>
internal sealed class MSBuildLane(ProjectCollection collection, BuildLogger logger, OutputCollector outputs, TimeProvider time) : ILane, IDisposable
{
    private const string OutputsTarget = "WatchReloadOutputs";
    private const string ReferencesTarget = "WatchReloadReferences";
    private const string WarmUpTarget = "WatchReloadWarmUp";

    private readonly BuildManager _manager = new("watchreload");
    private readonly BuildFindings _findings = new();
    private readonly ContentStamps _stamps = new();

    /// <summary>What was written during the last build, and is what it was before. What is written in the next one too is that build's own work, before it compiles.</summary>
    private IReadOnlyCollection<string> _rewritten = [];

    public BuildLane Name => BuildLane.Build;

    public LaneResult Run(LaneInput input, CancellationToken cancellation) => Run(input, [OutputsTarget, ReferencesTarget], cancellation);

    /// <summary>Builds, and goes the way to the compiler though it may have nothing to do, so that the first change finds it walked.</summary>
    public LaneResult WarmUp(LaneInput input, CancellationToken cancellation) => Run(input, [OutputsTarget, ReferencesTarget, WarmUpTarget], cancellation);

    public void Dispose() => _manager.Dispose();

    private LaneResult Run(LaneInput input, string[] targets, CancellationToken cancellation)
    {
        var begun = time.GetUtcNow().UtcDateTime;
        var (result, failure) = Execute(input, targets, cancellation, out var touched);
        var isUnsettled = touched.Except(_rewritten).Any();
        var hasBuilt = result is { OverallResult: BuildResultCode.Success };
        if (hasBuilt && (!isUnsettled || input.IsAgain))
            _rewritten = touched; // what fails may not come to where it is written
        if (!hasBuilt)
        {
            if (!input.Diagnostics.HasErrors)
                input.Diagnostics.Add(Problems.FailedWithoutCause(input.Request.Project, failure?.Message));
            return new LaneResult(false, input.Tree.With(_findings.OfFailed(input.Tree, begun))) { IsUnsettled = isUnsettled };
        }
        var files = outputs.Collect(input.Tree, result![OutputsTarget].Items, input.Diagnostics);
        return new LaneResult(!input.Diagnostics.HasErrors, input.Tree.With(_findings.Of(input.Tree, files, begun))) { IsUnsettled = isUnsettled, Outputs = files, ActorsVersion = OutputCollector.ActorsVersion(result[ReferencesTarget].Items) };
    }

    /// <param name="input">What to build.</param>
    /// <param name="targets">Of the service.</param>
    /// <param name="cancellation">Breaks it off.</param>
    /// <param name="touched">What somebody has written meanwhile, and undone.</param>
    private (BuildResult? Service, Exception? Failure) Execute(LaneInput input, string[] targets, CancellationToken cancellation, out IReadOnlyCollection<string> touched)
    {
        touched = [];
        input.Diagnostics.Report(new BuildProgress("build", input.Request.Project));
        if ((OutputTimes.MakePast(input.Request.ArtifactsPath) ?? _stamps.Write(input.Tree)) is { } problem)
        {
            input.Diagnostics.Add(problem);
            return (null, null);
        }

        var parameters = new BuildParameters(collection)
        {
            Loggers = [logger],
            MaxNodeCount = 1, // in this process: no node outlives the builder
            EnableNodeReuse = false,
            UseSynchronousLogging = true,
            ResetCaches = true,
        };
        _manager.BeginBuild(parameters);
        try
        {
            using var stop = cancellation.Register(_manager.CancelAllSubmissions);
            var done = Execute(input.Tree, targets);
            cancellation.ThrowIfCancellationRequested();
            if (_stamps.WriteAgain(input.Tree, out touched) is { } unwritten)
                input.Diagnostics.Add(unwritten);
            return done;
        }
        finally
        {
            _manager.EndBuild();
        }
    }

    /// <summary>
    /// As a graph, so that the evaluations are used; but a graph would build every framework of a reference that targets several,
    /// and then the references are left to the service project's own targets.
    /// </summary>
    private (BuildResult? Service, Exception? Failure) Execute(EvaluatedTree tree, string[] targets)
    {
        if (tree.Graph.ProjectNodes.Any(node => TargetFrameworks.IsOuterBuild(node.ProjectInstance)))
        {
            var alone = _manager.PendBuildRequest(new BuildRequestData(tree.Service, targets)).Execute();
            return (alone, alone.Exception);
        }
        var built = _manager.PendBuildRequest(new GraphBuildRequestData(tree.Graph, targets)).Execute();
        return built.OverallResult == BuildResultCode.Success
            ? (built.ResultsByNode[tree.Graph.EntryPointNodes.Single()], null)
            : (null, built.Exception);
    }
}
