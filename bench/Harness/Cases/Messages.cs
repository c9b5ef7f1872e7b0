using System.Globalization;
using WatchReload.Bench.Peers;
using WatchReload.Bench.Processes;
using WatchReload.Bench.Report;
using WatchReload.Bench.Results;

namespace WatchReload.Bench.Cases;

/// <summary>Messages between actors of one node, their births and timers, beside the same of Erlang processes.</summary>
internal sealed class Messages : ICase
{
    private const string Seconds = "3";
    private static readonly (string Kind, int Number)[] Patterns = [("ping-pong", 1), ("ping-pong", 8), ("ping-pong", 64), ("fan-in", 1), ("fan-in", 8), ("births", 1), ("births", 8), ("timeouts", 1), ("timeouts", 8)];

    public string Name => "messages";

    public string Summary => "local messages a second: pairs with one message under way each, and many senders to one receiver; actors spawned, and timers set, a second; beside Erlang";

    public async Task Run(BenchOptions options, Recorder recorder)
    {
        using var workplace = new Workplace();
        await using var node = new CrowdNode(workplace);
        await node.Start(withReleases: false);
        await Ours(node, null); // compiled and warm
        for (var run = 0; run < options.Runs; run++)
        {
            await Ours(node, recorder);
            foreach (var line in await ErlangScript.Run(workplace, "messages.sh", "1,8,64", "1,8", Seconds))
            {
                var kind = line.GetProperty("case").GetString()!;
                if (NumberOf(kind) is { } number) Record(recorder, kind, line.GetProperty(number).GetInt32(), PeerNames.ErlangVm, line.GetProperty(kind is "ping-pong" or "fan-in" ? "messagesPerSecond" : "perSecond").GetDouble());
            }
        }
    }

    private static async Task Ours(CrowdNode node, Recorder? recorder)
    {
        foreach (var (kind, number) in Patterns)
        {
            var rate = await node.Ask(string.Create(CultureInfo.InvariantCulture, $"/{kind} {number} {Seconds}"));
            if (recorder is not null) Record(recorder, kind, number, PeerNames.WatchReload, rate);
        }
    }

    private static void Record(Recorder recorder, string kind, int number, string peer, double rate) => recorder.Add($"{kind}-{number}", What(kind, number), "/s", peer, rate, higherIsBetter: true);

    /// <summary>What Erlang's line calls the number of those that take part; null: it is not of these.</summary>
    private static string? NumberOf(string kind) => kind switch
    {
        "ping-pong" => "pairs",
        "fan-in" => "senders",
        "births" => "parents",
        "timeouts" => "processes",
        _ => null,
    };

    private static string What(string kind, int number) => kind switch
    {
        "ping-pong" => $"ping-pong, {Numbers.Count(number, "pair")}",
        "fan-in" => $"{Numbers.Count(number, "sender")} to one receiver",
        "births" => $"spawned, one message, ended: by {Numbers.Count(number, "parent")}",
        _ => $"timers set and taken back: by {Numbers.Count(number, "actor")}",
    };
}
