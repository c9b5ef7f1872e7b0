using WatchReload.Bench.Peers;
using WatchReload.Bench.Results;

namespace WatchReload.Bench.Cases;

/// <summary>Sees to it that a figure is of the lane that its row names: an edit that went another one gives none, is counted, and the case fails at its end.</summary>
internal sealed class LaneCheck(Recorder recorder)
{
    private readonly List<string> _astray = [];

    /// <summary>Whether the edit's figures are those of that row.</summary>
    /// <param name="id">Of the row.</param>
    /// <param name="what">Of the row, for people.</param>
    /// <param name="wanted">The lane that the row names.</param>
    /// <param name="taken">That the edit took.</param>
    public bool Is(string id, string what, string wanted, TakenLane taken)
    {
        var isRight = taken.Name == wanted;
        recorder.Count($"{id}.astray", $"{what}: edits that went another lane", PeerNames.WatchReload, isRight ? 0 : 1);
        if (!isRight) _astray.Add($"{what}: by the {taken.Name} lane{(taken.Reason is { } reason ? $" ({reason})" : "")}, not by {wanted}");
        return isRight;
    }

    /// <exception cref="BenchException">Edits went another lane than that of their row.</exception>
    public void End()
    {
        if (_astray.Count > 0) throw new BenchException($"{_astray.Count} edits went another lane than that of their row, and give no figures. The first: {_astray[0]}.");
    }
}
