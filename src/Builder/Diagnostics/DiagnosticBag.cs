using System.Threading.Channels;
using WatchReload.Control;

namespace WatchReload.Builder.Diagnostics;

/// <summary>
/// What one build has to say: its diagnostics, each once, its log, and that it is alive. Filled from whatever thread MSBuild or a
/// child process's output comes on.
/// </summary>
internal sealed class DiagnosticBag(ChannelWriter<BuildProgress>? progress = null)
{
    private readonly Lock _lock = new();
    private readonly List<BuildDiagnostic> _all = [];
    private readonly HashSet<BuildDiagnostic> _seen = [];
    private readonly List<string> _log = [];
    private BuildProgress _last = new("build");

    public bool HasErrors
    {
        get
        {
            lock (_lock)
                return _all.Exists(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        }
    }

    public IReadOnlyList<BuildDiagnostic> All
    {
        get
        {
            lock (_lock)
                return [.. _all];
        }
    }

    /// <summary>Once, though several projects may report it (the frameworks of one project, the references of a file).</summary>
    public void Add(BuildDiagnostic diagnostic)
    {
        lock (_lock)
        {
            if (Continues(diagnostic) || !_seen.Add(diagnostic with { Project = null }))
                return;
            _all.Add(diagnostic);
        }
    }

    /// <summary>What had seemed wrong was not: another lane is tried.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _all.Clear();
            _seen.Clear();
        }
    }

    public void Log(string line)
    {
        lock (_lock)
            _log.Add(line);
    }

    public IReadOnlyList<string> LogLines()
    {
        lock (_lock)
            return [.. _log];
    }

    public void Report(BuildProgress activity)
    {
        _last = activity;
        progress?.TryWrite(activity);
    }

    /// <summary>Still at what was reported last.</summary>
    public void Alive() => progress?.TryWrite(_last);

    /// <summary>NuGet's messages of several lines arrive as several diagnostics, the later ones indented.</summary>
    private bool Continues(BuildDiagnostic diagnostic)
    {
        if (!diagnostic.Message.StartsWith("  ", StringComparison.Ordinal) || _all.Count == 0 || _all[^1] is not { } last || last.Code != diagnostic.Code || last.File != diagnostic.File)
            return false;
        if (!last.Message.Contains(diagnostic.Message, StringComparison.Ordinal))
            _all[^1] = last with { Message = $"{last.Message}\n{diagnostic.Message}" };
        return true;
    }
}
