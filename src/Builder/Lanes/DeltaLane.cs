using Microsoft.CodeAnalysis;
using WatchReload.Builder.Diagnostics;
using WatchReload.Builder.Replay;
using WatchReload.Control;

namespace WatchReload.Builder.Lanes;

/// <summary>The difference between what a node has loaded and the tree, when bodies, added methods and added types alone differ, or types that can be made anew. It makes no outputs: a release is another request.</summary>
internal sealed class DeltaLane(WarmTree tree, IReadOnlyList<string> changed)
{
    public TreeDifference Run(LaneInput input, CancellationToken cancellation)
    {
        input.Diagnostics.Report(new BuildProgress("delta", input.Request.Project));
        return Told(input, tell => tree.Difference(changed, input.Request.Loaded!, tell, cancellation));
    }

    /// <inheritdoc cref="WarmTree.Anticipate"/>
    public TreeDifference Anticipate(LaneInput input, CancellationToken cancellation) => Told(input, tell => tree.Anticipate(changed, input.Request.Loaded, tell, cancellation));

    private static TreeDifference Told(LaneInput input, Func<Action<string, IEnumerable<Diagnostic>>, TreeDifference> made)
    {
        var told = new List<BuildDiagnostic>();
        var difference = made((project, diagnostics) => told.AddRange(diagnostics.Select(diagnostic => CompilerDiagnostic.From(diagnostic, project))));
        foreach (var diagnostic in told)
        {
            input.Diagnostics.Add(diagnostic);
            input.Diagnostics.Log(DiagnosticText.Format(diagnostic));
        }
        return difference;
    }
}
