using WatchReload.Builder.Diagnostics;
using WatchReload.Builder.Evaluation;
using WatchReload.Builder.Replay;
using WatchReload.Control;

namespace WatchReload.Builder.Lanes;

/// <summary>Has MSBuild build what was replayed, if that is asked for, and compares.</summary>
/// <param name="evaluator">For what has been saved since.</param>
/// <param name="build">MSBuild's lane.</param>
/// <param name="last">Is forgotten unless the two were found the same.</param>
/// <param name="properties">Global ones of a build.</param>
internal sealed class Verifier(Evaluator evaluator, MSBuildLane build, LastBuild last, Func<BuildRequest, Dictionary<string, string>> properties)
{
    /// <summary>What was replayed, when MSBuild makes the same of it; what MSBuild makes, with a warning, when that is another. Null when they cannot be compared: then MSBuild builds as usual.</summary>
    public LaneResult? Verified(BuildRequest request, LaneResult replayed, DiagnosticBag diagnostics, CancellationToken cancellation, ref LaneChoice choice)
    {
        if (!request.Verify)
            return replayed;
        var told = diagnostics.All;
        diagnostics.Clear();
        diagnostics.Report(new BuildProgress("verify", request.Project));
        var isSame = false;
        try
        {
            var verification = new Verification(replayed);
            var global = properties(request);
            var built = evaluator.Evaluate(request, global, diagnostics, cancellation) is { } tree ? build.Run(new LaneInput(request, tree, global, diagnostics), cancellation) : null;
            if (last.IsTouched(request))
            {
                diagnostics.Clear();
                choice = new LaneChoice(BuildLane.Build, "something was saved while it was verified");
                return null;
            }
            if (verification.Difference(built) is { } difference)
            {
                diagnostics.Add(Problems.Unlike(request.Project, difference));
                choice = new LaneChoice(BuildLane.Build, $"the replay {difference}");
                return built;
            }
            isSame = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            diagnostics.Clear();
            choice = new LaneChoice(BuildLane.Build, $"it could not be verified: {e.Message}");
            return null;
        }
        finally
        {
            // MSBuild may have written over images that a replay would have left as they were.
            if (!isSame)
                last.Forget();
        }
        diagnostics.Clear();
        foreach (var diagnostic in told)
            diagnostics.Add(diagnostic);
        return replayed;
    }
}
