using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Logging;
using WatchReload.Builder.Sdk;
using WatchReload.Control;

namespace WatchReload.Builder.Diagnostics;

/// <summary>
/// Takes errors, warnings and signs of life from MSBuild, and nothing else. It is a console logger by type only: tasks leave messages out that
/// no logger wants, but ask that of MSBuild's own loggers alone.
/// </summary>
internal sealed class BuildLogger(DotnetSdk sdk) : ConsoleLogger(LoggerVerbosity.Quiet, static _ => { }, static _ => { }, static () => { })
{
    /// <summary>How Release.targets tells of a project's generators and analyzers: of the channels that MSBuild has, the one that is open whatever the loggers ask for.</summary>
    private const string ExtensionsEvent = "watchreload/extensions";

    private readonly Dictionary<string, IReadOnlyList<string>> _extensions = new(StringComparer.Ordinal);
    private volatile DiagnosticBag _bag = new();

    /// <summary>Whose diagnostics the coming events are.</summary>
    public void Begin(DiagnosticBag bag) => _bag = bag;

    public override void Initialize(IEventSource eventSource)
    {
        eventSource.ErrorRaised += (_, e) => Add(new(DiagnosticSeverity.Error, e.Code ?? "", e.Message ?? "", Locate(e.File, e.ProjectFile), e.LineNumber, e.ColumnNumber, e.EndLineNumber, e.EndColumnNumber, e.ProjectFile));
        eventSource.WarningRaised += (_, e) => Add(new(DiagnosticSeverity.Warning, e.Code ?? "", e.Message ?? "", Locate(e.File, e.ProjectFile), e.LineNumber, e.ColumnNumber, e.EndLineNumber, e.EndColumnNumber, e.ProjectFile));
        eventSource.TargetStarted += (_, e) => _bag.Report(new BuildProgress(e.TargetName, e.ProjectFile) { Extensions = e.TargetName is "CoreCompile" or "WatchReloadWarmUp" ? _extensions.GetValueOrDefault(e.ProjectFile, []) : [] });
        if (eventSource is IEventSource2 more)
            more.TelemetryLogged += (_, e) => Learn(e);
        eventSource.TaskFinished += (_, _) => _bag.Alive();
    }

    public override void Initialize(IEventSource eventSource, int nodeCount) => Initialize(eventSource);

    public override void Shutdown()
    {
    }

    private void Learn(TelemetryEventArgs told)
    {
        if (told.EventName == ExtensionsEvent)
            _extensions[Text(told, "Project")] = [.. Text(told, "Paths").Split('|', StringSplitOptions.RemoveEmptyEntries).Where(path => !path.StartsWith(sdk.Root + Path.DirectorySeparatorChar, StringComparison.Ordinal))];
    }

    private static string Text(TelemetryEventArgs told, string name) => Encoding.UTF8.GetString(Convert.FromBase64String(told.Properties[name]));

    private void Add(BuildDiagnostic diagnostic)
    {
        var bag = _bag;
        bag.Add(diagnostic);
        bag.Log(DiagnosticText.Format(diagnostic));
    }

    /// <summary>Tasks name files relative to their project; "CSC" and the like name no file.</summary>
    private static string? Locate(string? file, string? project) =>
        string.IsNullOrEmpty(file) ? null
        : Path.IsPathRooted(file) || project is null ? file
        : Path.HasExtension(file) ? Path.GetFullPath(file, Path.GetDirectoryName(project)!)
        : null;
}
