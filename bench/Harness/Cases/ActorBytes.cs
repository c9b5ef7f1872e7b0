using System.Globalization;
using WatchReload.Bench.Peers;
using WatchReload.Bench.Processes;
using WatchReload.Bench.Results;

namespace WatchReload.Bench.Cases;

/// <summary>What an idle actor costs in memory.</summary>
internal sealed class ActorBytes : ICase
{
    public string Name => "actor-bytes";

    public string Summary => "bytes of an idle actor beside its state; beside an idle Erlang process";

    public async Task Run(BenchOptions options, Recorder recorder)
    {
        using var workplace = new Workplace();
        await using var node = new CrowdNode(workplace);
        await node.Start(withReleases: false);
        var count = options.Count ?? 100_000;
        for (var run = 0; run < options.Runs; run++)
        {
            var before = await node.Ask("/bytes");
            await node.Spawn(count, ring: count, tokens: 0);
            var with = await node.Ask("/bytes") - before;
            var states = await node.Ask(string.Create(CultureInfo.InvariantCulture, $"/state {count}"));
            recorder.Add("bytes", "an idle actor beside its state", "bytes", PeerNames.WatchReload, (with - states) / (double)count);
            recorder.Add("state", "the state of the actor that is measured", "bytes", PeerNames.WatchReload, states / (double)count);
            await node.End();
        }

        // Erlang's figure is with its state, which cannot be told from the process.
        foreach (var line in await ErlangScript.Run(workplace, "messages.sh", "1", "1", "1"))
        {
            if (line.GetProperty("case").GetString() == "idle-process")
                recorder.Add("bytes", "an idle actor beside its state", "bytes", PeerNames.ErlangVm, line.GetProperty("bytesInAll").GetDouble());
        }

        recorder.Note(string.Create(CultureInfo.InvariantCulture, $"Of {count:N0} actors on one node: the heap after full collections, with them and without. Erlang's process is counted with its state of three members."));
    }
}
