using Microsoft.CodeAnalysis;
using WatchReload.Builder.Diagnostics;
using WatchReload.Builder.Replay;
using WatchReload.Control;

namespace WatchReload.Builder.Lanes;

/// <summary>The compiler's calls made again, in this process and with all ready, for the projects whose sources changed.</summary>
internal sealed class ReplayLane(WarmTree tree, IReadOnlyList<string> changed) : ILane
{
    public BuildLane Name => BuildLane.Replay;

    public LaneResult Run(LaneInput input, CancellationToken cancellation)
    {
        input.Diagnostics.Report(new BuildProgress("replay", input.Request.Project));
        var made = tree.Compile(changed, new CompileManner(input.Request.AnalyzersLater, input.Request.Unhurried), (project, diagnostics) => Tell(input.Diagnostics, project, diagnostics), cancellation);
        return made is null
            ? new LaneResult(false, tree.Tree)
            : new LaneResult(true, tree.Tree) { Outputs = made.Outputs, ActorsVersion = made.ActorsVersion, AnalyzersPending = tree.IsUnanalyzed };
    }

    /// <summary>In the compiler's words.</summary>
    public static void Tell(DiagnosticBag bag, string project, IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics.Select(diagnostic => CompilerDiagnostic.From(diagnostic, project)))
        {
            bag.Add(diagnostic);
            bag.Log(DiagnosticText.Format(diagnostic));
        }
    }
}
