using WatchReload.Control;

namespace WatchReload.Hosting.Upgrading;

/// <summary>What became of all reloads since the node's start, and how long they took; for its metrics.</summary>
internal sealed class ReloadStatistics
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ReloadVerdict, long> _verdicts = Enum.GetValues<ReloadVerdict>().ToDictionary(v => v, _ => 0L);
    private readonly Dictionary<TrialOutcome, long> _trials = Enum.GetValues<TrialOutcome>().ToDictionary(o => o, _ => 0L);
    private readonly Dictionary<string, (long Count, double Milliseconds)> _phases = new(StringComparer.Ordinal);
    private (long Count, double Milliseconds, double Longest) _gates;

    public IReadOnlyDictionary<ReloadVerdict, long> Verdicts
    {
        get
        {
            lock (_lock) return new Dictionary<ReloadVerdict, long>(_verdicts);
        }
    }

    public IReadOnlyDictionary<TrialOutcome, long> Trials
    {
        get
        {
            lock (_lock) return new Dictionary<TrialOutcome, long>(_trials);
        }
    }

    public IReadOnlyDictionary<string, (long Count, double Milliseconds)> Phases
    {
        get
        {
            lock (_lock) return new Dictionary<string, (long, double)>(_phases);
        }
    }

    /// <summary>Of reloads that were committed.</summary>
    public (long Count, double Milliseconds, double Longest) Gates
    {
        get
        {
            lock (_lock) return _gates;
        }
    }

    public void Add(ReloadReport report)
    {
        lock (_lock)
        {
            _verdicts[report.Verdict]++;
            foreach (var phase in report.Phases)
            {
                var (count, milliseconds) = _phases.GetValueOrDefault(phase.Name);
                _phases[phase.Name] = (count + 1, milliseconds + phase.Milliseconds);
            }

            if (report.Verdict is ReloadVerdict.Committed or ReloadVerdict.TakenBack)
                _gates = (_gates.Count + 1, _gates.Milliseconds + report.GateMs, Math.Max(_gates.Longest, report.GateMs));
        }
    }

    public void Add(TrialOutcome outcome)
    {
        lock (_lock) _trials[outcome]++;
    }
}
