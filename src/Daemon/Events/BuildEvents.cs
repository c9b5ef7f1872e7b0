using WatchReload.Control;

namespace WatchReload.Daemon.Events;

/// <param name="Cause">watch, run, reload, pull, hook.</param>
internal sealed record BuildStarted(string Cause, string Project, string Configuration) : DaemonEvent;

internal sealed record BuildFinished(string Release, string Lane, string? LaneReason, double Milliseconds) : DaemonEvent
{
    public string? Commit { get; init; }
    public bool Clean { get; init; }
    public required string SourceHash { get; init; }
    public required string ContentHash { get; init; }

    /// <summary>Warnings.</summary>
    public IReadOnlyList<EventDiagnostic> Diagnostics { get; init; } = [];
}

/// <summary>In <c>watch</c>, when edits pause: the analyzers have run that no reload waits for: those that nobody has made fail a build.</summary>
/// <param name="Release">That was built without them.</param>
/// <param name="Milliseconds">That they took.</param>
/// <param name="Diagnostics">Warnings, and what is an error by the SDK's own default: the code is live, and other verbs will not build it.</param>
internal sealed record BuildAnalyzed(string Release, double Milliseconds, IReadOnlyList<EventDiagnostic> Diagnostics) : DaemonEvent;

internal sealed record BuildFailed(string Lane, string? LaneReason, double Milliseconds, IReadOnlyList<EventDiagnostic> Diagnostics) : DaemonEvent
{
    private static readonly string[] _circumstances = ["WRB002", "WRB008", "WRB009", "WRB012", "WRB101", "WRB102", "WRB103", "WRB104", "WRB105", "WRB106", "WRB107", "NU1000"];

    /// <summary>It was not even tried: the commit is known not to build.</summary>
    public bool NotTried { get; init; }

    /// <summary>The builder ended or hung, a source of packages could not be reached, a disk was full: nothing that the code can help.</summary>
    public bool Transient { get; init; } = Diagnostics.Any(d => d.Severity == "error" && (_circumstances.Contains(d.Code) || d.Code.StartsWith("NU13", StringComparison.Ordinal)));
}

/// <param name="Severity">error, warning.</param>
/// <param name="File">Absolute.</param>
/// <param name="Line">From 1; 0 where there is none.</param>
internal sealed record EventDiagnostic(string Severity, string Code, string Message, string? File, int Line, int Column, int EndLine, int EndColumn, string? Project)
{
    public static EventDiagnostic From(BuildDiagnostic d) =>
        new(d.Severity == DiagnosticSeverity.Error ? "error" : "warning", d.Code, d.Message, d.File, d.Line, d.Column, d.EndLine, d.EndColumn, d.Project);

    /// <summary>What no compiler says: a release that cannot be written, a builder that is gone, a commit that is not known.</summary>
    public static EventDiagnostic Warning(string message) => Error(message) with { Severity = "warning" };

    /// <inheritdoc cref="Warning"/>
    public static EventDiagnostic Error(string message) => new("error", "", message, null, 0, 0, 0, 0, null);
}
