using System.Net;
using WatchReload.Bench.Processes;
using WatchReload.Bench.Services;
using WatchReload.Control;

namespace WatchReload.Bench.Peers;

/// <summary>A Release build, by <c>watchreload run</c> as in production; or by <c>watch</c>, whose versions are loaded for good, which is what code that can be let go of is compared with.</summary>
internal sealed class WatchReloadRun : IAsyncDisposable
{
    private readonly string _verb;
    private ChildProcess? _run;

    public WatchReloadRun(Workplace workplace, int bulkFiles, bool forGood = false)
    {
        _verb = forGood ? "watch" : "run";
        Checkout = new ProductCheckout(workplace, ServiceTree.ForNode(workplace.Beside(forGood ? "watchreload-for-good" : "watchreload"), bulkFiles).Root);
        if (forGood) File.WriteAllText(Path.Combine(Checkout.Root, "watch.json"), ServiceProject.ProductionConfiguration);
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
        var run = Checkout.Start(_verb);
        _run = run;
        NodePid = await ProductCheckout.Started(run);
    }

    public ValueTask DisposeAsync() => Checkout.DisposeAsync();
}
