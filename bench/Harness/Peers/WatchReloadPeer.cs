using System.Net;
using WatchReload.Bench.Processes;
using WatchReload.Bench.Services;
using WatchReload.Control;

namespace WatchReload.Bench.Peers;

/// <summary><c>watchreload watch</c> on the chat of src/Service.</summary>
internal sealed class WatchReloadPeer : ILivePeer
{
    private readonly ServiceTree _tree;
    private readonly ProductCheckout _checkout;
    private readonly string[] _options;
    private ChildProcess? _watch;
    private int _position;

    /// <param name="workplace">Where.</param>
    /// <param name="bulkFiles">Of twelve methods.</param>
    /// <param name="libraries">Whether the service builds on a solution of them.</param>
    /// <param name="deltas">Whether edits of bodies may be applied to what is loaded; else each is a new version, as in production.</param>
    public WatchReloadPeer(Workplace workplace, int bulkFiles, bool libraries = false, bool deltas = true)
    {
        Deltas = deltas;
        _options = deltas ? [] : ["--no-delta"];
        _tree = ServiceTree.ForNode(workplace.Beside(deltas ? "watchreload" : "watchreload-no-delta"), bulkFiles, libraries);
        _checkout = new ProductCheckout(workplace, _tree.Root);
    }

    /// <summary>Edits of bodies may be applied to what is loaded.</summary>
    public bool Deltas { get; }

    public string Name => PeerNames.WatchReload;

    public IPEndPoint Endpoint => _checkout.Endpoint;

    public StateDirectory State => _checkout.State;

    public IReadOnlyDictionary<string, double> Phases { get; private set; } = new Dictionary<string, double>();

    /// <summary>That the last edit took.</summary>
    public TakenLane Lane { get; private set; } = new("no");

    /// <summary>Of the process that serves.</summary>
    public int NodePid { get; private set; }

    public int DaemonPid => _watch!.Pid;

    /// <summary>0 while there is none.</summary>
    public int BuilderPid => ProcStat.Children(DaemonPid, "WatchReload.Builder.dll") is [var pid, ..] ? pid : 0;

    /// <summary>Daemon and builder.</summary>
    public IEnumerable<int> WatchingPids => new[] { DaemonPid, BuilderPid }.Where(pid => pid > 0);

    public bool Knows(EditKind kind) => _tree.Knows(kind);

    public async Task Start()
    {
        await _checkout.Commit();
        _watch = _checkout.Start(["watch", .. _options]);
        NodePid = await ProductCheckout.Started(_watch);
    }

    public string NextAnswer(EditKind kind) => _tree.NextAnswer(kind);

    public Task Edit(EditKind kind)
    {
        _position = _watch!.Position;
        _tree.Edit(kind);
        return Task.CompletedTask;
    }

    public async Task Rest()
    {
        var committed = await ProductCheckout.Event(_watch!, "reload.committed", _position);
        Phases = ReportedPhases.Of(committed);
        Lane = TakenLane.Of(committed);
    }

    public ValueTask DisposeAsync() => _checkout.DisposeAsync();
}
