using System.Net;
using WatchReload.Bench.Processes;
using WatchReload.Bench.Services;
using WatchReload.Control;

namespace WatchReload.Bench.Peers;

/// <summary><c>watchreload run</c>: production, a Release build.</summary>
internal sealed class WatchReloadRun : IAsyncDisposable
{
    private ChildProcess? _run;

    public WatchReloadRun(Workplace workplace, int bulkFiles)
    {
        Checkout = new ProductCheckout(workplace, ServiceTree.ForNode(workplace.Beside("watchreload"), bulkFiles).Root);
    }

    public ProductCheckout Checkout { get; }

    public IPEndPoint Endpoint => Checkout.Endpoint;

    public StateDirectory State => Checkout.State;

    public int NodePid { get; private set; }

    public async Task Start()
    {
        await Checkout.Commit();
        await Resume();
    }

    /// <summary>In order, as a supervisor does; the node ends with it.</summary>
    public async Task Stop()
    {
        _run!.Signal("TERM");
        await _run.Exit();
    }

    /// <summary>Starts on what is there.</summary>
    public async Task Resume()
    {
        var run = Checkout.Start("run");
        _run = run;
        NodePid = await ProductCheckout.Started(run);
    }

    public ValueTask DisposeAsync() => Checkout.DisposeAsync();
}
