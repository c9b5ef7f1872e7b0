using WatchReload.Bench.Processes;
using WatchReload.Bench.Results;

namespace WatchReload.Bench.Cases;

/// <summary>What node, daemon and builder keep in memory over many reloads.</summary>
/// <param name="peer">In whose name it is recorded.</param>
/// <param name="pids">The processes, as they are now.</param>
internal sealed class Memory(string peer, Func<(int Node, int Daemon, int Builder)> pids)
{
    private readonly List<(int Reload, double Node, double Daemon, double Builder)> _looks = [];

    public void Look(int reload)
    {
        var (node, daemon, builder) = pids();
        _looks.Add((reload, ProcStat.Megabytes(node), ProcStat.Megabytes(daemon), ProcStat.Megabytes(builder)));
    }

    public void Record(Recorder recorder, int reloads)
    {
        // Until then code, caches and heap find their sizes.
        var fifth = _looks.First(l => l.Reload >= reloads / 5);
        foreach (var (name, of) in (ReadOnlySpan<(string, Func<(int Reload, double Node, double Daemon, double Builder), double>)>)[("node", l => l.Node), ("daemon", l => l.Daemon), ("builder", l => l.Builder)])
        {
            recorder.Add($"memory-fifth.{name}", $"memory of the {name} after a fifth of the reloads", "MB", peer, of(fifth));
            recorder.Add($"memory.{name}", $"memory of the {name} at the end", "MB", peer, of(_looks[^1]));
            recorder.Add($"most.{name}", $"memory of the {name}: the most after a tenth of the reloads, beside then", "times", peer, Most(of, reloads / 10));
            recorder.Add($"most-fifth.{name}", $"memory of the {name}: the most after a fifth of the reloads, beside then", "times", peer, Most(of, reloads / 5));
            recorder.Add($"growth.{name}", $"memory of the {name}: end beside after a fifth of the reloads", "times", peer, of(_looks[^1]) / Math.Max(1, of(fifth)));
            recorder.Add(new Curve("memory", name, "reloads", "MB", [.. _looks.Select(l => (IReadOnlyList<double>)[l.Reload, Math.Round(of(l), 1)])]));
        }
    }

    private double Most(Func<(int Reload, double Node, double Daemon, double Builder), double> of, int after)
    {
        var later = _looks.FindAll(l => l.Reload >= after);
        return later.Max(of) / Math.Max(1, of(later[0]));
    }
}
