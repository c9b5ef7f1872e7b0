using System.Net;
using WatchReload.Bench.Processes;
using WatchReload.Bench.Services;

namespace WatchReload.Bench.Peers;

/// <summary><c>dotnet watch</c> on the same lines over bare Kestrel. For an edit that it cannot apply it restarts, as it is told here.</summary>
internal sealed class DotnetWatchPeer(Workplace workplace, int bulkFiles, bool libraries = false) : ILivePeer
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);
    private readonly ServiceTree _tree = ServiceTree.ForProcess(workplace.Beside("dotnet-watch"), bulkFiles, libraries);
    private ChildProcess? _watch;

    public string Name => PeerNames.DotnetWatch;

    public IPEndPoint Endpoint { get; } = Ports.Fresh();

    public IReadOnlyDictionary<string, double> Phases => new Dictionary<string, double>();

    public bool Knows(EditKind kind) => _tree.Knows(kind);

    public async Task Start()
    {
        var start = workplace.Prepare("dotnet", _tree.Service, "watch", "--non-interactive", "run");
        start.Environment["Chat__Endpoint"] = Endpoint.ToString();
        start.Environment["DOTNET_WATCH_RESTART_ON_RUDE_EDIT"] = "true";
        start.Environment["DOTNET_WATCH_SUPPRESS_EMOJIS"] = "true";
        _watch = ChildProcess.Start(start);
        await Serving.Greeted(Endpoint, _watch);
        await _watch.Line(l => l.Text.Contains("Waiting for changes", StringComparison.Ordinal), "that it waits for changes");
    }

    public string NextAnswer(EditKind kind) => _tree.NextAnswer(kind);

    public Task Edit(EditKind kind)
    {
        _tree.Edit(kind);
        return Task.CompletedTask;
    }

    /// <summary>It does not say when it is done; after this long without a line it is taken to be.</summary>
    public async Task Rest()
    {
        for (var seen = -1; seen != _watch!.Position;)
        {
            seen = _watch.Position;
            await Task.Delay(Quiet);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_watch is not null) await _watch.DisposeAsync();
    }
}
