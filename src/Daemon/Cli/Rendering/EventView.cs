using System.Globalization;
using Spectre.Console;
using WatchReload.Daemon.Events;

namespace WatchReload.Daemon.Cli.Rendering;

/// <summary>
/// Events for a person: a line a reload. What leads up to it (the change, the build) is remembered and told in that line; only what
/// takes long or goes wrong has lines of its own.
/// </summary>
internal sealed class EventView(Screen screen, string directory) : IEventSink
{
    private const int MostWarnings = 5;
    private string? _what;
    private string? _reason;
    private int _serving;

    /// <summary>What happens belongs to a rollback.</summary>
    internal bool GoesBack { get; set; }

    public void Emit(DaemonEvent happened)
    {
        switch (happened)
        {
            case ChangeDetected e:
                _what = What(e);
                break;
            case GitPulled e:
                _what = e.From == e.To ? $"commit {Units.Commit(e.To)}, nothing to pull" : $"{Units.Commit(e.From)}..{Units.Commit(e.To)}, {Units.Count(e.Count, "commit")}";
                break;
            case GitRefused e:
                Line(e, $"[red]git refused[/]  {Markup.Escape(e.Cause)}");
                screen.Line($"          {Markup.Escape(e.Remedy)}");
                break;
            case BuildStarted e when _what is null || e.Cause != "watch":
                Line(e, $"[grey]building {Markup.Escape(Path.GetFileName(e.Project))} ({e.Configuration})[/]");
                break;
            case BuildFinished e:
                Warnings(e.Diagnostics);
                break;
            case BuildAnalyzed e:
                foreach (var error in e.Diagnostics.Where(d => d.Severity == "error"))
                    DiagnosticView.Write(screen, error, directory, source: true);
                Warnings(e.Diagnostics);
                break;
            case BuildFailed e:
                Failed(e);
                break;
            case NodeStarted e:
                _serving = e.Version;
                Line(e, $"[green]node {e.Node}[/] serves {e.Release} as version {e.Version}, pid {e.Pid}, started in {Units.Time(e.Milliseconds)}{Listeners(e.Listeners)}");
                if (e.FellBackFrom is { } fallen)
                    Detail($"It could not start on {fallen} and has fallen back. Deploy another release; watchreload restart {fallen} tries that one again.");
                break;
            case NodeAdopted e:
                _serving = e.Version;
                Line(e, $"[green]node {e.Node}[/] runs {e.Release} as version {e.Version}, pid {e.Pid}, taken up{Listeners(e.Listeners)}");
                break;
            case DeployFrozen e:
                Line(e, $"[yellow]frozen[/]  by {Markup.Escape(e.By)} since {Units.Local(e.Since)}{(e.Reason is null ? "" : Markup.Escape($": {e.Reason}"))}; watchreload unfreeze lifts it");
                break;
            case DeployUnfrozen e:
                Line(e, e.WasFrozen ? "[green]unfrozen[/]  deploys go through again" : "deploys were not frozen");
                break;
            case NodeExited e:
                Exited(e);
                break;
            default:
                ReloadView.Write(this, happened);
                break;
        }
    }

    internal void Line(DaemonEvent e, string markup) =>
        screen.Line(string.Create(CultureInfo.InvariantCulture, $"[grey]{e.Time.ToLocalTime():HH:mm:ss}[/]  {markup}"));

    internal void Detail(string text) => screen.Line($"            {Markup.Escape(text)}");

    /// <summary>What led to this, told once.</summary>
    internal string TakeWhat(string fallback)
    {
        var what = _what ?? fallback;
        _what = null;
        return Markup.Escape(what);
    }

    /// <summary>Why it was not built faster: once, as it may hold for every edit. That something else than a source file changed is told by its name.</summary>
    internal void Reason(string? lane, string? reason)
    {
        if (reason is null || reason == _reason || reason.EndsWith(" changed", StringComparison.Ordinal))
            return;
        _reason = reason;
        Detail($"{lane}, as {reason}");
    }

    internal void Serves(int version) => _serving = version;

    private static string What(ChangeDetected e) => e.Count == 1 ? e.Paths[0] : $"{e.Paths[0]} and {e.Count - 1} more";

    private static string Listeners(IReadOnlyDictionary<string, string> listeners) =>
        listeners.Count == 0 ? "" : Markup.Escape("; listens on " + string.Join(", ", listeners.Select(l => $"{l.Value} ({l.Key})")));

    private void Warnings(IReadOnlyList<EventDiagnostic> diagnostics)
    {
        var warnings = diagnostics.Where(d => d.Severity == "warning").ToArray();
        foreach (var warning in warnings.Take(MostWarnings))
            DiagnosticView.Write(screen, warning, directory, source: false);
        if (warnings.Length > MostWarnings)
            screen.Line($"[yellow]and {Units.Count(warnings.Length - MostWarnings, "warning")} more[/]");
    }

    private void Failed(BuildFailed e)
    {
        var errors = e.Diagnostics.Where(d => d.Severity == "error").ToArray();
        foreach (var error in errors)
            DiagnosticView.Write(screen, error, directory, source: true);
        var still = _serving > 0 ? $"; version {_serving} goes on serving" : "";
        var what = TakeWhat("");
        Line(e, $"[red]build failed[/]  {what}{(what.Length == 0 ? "" : " · ")}{Units.Count(errors.Length, "error")} in {Units.Time(e.Milliseconds)}{still}");
    }

    private void Exited(NodeExited e)
    {
        var code = e.ExitCode is { } exit ? $" with exit code {exit}" : "";
        var next = e.RestartInMs is { } wait ? $"; starts again in {Units.Time(wait)}" : "";
        if (e.Problems.Count > 0)
            Line(e, $"[red]node {e.Node} could not start[/]{code}{next}");
        else if (e.Pid == 0)
        {
            Line(e, $"[red]node {e.Node} does not run[/]");
            Detail("Start it: watchreload watch (while you develop) or watchreload run (in production).");
        }
        else
            Line(e, e.Ordered ? $"node {e.Node} was stopped" : $"[red]node {e.Node} died[/]{code} (pid {e.Pid}){next}");
        foreach (var problem in e.Problems)
            Detail(problem);
    }
}
