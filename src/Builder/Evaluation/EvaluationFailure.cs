using Microsoft.Build.Exceptions;
using WatchReload.Builder.Diagnostics;
using WatchReload.Control;

namespace WatchReload.Builder.Evaluation;

/// <summary>What a user can do to an evaluation, as diagnostics.</summary>
internal static class EvaluationFailure
{
    /// <summary>Null for what is not a user's doing.</summary>
    public static IReadOnlyList<BuildDiagnostic>? Describe(Exception exception, string project) => exception switch
    {
        InvalidProjectFileException e => [Of(e)],
        CircularDependencyException e => [Problems.Circular(project, e.Message)],
        AggregateException e => All(e, project),
        _ => null,
    };

    private static List<BuildDiagnostic>? All(AggregateException exception, string project)
    {
        var described = exception.Flatten().InnerExceptions.Select(inner => Describe(inner, project)).ToList();
        return described.Contains(null) ? null : [.. described.SelectMany(found => found!).Distinct()];
    }

    private static BuildDiagnostic Of(InvalidProjectFileException e) => new(
        DiagnosticSeverity.Error, e.ErrorCode ?? "MSB4025", e.BaseMessage, e.ProjectFile, e.LineNumber, e.ColumnNumber, e.EndLineNumber, e.EndColumnNumber, e.ProjectFile);
}
