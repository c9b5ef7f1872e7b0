using WatchReload.Control;

namespace WatchReload.Builder.Diagnostics;

/// <summary>A diagnostic as compilers print it.</summary>
internal static class DiagnosticText
{
    public static string Format(BuildDiagnostic diagnostic)
    {
        var where = diagnostic.File ?? diagnostic.Project ?? "";
        var position = diagnostic.Line > 0 ? $"({diagnostic.Line},{diagnostic.Column})" : "";
        var severity = diagnostic.Severity == DiagnosticSeverity.Error ? "error" : "warning";
        return $"{where}{position}: {severity} {diagnostic.Code}: {diagnostic.Message}{(diagnostic.Project is null ? "" : $" [{diagnostic.Project}]")}";
    }
}
