using System.Diagnostics;
using Microsoft.Extensions.Logging;
using WatchReload.Builder.Diagnostics;
using WatchReload.Builder.Evaluation;
using WatchReload.Builder.Lanes;
using WatchReload.Builder.Outputs;
using WatchReload.Builder.Replay;
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
    private readonly BuildLogger _logger;
    private readonly Evaluator _evaluator;
    private readonly MSBuildLane _build;
    private readonly RestoreLane _restore;
    private readonly Verifier _verifier;
    private readonly LastBuild _last;
    private readonly KnownFiles _restored = new();
    private readonly ILogger _log;

    public BuildSession(DotnetSdk sdk, Whereabouts where, TimeProvider time, ILogger log)
    {
        (_sdk, _log) = (sdk, log);
        _logger = new BuildLogger(sdk);
        _last = new LastBuild(where, time, log);
        _compiler = new CompilerServer(sdk, log);
        _evaluator = new Evaluator(sdk, _logger);
        _build = new MSBuildLane(_evaluator.Collection, _logger, new OutputCollector(new SharedFrameworks()), time);
        _restore = new RestoreLane(sdk, _evaluator, _build);
        _verifier = new Verifier(_evaluator, _build, _last, Properties);
    }

    /// <summary>Makes ready what the next build needs: builds, unless something was built here, and proves what can be built upon. Restores nothing.</summary>
    public void WarmUp(BuildRequest request, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        _logger.Begin(diagnostics);
        if (_last.Tree is null)
        {
            if (RefusedSwitch(request) is not null)
                return;
            var start = _last.Begin();
            var properties = Properties(request);
            var tree = _evaluator.Evaluate(request, properties, diagnostics, cancellation);
            if (tree is null || StaleAssets(request, tree) is not null)
                return;
            var result = _build.WarmUp(new LaneInput(request, tree, properties, diagnostics), cancellation);
            if (result.Succeeded)
                _last.Remember(request, result, start);
        }
        diagnostics.Report(new BuildProgress("prove", request.Project));
        _last.Prove(cancellation);
    }

    public BuildOutcome Build(BuildRequest request, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        _logger.Begin(diagnostics);
        if (RefusedSwitch(request) is { } refused)
        {
            diagnostics.Add(refused);
            return Outcome(request, new LaneChoice(BuildLane.Build, null), null, diagnostics, started);
        }
        var choice = LaneChooser.BeforeEvaluation(request.Lane, Refuse(request, out var changed));
        var isWarm = choice.Lane == BuildLane.Replay || choice is { Lane: BuildLane.Build, Reason: WarmTree.FilesCameOrWent } && Adopt(request, diagnostics, cancellation, ref choice, out changed);
        if (isWarm && request.Loaded is not null && request.BuildId != _last.Id)
            choice = NoDelta(choice, "what MSBuild built last is no release, so that content and packages may be others");
        else if (isWarm && request.Loaded is not null)
        {
            var difference = Difference(request, changed, diagnostics, cancellation);
            if (difference.Deltas.Count > 0)
                return Outcome(request, new LaneChoice(BuildLane.Delta, null), new LaneResult(true, _last.Tree!.Tree), diagnostics, started) with { Deltas = difference.Deltas, Anticipated = difference.Anticipated };
            changed = []; // read by now, unless that was broken off
            var cold = difference.IsBroken ? _last.Refuse(request, out changed) : null;
            isWarm = cold is null;
            choice = cold is null ? NoDelta(choice, difference.Doubt!) : new LaneChoice(BuildLane.Build, cold);
        }
        if (isWarm && Replay(request, changed, diagnostics, cancellation, ref choice) is { } made && _verifier.Verified(request, made, diagnostics, cancellation, ref choice) is { } replayed)
            return Outcome(request, choice, replayed, diagnostics, started);

        var start = _last.Begin();
        var properties = Properties(request);
        diagnostics.Report(new BuildProgress("evaluate", request.Project));
        var result = Run(request, properties, isAgain: false, diagnostics, cancellation, ref choice);
        if (result is { IsUnsettled: true })
        {
            // Which of the two was compiled is not known; what is there now is compiled.
            diagnostics.Clear();
            start = _last.Begin();
            var once = choice;
            result = Run(request, properties, isAgain: true, diagnostics, cancellation, ref choice);
            choice = once.Lane == BuildLane.Restore ? once : choice;
        }
        if (result is { Succeeded: true })
            _last.Remember(request, result, start);
        return Outcome(request, choice, result, diagnostics, started);
    }

    /// <summary>Runs the analyzers that the last build did not wait for; null when another tree has been built since.</summary>
    public BuildOutcome? Analyze(BuildRequest request, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        if (_last.Tree is not { } tree || !tree.IsOf(request))
            return null;
        var started = Stopwatch.GetTimestamp();
        _logger.Begin(diagnostics);
        diagnostics.Report(new BuildProgress("analyze", request.Project));
        tree.AnalyzeLater((project, found) => ReplayLane.Tell(diagnostics, project, found), cancellation);
        return new BuildOutcome
        {
            Succeeded = true,
            Lane = BuildLane.Replay,
            Diagnostics = diagnostics.All,
            Sdk = _sdk.Version,
            Milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds,
        };
    }

    /// <summary>The way of an edit that nobody has made, from the request to an answer of which nothing comes. It succeeds when there is such a way, also one to no delta, and the tree is what was built last as a whole.</summary>
    public BuildOutcome Practise(BuildRequest request, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        if (!IsReady || _last.Tree!.IsStale || Refuse(request, out var changed) is not null || changed.Count > 0)
            return Outcome(new LaneChoice(BuildLane.Delta, null), null, diagnostics, started);
        _last.Tree!.Practise(request.Round, out var delta, cancellation);
        return Read(request, diagnostics, started) with { Deltas = delta is null ? [] : [delta], From = request.Loaded ?? [] };
    }

    /// <summary>As a save is noticed: makes what its build will ask for, or makes it ready where that is no delta. Null: there is nothing that can be had without MSBuild.</summary>
    public BuildOutcome? Anticipate(BuildRequest request, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        if (!CanAnticipate || RefusedSwitch(request) is not null || Refuse(request, out var changed) is not null || changed.Count == 0)
            return null;
        var difference = new DeltaLane(_last.Tree!, changed).Anticipate(new LaneInput(request, _last.Tree!.Tree, request.Properties, diagnostics), cancellation);
        return difference.Deltas.Count == 0
            ? new BuildOutcome { Succeeded = true, Lane = BuildLane.Delta, LaneReason = difference.Doubt }
            : Read(request, diagnostics, started) with { Deltas = difference.Deltas, From = difference.From, Anticipated = true, Log = BuildLog.Write(request, diagnostics.LogLines()) };
    }

    /// <summary>There is something to anticipate with.</summary>
    public bool CanAnticipate => _last.Tree is { CanAnticipate: true };

    /// <inheritdoc cref="LastBuild.IsReady"/>
    public bool IsReady => _last.IsReady;

    /// <summary>In idle time: makes ready what spares the next build MSBuild.</summary>
    public void Prove(CancellationToken cancellation) => _last.Prove(cancellation);

    /// <summary>After that: makes fast what an edit takes.</summary>
    public void Practise(CancellationToken cancellation) => _last.Practise(cancellation);

    public void Dispose()
    {
        _build.Dispose();
        _evaluator.Dispose();
        _compiler.Dispose();
    }

    private string? Refuse(BuildRequest request, out IReadOnlyList<string> changed)
    {
        changed = [];
        return _last.Tree is { } known && StaleAssets(request, known.Tree) is { } stale ? stale : _last.Refuse(request, out changed);
    }

    private static LaneChoice NoDelta(LaneChoice choice, string doubt) => choice with { Reason = choice.Reason is null ? doubt : $"{choice.Reason}, and {doubt}" };

    /// <summary>No deltas when a release has to be made.</summary>
    private TreeDifference Difference(BuildRequest request, IReadOnlyList<string> changed, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        try
        {
            return new DeltaLane(_last.Tree!, changed).Run(new LaneInput(request, _last.Tree!.Tree, request.Properties, diagnostics), cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            BuilderLog.DeltaThrew(_log, e);
            diagnostics.Clear();
            return new TreeDifference([], e.Message) { IsBroken = true };
        }
    }

    /// <summary>Null when it comes to nothing, by a doubt, a file that cannot be read or a defect here: MSBuild builds then, and says what there is to say.</summary>
    private LaneResult? Replay(BuildRequest request, IReadOnlyList<string> changed, DiagnosticBag diagnostics, CancellationToken cancellation, ref LaneChoice choice)
    {
        try
        {
            var tree = _last.Tree!;
            return new ReplayLane(tree, changed).Run(new LaneInput(request, tree.Tree, request.Properties, diagnostics), cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            if (e is ReplayDoubtException)
                BuilderLog.StaysCold(_log, e.Message);
            else
                BuilderLog.ReplayThrew(_log, e);
            diagnostics.Clear();
            choice = new LaneChoice(BuildLane.Build, e.Message);
            return null;
        }
    }

    /// <summary>
    /// The build lane without its targets: a new evaluation tells that there are other source files and nothing else is another, so the compiler's calls are
    /// known. False when there is more to it; then MSBuild does all of it.
    /// </summary>
    private bool Adopt(BuildRequest request, DiagnosticBag diagnostics, CancellationToken cancellation, ref LaneChoice choice, out IReadOnlyList<string> changed)
    {
        changed = [];
        try
        {
            diagnostics.Report(new BuildProgress("evaluate", request.Project));
            var listed = TreeListing.Of(_last.Tree!.Tree.Inputs);
            var doubt = _evaluator.Evaluate(request, Properties(request), diagnostics, cancellation) is not { } tree ? "the projects cannot be evaluated"
                : StaleAssets(request, tree) ?? _last.Adopt(tree, listed, out changed, cancellation);
            if (doubt is null)
                return true;
            BuilderLog.StaysCold(_log, doubt);
            choice = choice with { Reason = $"{choice.Reason}, and {doubt}" };
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            BuilderLog.ReplayThrew(_log, e);
            choice = choice with { Reason = $"{choice.Reason}, and {e.Message}" };
        }
        diagnostics.Clear();
        return false;
    }

    /// <summary>By MSBuild. Null: the tree cannot be evaluated.</summary>
    private LaneResult? Run(BuildRequest request, Dictionary<string, string> properties, bool isAgain, DiagnosticBag diagnostics, CancellationToken cancellation, ref LaneChoice choice)
    {
        var reason = choice.Reason;
        (var tree, choice) = Choose(request, properties, diagnostics, cancellation);
        choice = choice with { Reason = choice.Reason ?? reason };
        if (tree is null)
            return null;

        var input = new LaneInput(request, tree, properties, diagnostics) { IsAgain = isAgain };
        var result = Lane(choice).Run(input, cancellation);
        if (result.Succeeded || LaneChooser.AfterFailure(request.Lane, choice.Lane, diagnostics.All) is not { } cure)
            return result;
        choice = cure;
        diagnostics.Clear();
        return Lane(choice).Run(input, cancellation);
    }

    private (EvaluatedTree? Tree, LaneChoice Choice) Choose(BuildRequest request, Dictionary<string, string> properties, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        if (_evaluator.Evaluate(request, properties, diagnostics, cancellation) is { } tree)
            return (tree, LaneChooser.Choose(request.Lane, StaleAssets(request, tree)));
        if (LaneChooser.AfterFailure(request.Lane, BuildLane.Build, diagnostics.All) is not { } cure)
            return (null, new LaneChoice(BuildLane.Build, null));

        // Packages first, so that it can be evaluated at all; the lane then restores once more, knowing what that depends on.
        diagnostics.Clear();
        return (_restore.Restore(request, diagnostics, cancellation) ? _evaluator.Evaluate(request, properties, diagnostics, cancellation) : null, cure);
    }

    private static BuildDiagnostic? RefusedSwitch(BuildRequest request) => ResponseFiles.Of(request.Project).Refused is var (file, word) ? Problems.ResponseSwitch(file, word) : null;

    private Dictionary<string, string> Properties(BuildRequest request) =>
        GlobalProperties.ForBuild(request, _compiler.EnsureRunning() ? _compiler.Id : null);

    private ILane Lane(LaneChoice choice) => choice.Lane == _restore.Name ? _restore : _build;

    private string? StaleAssets(BuildRequest request, EvaluatedTree tree)
    {
        if (tree.AssetsFiles.FirstOrDefault(path => !File.Exists(path)) is { } missing)
            return $"{missing} is missing";
        var now = RestoreStamp.Of(_sdk.Version, GlobalProperties.ForRestore(request), tree.RestoreInputs, tree.AssetsFiles, ProjectSnapshot.ForRestore(tree.Projects), _restored);
        return now.Differs(RestoreStamp.Read(RestoreStamp.PathFor(request.ArtifactsPath, request.Project, request.Configuration)));
    }

    private BuildOutcome Outcome(BuildRequest request, LaneChoice choice, LaneResult? result, DiagnosticBag diagnostics, long started)
    {
        var outcome = Outcome(choice, result, diagnostics, started);
        return outcome with { Inputs = result is null ? FilesOf(request, diagnostics.All) : outcome.Inputs, Log = BuildLog.Write(request, diagnostics.LogLines()) };
    }

    private BuildOutcome Outcome(LaneChoice choice, LaneResult? result, DiagnosticBag diagnostics, long started)
    {
        var service = result?.Tree.Service;
        return new BuildOutcome
        {
            Succeeded = result is { Succeeded: true },
            Lane = choice.Lane,
            LaneReason = choice.Reason,
            Diagnostics = diagnostics.All,
            Outputs = result?.Outputs ?? [],
            AnalyzersPending = result is { AnalyzersPending: true },
            Unsettled = result is { IsUnsettled: true },
            Inputs = result?.Tree.Inputs ?? new(),
            EntryAssembly = service?.GetPropertyValue("AssemblyName"),
            Sdk = _sdk.Version,
            ActorsVersion = result?.ActorsVersion,
            BuildId = _last.Id,
            Runtime = service?.GetPropertyValue("TargetFrameworkVersion").TrimStart('v'),
            Milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds,
        };
    }

    /// <summary>Of sources that have been read, and of no look at the tree since.</summary>
    private BuildOutcome Read(BuildRequest request, DiagnosticBag diagnostics, long started) =>
        Outcome(new LaneChoice(BuildLane.Delta, null), new LaneResult(true, _last.Tree!.Tree), diagnostics, started) with { Read = request.Root is { } root ? _last.Tree.Read(root) : null, Inputs = new() };

    /// <summary>What to look at when the projects cannot be evaluated.</summary>
    private static BuildInputs FilesOf(BuildRequest request, IEnumerable<BuildDiagnostic> diagnostics) => new()
    {
        Projects = [request.Project],
        Imports = [.. diagnostics.Select(diagnostic => diagnostic.File).OfType<string>().Where(Path.IsPathRooted).Distinct()],
    };
}
