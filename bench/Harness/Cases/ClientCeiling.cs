using System.Globalization;
using WatchReload.Bench.Load;
using WatchReload.Bench.Peers;
using WatchReload.Bench.Processes;
using WatchReload.Bench.Results;

namespace WatchReload.Bench.Cases;

/// <summary>How much the load client itself can do on this machine: what it reports above that says more of it than of a service.</summary>
internal sealed class ClientCeiling : ICase
{
    private const int Connections = 100;
    private const string Client = "load client on bare Kestrel";
    private const double LagLimitMs = 1;
    private const double KeptShare = 0.99;
    private static readonly double[] Rates = [5_000, 10_000, 20_000, 40_000, 80_000, 120_000, 160_000];
    private static readonly TimeSpan For = TimeSpan.FromSeconds(2);

    public string Name => "client";

    public string Summary => "the load client's own ceiling against a bare Kestrel handler: the highest rate that it keeps, and what it adds";

    public async Task Run(BenchOptions options, Recorder recorder)
    {
        using var workplace = new Workplace();
        await using var kestrel = new KestrelPeer(workplace);
        await kestrel.Start();
        await using var load = await LoadProcess.Connect(workplace, kestrel.Endpoint, Connections);
        await At(load, Rates[0]); // compiled and warm
        for (var run = 0; run < options.Runs; run++)
        {
            var kept = 0.0;
            foreach (var rate in Rates)
            {
                var (sent, latency, lag) = await At(load, rate);
                var what = string.Create(CultureInfo.InvariantCulture, $"open loop, {rate:N0} pings a second");
                recorder.Add($"lag-{rate}", $"{what}: the client's own lag in sending, p99", "ms", Client, lag.P99);
                recorder.Add($"p50-{rate}", $"{what}: reply, p50", "ms", Client, latency.P50);
                recorder.Add($"p99.9-{rate}", $"{what}: reply, p99.9", "ms", Client, latency.P999);
                if (sent >= rate * KeptShare && lag.P99 <= LagLimitMs) kept = rate;
                else break;
            }

            recorder.Add("kept", "highest rate kept, of those tried", "/s", Client, kept, higherIsBetter: true);
            recorder.Add("closed", "closed loop, 16 pings open on each connection: replies a second", "/s", Client, await ClosedLoop(load), higherIsBetter: true);
        }

        recorder.Note(string.Create(CultureInfo.InvariantCulture, $"{Connections} connections. Kept: at least {KeptShare:P0} of the pings sent in time, and their lag at most {LagLimitMs} ms at p99. The next rate is not tried when one is not kept."));
        recorder.Note("The client has one thread. Quantiles are at most 0.8 % above the true value; a lag of the client is part of every latency that is reported.");
    }

    private static async Task<(double SentPerSecond, LatencyFigures Latency, LatencyFigures Lag)> At(LoadProcess load, double rate)
    {
        var before = (await load.Counts()).Sent;
        var from = Clock.Now;
        await load.Load(rate);
        await Task.Delay(For);
        var (sent, to) = ((await load.Counts()).Sent - before, Clock.Now);
        var latency = await load.Measure([new(from, to)]);
        var lag = (await load.Quiesce()).SendLag!;
        await load.Forget();
        return (sent * (double)Clock.Second / (to - from), latency, lag);
    }

    private static async Task<double> ClosedLoop(LoadProcess load)
    {
        await load.Pump(16);
        var (before, from) = ((await load.Counts()).Replies, Clock.Now);
        await Task.Delay(For);
        var (after, to) = ((await load.Counts()).Replies, Clock.Now);
        await load.Quiesce();
        await load.Forget();
        return (after - before) * (double)Clock.Second / (to - from);
    }
}
