using System.Text.Json;
using WatchReload.Bench.Processes;

namespace WatchReload.Bench.Peers;

/// <summary>A script of bench/peers/erlang that measures by itself: one JSON object a line.</summary>
internal static class ErlangScript
{
    public static async Task<IReadOnlyList<JsonElement>> Run(Workplace workplace, string script, params string[] arguments)
    {
        await using var process = ChildProcess.Start(workplace.Prepare("bash", workplace.Beside("."), [Repository.Path("bench/peers/erlang/" + script), .. arguments]));
        if (await process.Exit(TimeSpan.FromMinutes(15)) != 0) throw process.Failed("failed");
        await process.Drained;
        return [.. process.Lines.Where(l => !l.IsError && l.Text.StartsWith('{')).Select(l => JsonDocument.Parse(l.Text).RootElement)];
    }
}
