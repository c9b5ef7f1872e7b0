using System.Text.Json;

namespace WatchReload.Bench.Peers;

/// <summary>The lane in which an edit was built, as <c>reload.committed</c> tells it.</summary>
/// <param name="Name">delta, replay, build or restore.</param>
/// <param name="Reason">Why it was no cheaper one; null when there was none.</param>
internal sealed record TakenLane(string Name, string? Reason = null)
{
    public static TakenLane Of(JsonElement committed) =>
        new(committed.GetProperty("lane").GetString()!, committed.TryGetProperty("laneReason", out var reason) ? reason.GetString() : null);
}
