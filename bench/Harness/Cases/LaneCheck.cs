using WatchReload.Bench.Peers;
using WatchReload.Bench.Results;

namespace WatchReload.Bench.Cases;

/// <summary>Counts edits that went another lane than that of their row, and keeps why.</summary>
internal sealed class LaneCheck(Recorder recorder)
{
    private readonly List<string> _astray = [];

    /// <summary>One sentence each, without a full stop.</summary>
    public IReadOnlyList<string> Astray => _astray;

    /// <summary>Whether the edit went the lane of that row.</summary>
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
}
