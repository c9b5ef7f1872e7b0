using System.Globalization;
using System.Net;
using WatchReload.Bench.Processes;
using WatchReload.Bench.Services;

namespace WatchReload.Bench.Peers;

/// <summary>A push that publishes and restarts the process; with <paramref name="behindSocket"/> the listening socket stays open meanwhile.</summary>
internal sealed class RestartPush(Workplace workplace, int bulkFiles, bool behindSocket) : ILivePeer
{
    private readonly string _name = behindSocket ? "restart-socket" : "restart";
    private PushedTree? _pushed;
    private ChildProcess? _keeper;
    private Dictionary<string, string> _hook = [];

    public string Name => behindSocket ? PeerNames.RestartBehindSocket : PeerNames.Restart;

    public IPEndPoint Endpoint { get; } = Ports.Fresh();

    public IReadOnlyDictionary<string, double> Phases => new Dictionary<string, double>();

    public bool Knows(EditKind kind) => !kind.IsOfLibraries();

    public async Task Start()
    {
        _pushed = new PushedTree(workplace, ServiceTree.ForProcess(workplace.Beside(_name), bulkFiles), _name);
        await _pushed.Begin();
        var first = workplace.Beside(_name + "-out/first");
        await using var publish = ChildProcess.Start(workplace.Prepare("dotnet", _pushed.Served, "publish", "service/Service.csproj", "-c", "Release", "-o", first, "-v", "quiet", "--nologo"));
        if (await publish.Exit() != 0) throw publish.Failed("failed");
        var current = workplace.Beside(_name + "-out/current");
        File.CreateSymbolicLink(current, first);
        var service = Path.Combine(current, "Service.dll");
        var start = workplace.Prepare("dotnet", _pushed.Served, [Repository.Keeper, .. behindSocket ? ["--bind", Endpoint.ToString()] : Array.Empty<string>(), "dotnet", service]);
        start.Environment["Chat__Endpoint"] = Endpoint.ToString();
        _keeper = ChildProcess.Start(start);
        _hook = new()
        {
            ["BENCH_CHECKOUT"] = _pushed.Served,
            ["BENCH_OUT"] = workplace.Beside(_name + "-out"),
            ["BENCH_KEEPER"] = _keeper.Pid.ToString(CultureInfo.InvariantCulture),
        };
        File.Copy(Repository.Path("bench/peers/restart/post-receive"), Path.Combine(_pushed.Bare, "hooks", "post-receive"));
        await Serving.Greeted(Endpoint, _keeper);
    }

    public string NextAnswer(EditKind kind) => _pushed!.NextAnswer(kind);

    public Task Prepare(EditKind kind) => _pushed!.Edit(kind);

    public Task Edit(EditKind kind) => _pushed!.Push(_hook);

    public Task Rest() => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_keeper is not null) await _keeper.DisposeAsync();
    }
}
