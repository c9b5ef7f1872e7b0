using System.Net;
using WatchReload.Bench.Processes;
using WatchReload.Bench.Services;
using WatchReload.Control;

namespace WatchReload.Bench.Peers;

/// <summary><c>watchreload run</c>: production, a Release build.</summary>
internal sealed class WatchReloadRun : IAsyncDisposable
{
    private readonly ServiceTree _tree;

    public WatchReloadRun(Workplace workplace, int bulkFiles)
    {
        _tree = ServiceTree.ForNode(workplace.Beside("watchreload"), bulkFiles);
        Checkout = new ProductCheckout(workplace, _tree.Root);
    }

    public ProductCheckout Checkout { get; }

    public IPEndPoint Endpoint => Checkout.Endpoint;

    public StateDirectory State => Checkout.State;

    public int NodePid { get; private set; }

    public ServiceTree Tree => _tree;

    public async Task Start()
    {
        await Checkout.Commit();
        await Resume();
    }

    /// <summary>Starts on what is there.</summary>
    public async Task<ChildProcess> Resume()
    {
        var run = Checkout.Start("run");
        NodePid = (await ProductCheckout.Event(run, "node.started")).GetProperty("pid").GetInt32();
        return run;
    }

    public ValueTask DisposeAsync() => Checkout.DisposeAsync();
}
