using System.Globalization;
using Microsoft.CodeAnalysis;
using WatchReload.Control;
using Severity = WatchReload.Control.DiagnosticSeverity;

namespace WatchReload.Builder.Diagnostics;

/// <summary>A diagnostic of Roslyn as MSBuild passes it on.</summary>
internal static class CompilerDiagnostic
{
    public static BuildDiagnostic From(Diagnostic diagnostic, string project)
    {
        var severity = diagnostic.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error ? Severity.Error : Severity.Warning;
        var message = diagnostic.GetMessage(CultureInfo.InvariantCulture);
        if (diagnostic.Location.GetMappedLineSpan() is not { IsValid: true } span)
            return new BuildDiagnostic(severity, diagnostic.Id, message, null, 0, 0, 0, 0, project);
        var (start, end) = (span.StartLinePosition, span.EndLinePosition);
        return new BuildDiagnostic(severity, diagnostic.Id, message, Path.GetFullPath(span.Path, Path.GetDirectoryName(project)!), start.Line + 1, start.Character + 1, end.Line + 1, end.Character + 1, project);
    }
}
