using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using WatchReload.Bench.Processes;
using WatchReload.Bench.Services;
using WatchReload.Control;

namespace WatchReload.Bench.Peers;

/// <summary>A node in production with bench/services/crowd: many actors, and releases to go between that are built already.</summary>
internal sealed class CrowdNode : IAsyncDisposable
{
    private readonly CrowdTree _tree;
    private readonly ProductCheckout _checkout;
    private readonly NodePipe _pipe;
    private TcpClient? _client;
    private StreamReader? _answers;

    public CrowdNode(Workplace workplace)
    {
        _tree = CrowdTree.Write(workplace.Beside("crowd"));
        _checkout = new ProductCheckout(workplace, _tree.Root);
        _pipe = new NodePipe(_checkout.State);
    }

    public IPEndPoint Endpoint => _checkout.Endpoint;

    /// <summary>Serves <see cref="CrowdRelease.Base"/>.</summary>
    public async Task Start(bool withReleases)
    {
        await _checkout.Commit();
        await ProductCheckout.Started(_checkout.Start("run"));
        _client = new TcpClient { NoDelay = true };
        await _client.ConnectAsync(_checkout.Endpoint);
        _answers = new StreamReader(_client.GetStream());
        if (!withReleases) return;
        foreach (var release in (CrowdRelease[])[CrowdRelease.Same, CrowdRelease.Changed])
        {
            _tree.Edit(release);
            await _checkout.Run("reload");
        }

        await GoTo(CrowdRelease.Base);
    }

    public Task<NodeStatus> Status() => _pipe.Status();

    public Task<ReloadReport> GoTo(CrowdRelease release) => _pipe.Reload(_pipe.Releases[(int)release]);

    /// <summary>Sends a line; the number in its answer.</summary>
    public async Task<long> Ask(string line, TimeSpan? within = null)
    {
        using var patience = new CancellationTokenSource(within ?? TimeSpan.FromMinutes(2));
        await _client!.GetStream().WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), patience.Token);
        var answer = await _answers!.ReadLineAsync(patience.Token) ?? throw new BenchException($"The crowd's control connection was closed at {line}.");
        return long.TryParse(answer.Split(' ')[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new BenchException($"The crowd answered \"{answer}\" to {line}.");
    }

    /// <param name="count">Of actors.</param>
    /// <param name="ring">How many of them pass the tokens round.</param>
    /// <param name="tokens">0: all are idle.</param>
    public Task Spawn(int count, int ring, int tokens) => Ask(string.Create(CultureInfo.InvariantCulture, $"/spawn {count} {ring} {tokens}"));

    /// <summary>Ends all subjects, and waits until they are gone.</summary>
    public async Task End()
    {
        await _client!.GetStream().WriteAsync("/end\n"u8.ToArray());
        await _answers!.ReadLineAsync();
        while ((await _pipe.Status()).Actors.ByBehavior.Keys.Any(k => k.EndsWith(".Subject", StringComparison.Ordinal))) await Task.Delay(TimeSpan.FromMilliseconds(50));
    }

    public async ValueTask DisposeAsync()
    {
        _answers?.Dispose();
        _client?.Dispose();
        _pipe.Dispose();
        await _checkout.DisposeAsync();
    }
}
