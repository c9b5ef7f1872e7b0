using System.Diagnostics;
using System.Net;
using WatchReload.Bench.Processes;
using WatchReload.Bench.Services;

namespace WatchReload.Bench.Peers;

/// <summary><c>watchreload run</c> in production, and the hook that <c>watchreload hook install</c> makes.</summary>
internal sealed class WatchReloadPush : ILivePeer
{
    private readonly PushedTree _pushed;
    private readonly ProductCheckout _checkout;
    private readonly bool _isResident;
    private ChildProcess? _run;
    private int _node;
    private int _position;

    /// <param name="workplace">Where.</param>
    /// <param name="bulkFiles">Of twelve methods.</param>
    /// <param name="resident">Whether a daemon is there when somebody pushes; else the hook's command builds, in processes that begin with it.</param>
    public WatchReloadPush(Workplace workplace, int bulkFiles, bool resident = true)
    {
        _isResident = resident;
        var name = resident ? "watchreload" : "watchreload-alone";
        _pushed = new PushedTree(workplace, ServiceTree.ForNode(workplace.Beside(name), bulkFiles), name);
        _checkout = new ProductCheckout(workplace, _pushed.Served);
    }

    public string Name => _isResident ? PeerNames.WatchReload : PeerNames.WatchReloadAlone;

    public IPEndPoint Endpoint => _checkout.Endpoint;

    public IReadOnlyDictionary<string, double> Phases { get; private set; } = new Dictionary<string, double>();

    public bool Knows(EditKind kind) => !kind.IsOfLibraries();

    public async Task Start()
    {
        await _pushed.Begin();
        await _checkout.Run("hook", "install", _pushed.Bare);
        _run = _checkout.Start("run");
        _node = await ProductCheckout.Started(_run);
        if (_isResident)
            return;
        // As when it was killed: the node lives on.
        _run.Signal("KILL");
        await _run.Exit();
    }

    public string NextAnswer(EditKind kind) => _pushed.NextAnswer(kind);

    public Task Prepare(EditKind kind) => _pushed.Edit(kind);

    public Task Edit(EditKind kind)
    {
        _position = _run!.Position;
        return _pushed.Push();
    }

    /// <summary>Without a daemon the push returns with the verdict, and tells the pusher alone.</summary>
    public async Task Rest()
    {
        if (_isResident)
            Phases = ReportedPhases.Of(await ProductCheckout.Event(_run!, "reload.committed", _position));
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_isResident || _node == 0)
                return;
            using var node = Process.GetProcessById(_node);
            node.Kill();
            await node.WaitForExitAsync();
        }
        finally
        {
            await _checkout.DisposeAsync();
        }
    }
}
