using System.Net;
using WatchReload.Bench.Processes;
using WatchReload.Bench.Services;

namespace WatchReload.Bench.Peers;

/// <summary><c>watchreload run</c> in production, and the hook that <c>watchreload hook install</c> makes.</summary>
internal sealed class WatchReloadPush : ILivePeer
{
    private readonly PushedTree _pushed;
    private readonly ProductCheckout _checkout;

    public WatchReloadPush(Workplace workplace, int bulkFiles)
    {
        _pushed = new PushedTree(workplace, ServiceTree.ForNode(workplace.Beside("watchreload"), bulkFiles), "watchreload");
        _checkout = new ProductCheckout(workplace, _pushed.Served);
    }

    public string Name => PeerNames.WatchReload;

    public IPEndPoint Endpoint => _checkout.Endpoint;

    public IReadOnlyDictionary<string, double> Phases { get; private set; } = new Dictionary<string, double>();

    private ChildProcess? _run;
    private int _position;

    public bool Knows(EditKind kind) => kind != EditKind.Leaf;

    public async Task Start()
    {
        await _pushed.Begin();
        await _checkout.Run("hook", "install", _pushed.Bare);
        _run = _checkout.Start("run");
        await ProductCheckout.Started(_run);
    }

    public string NextAnswer(EditKind kind) => _pushed.NextAnswer(kind);

    public Task Prepare(EditKind kind) => _pushed.Edit(kind);

    public Task Edit(EditKind kind)
    {
        _position = _run!.Position;
        return _pushed.Push();
    }

    public async Task Rest() => Phases = ReportedPhases.Of(await ProductCheckout.Event(_run!, "reload.committed", _position));

    public ValueTask DisposeAsync() => _checkout.DisposeAsync();
}
