using System.Text.Json;

namespace WatchReload.Bench.Peers;

/// <summary>Where the time of one reload went, as <c>reload.committed</c> tells it.</summary>
internal static class ReportedPhases
{
    public static IReadOnlyDictionary<string, double> Of(JsonElement committed)
    {
        var phases = new Dictionary<string, double>();
        if (committed.TryGetProperty("buildMs", out var build)) phases["build"] = build.GetDouble();
        foreach (var phase in committed.GetProperty("phases").EnumerateArray())
            phases[phase.GetProperty("name").GetString()!] = phase.GetProperty("milliseconds").GetDouble();
        phases["all, from the first event on"] = committed.GetProperty("totalMs").GetDouble();
        return phases;
    }
}
