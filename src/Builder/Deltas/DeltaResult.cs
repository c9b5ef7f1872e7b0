using Microsoft.CodeAnalysis;
using WatchReload.Control;

namespace WatchReload.Builder.Deltas;

/// <summary>The delta of one project, or why there is none.</summary>
internal sealed record DeltaResult
{
    /// <summary>Null: it is made.</summary>
    public string? Doubt { get; init; }

    public AssemblyDelta? Delta { get; init; }

    /// <summary>Why types were made anew for it; null when bodies were replaced, and methods and types added, alone.</summary>
    public string? MoreThanBodies { get; init; }

    /// <summary>There are methods in it that were not there before.</summary>
    public bool AddsMethods { get; init; }

    /// <summary>It was made before anybody asked for it.</summary>
    public bool Anticipated { get; init; }

    /// <summary>What the assembly is once a node has taken it.</summary>
    public DeltaPoint? To { get; init; }

    public IReadOnlyList<Diagnostic> Diagnostics { get; init; } = [];
}
