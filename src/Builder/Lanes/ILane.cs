using WatchReload.Builder.Evaluation;
using WatchReload.Control;

namespace WatchReload.Builder.Lanes;

/// <summary>A way to make the outputs of a change. A lane does not choose, and does not know when it is right: that is <see cref="LaneChooser"/>'s.</summary>
internal interface ILane
{
    BuildLane Name { get; }

    LaneResult Run(LaneInput input, CancellationToken cancellation);
}

/// <param name="Tree">As evaluated for this request.</param>
/// <param name="Properties">Global properties of <see cref="Tree"/>.</param>
/// <param name="Diagnostics">Where a lane puts what it finds.</param>
internal sealed record LaneInput(BuildRequest Request, EvaluatedTree Tree, IReadOnlyDictionary<string, string> Properties, Diagnostics.DiagnosticBag Diagnostics)
{
    /// <summary>What came of the first time was unsettled.</summary>
    public bool IsAgain { get; init; }
}

/// <summary>What a lane made; why it failed is among the diagnostics.</summary>
/// <param name="Tree">What the outputs were made from: a lane may have evaluated anew.</param>
internal sealed record LaneResult(bool Succeeded, EvaluatedTree Tree)
{
    public IReadOnlyList<BuildOutput> Outputs { get; init; } = [];
    public string? ActorsVersion { get; init; }

    /// <summary>Something was written while it was built, and undone: it may be in the outputs.</summary>
    public bool IsUnsettled { get; init; }

    /// <summary>Analyzers that nobody has made fail a build have not run.</summary>
    public bool AnalyzersPending { get; init; }
}
