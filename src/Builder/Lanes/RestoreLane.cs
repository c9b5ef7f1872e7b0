using WatchReload.Builder.Diagnostics;
using WatchReload.Builder.Evaluation;
using WatchReload.Builder.Sdk;
using WatchReload.Control;

namespace WatchReload.Builder.Lanes;

/// <summary>
/// Packages first, then the build lane. <c>dotnet restore</c> is a child process: NuGet in this one would keep
/// its configuration and credentials for as long as the builder lives.
/// </summary>
internal sealed class RestoreLane(DotnetSdk sdk, Evaluator evaluator, ILane build) : ILane
{
    public BuildLane Name => BuildLane.Restore;

    public LaneResult Run(LaneInput input, CancellationToken cancellation)
    {
        var request = input.Request;
        var before = RestoreStamp.Of(sdk.Version, GlobalProperties.ForRestore(request), input.Tree.RestoreInputs, []);
        if (!Restore(request, input.Diagnostics, cancellation))
            return new LaneResult(false, input.Tree);

        // Packages bring properties and targets of their own.
        var tree = evaluator.Evaluate(request, input.Properties, input.Diagnostics, cancellation);
        if (tree is null)
            return new LaneResult(false, input.Tree);
        before.Restored(tree.RestoreInputs, tree.AssetsFiles, ProjectSnapshot.ForRestore(tree.Projects)).Write(RestoreStamp.PathFor(request.ArtifactsPath, request.Project, request.Configuration));
        return build.Run(input with { Tree = tree }, cancellation);
    }

    /// <summary>Restores without an evaluated tree, for one that cannot be evaluated before its packages are there.</summary>
    public bool Restore(BuildRequest request, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        diagnostics.Report(new BuildProgress("restore", request.Project));
        var run = DotnetRestore.Run(sdk, request.Project, GlobalProperties.ForRestore(request), diagnostics, cancellation);
        if (run.ExitCode != 0 && !diagnostics.HasErrors)
            diagnostics.Add(Problems.RestoreFailed(request.Project, run.ExitCode, run.Output));
        return run.ExitCode == 0;
    }
}
