using System.Diagnostics;
using Microsoft.Extensions.Logging;
using WatchReload.Builder.Diagnostics;
using WatchReload.Builder.Evaluation;
using WatchReload.Builder.Lanes;
using WatchReload.Builder.Outputs;
using WatchReload.Builder.Sdk;
using WatchReload.Control;

namespace WatchReload.Builder;

/// <summary>
/// Builds with one SDK, for the life of the process. Everything from here on may use MSBuild's types; nothing that runs before
/// the SDK is registered may.
/// </summary>
internal sealed class BuildSession : IDisposable
{
    private readonly DotnetSdk _sdk;
    private readonly CompilerServer _compiler;
    private readonly BuildLogger _logger = new();
    private readonly Evaluator _evaluator;
    private readonly MSBuildLane _build;
    private readonly RestoreLane _restore;

    public BuildSession(DotnetSdk sdk, ILogger log)
    {
        _sdk = sdk;
        _compiler = new CompilerServer(sdk, log);
        _evaluator = new Evaluator(sdk, _logger);
        _build = new MSBuildLane(_evaluator.Collection, _logger, new OutputCollector(new SharedFrameworks()));
        _restore = new RestoreLane(sdk, _evaluator, _build);
    }

    /// <summary>Loads what the first build would have to load. Restores nothing.</summary>
    public void WarmUp(BuildRequest request, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        _logger.Begin(diagnostics);
        var properties = Properties(request);
        var tree = _evaluator.Evaluate(request.Project, properties, diagnostics, cancellation);
        if (tree is not null && StaleAssets(request, tree) is null)
            _build.WarmUp(new LaneInput(request, tree, properties, diagnostics), cancellation);
    }

    public BuildOutcome Build(BuildRequest request, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        _logger.Begin(diagnostics);
        var properties = Properties(request);
        diagnostics.Report(new BuildProgress("evaluate", request.Project));
        var (tree, choice) = Choose(request, properties, diagnostics, cancellation);
        if (tree is null)
            return Outcome(request, choice, null, diagnostics, started);

        var input = new LaneInput(request, tree, properties, diagnostics);
        var result = Lane(choice).Run(input, cancellation);
        if (!result.Succeeded && LaneChooser.AfterFailure(request.Lane, choice.Lane, diagnostics.All) is { } cure)
        {
            choice = cure;
            diagnostics.Clear();
            result = Lane(choice).Run(input, cancellation);
        }
        return Outcome(request, choice, result, diagnostics, started);
    }

    public void Dispose()
    {
        _build.Dispose();
        _evaluator.Dispose();
        _compiler.Dispose();
    }

    private (EvaluatedTree? Tree, LaneChoice Choice) Choose(BuildRequest request, Dictionary<string, string> properties, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        if (_evaluator.Evaluate(request.Project, properties, diagnostics, cancellation) is { } tree)
            return (tree, LaneChooser.Choose(request.Lane, StaleAssets(request, tree)));
        if (LaneChooser.AfterFailure(request.Lane, BuildLane.Build, diagnostics.All) is not { } cure)
            return (null, new LaneChoice(BuildLane.Build, null));

        // Packages first, so that it can be evaluated at all; the lane then restores once more, knowing what that depends on.
        diagnostics.Clear();
        return (_restore.Restore(request, diagnostics, cancellation) ? _evaluator.Evaluate(request.Project, properties, diagnostics, cancellation) : null, cure);
    }

    private Dictionary<string, string> Properties(BuildRequest request) =>
        GlobalProperties.ForBuild(request, _compiler.EnsureRunning() ? _compiler.Id : null);

    private ILane Lane(LaneChoice choice) => choice.Lane == _restore.Name ? _restore : _build;

    private string? StaleAssets(BuildRequest request, EvaluatedTree tree)
    {
        if (tree.AssetsFiles.FirstOrDefault(path => !File.Exists(path)) is { } missing)
            return $"{missing} is missing";
        var now = RestoreStamp.Of(_sdk.Version, GlobalProperties.ForRestore(request), tree.RestoreInputs, tree.AssetsFiles);
        return now.Differs(RestoreStamp.Read(RestoreStamp.PathFor(request.ArtifactsPath, request.Project, request.Configuration)));
    }

    private BuildOutcome Outcome(BuildRequest request, LaneChoice choice, LaneResult? result, DiagnosticBag diagnostics, long started)
    {
        var service = result?.Tree.Service;
        return new BuildOutcome
        {
            Succeeded = result is { Succeeded: true },
            Lane = choice.Lane,
            LaneReason = choice.Reason,
            Diagnostics = diagnostics.All,
            Outputs = result?.Outputs ?? [],
            Inputs = result?.Tree.Inputs ?? FilesOf(request, diagnostics.All),
            EntryAssembly = service?.GetPropertyValue("AssemblyName"),
            Sdk = _sdk.Version,
            ActorsVersion = result?.ActorsVersion,
            Runtime = service?.GetPropertyValue("TargetFrameworkVersion").TrimStart('v'),
            Log = BuildLog.Write(request, diagnostics.LogLines()),
            Milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds,
        };
    }

    /// <summary>What to look at when the projects cannot be evaluated.</summary>
    private static BuildInputs FilesOf(BuildRequest request, IEnumerable<BuildDiagnostic> diagnostics) => new()
    {
        Projects = [request.Project],
        Imports = [.. diagnostics.Select(diagnostic => diagnostic.File).OfType<string>().Where(Path.IsPathRooted).Distinct()],
    };
}
