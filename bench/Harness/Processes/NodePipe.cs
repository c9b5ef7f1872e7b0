using System.Security.Cryptography;
using WatchReload.Bench.Load;
using WatchReload.Control;

namespace WatchReload.Bench.Processes;

/// <summary>The pipe of a node: its status, and reloads of releases that are there already, so that no build disturbs what is measured.</summary>
internal sealed class NodePipe(StateDirectory state) : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private readonly PipeClient _client = new(state, "main");

    public Task<NodeStatus> Status() => _client.Get("/v1/status", ControlJson.Default.NodeStatus);

    /// <summary>The value of a metric that has no labels.</summary>
    public async Task<double> Metric(string name)
    {
        var line = (await _client.GetText("/v1/metrics")).Split('\n').FirstOrDefault(l => l.StartsWith(name + ' ', StringComparison.Ordinal))
            ?? throw new BenchException($"The node has no metric {name}.");
        return double.Parse(line[(name.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Old versions in memory.</summary>
    public async Task<int> Alive() => (await Status()).OldVersions.Count(version => version.State != "unloaded");

    /// <summary>The same when they have had so long to go; sooner when none is left.</summary>
    public async Task<int> AliveAfter(TimeSpan patience)
    {
        var deadline = Clock.Now + (long)(patience.TotalSeconds * Clock.Second);
        while (true)
        {
            var alive = await Alive();
            if (alive == 0 || Clock.Now > deadline) return alive;
            await Task.Delay(Look);
        }
    }

    /// <summary>Ids of the releases on disk, oldest first.</summary>
    public IReadOnlyList<string> Releases => [.. Directory.EnumerateDirectories(state.Releases).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];

    /// <summary>Has the node go to that release, whichever serves now.</summary>
    public async Task<ReloadReport> Reload(string release)
    {
        var status = await Status();
        var directory = state.Release(release);
        var request = new ReloadRequest
        {
            Release = release,
            Directory = directory,
            ManifestHash = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(directory, ReleaseManifest.FileName)))),
            ExpectInstance = status.Instance,
            ExpectVersion = status.Version,
            Fence = status.Fence + 1,
            Cause = "reload",
        };
        await using var lines = await _client.PostLines("/v1/reload", request, ControlJson.Default.ReloadRequest, ControlJson.Default.ReloadEvent);
        await foreach (var line in lines)
        {
            if (line.Report is not { } report) continue;
            return report.Verdict == ReloadVerdict.Committed ? report : throw new BenchException($"The node gave {report.Verdict} for {release}: {string.Join(' ', report.Problems)}");
        }

        throw new BenchException("The node ended its answer without a report.");
    }

    public void Dispose() => _client.Dispose();
}
