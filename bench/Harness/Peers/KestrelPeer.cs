using System.Net;
using WatchReload.Bench.Processes;
using WatchReload.Bench.Services;

namespace WatchReload.Bench.Peers;

/// <summary>The same lines on Kestrel and nothing else, optimized: what is to be had of the machine. Its code cannot be changed.</summary>
internal sealed class KestrelPeer(Workplace workplace) : ILivePeer
{
    private ChildProcess? _process;

    public string Name => PeerNames.Kestrel;

    public IPEndPoint Endpoint { get; } = Ports.Fresh();

    public IReadOnlyDictionary<string, double> Phases => new Dictionary<string, double>();

    public int Pid => _process!.Pid;

    public bool Knows(EditKind kind) => false;

    public async Task Start()
    {
        var start = workplace.Prepare("dotnet", workplace.Beside("."), Repository.Kestrel);
        start.Environment["Chat__Endpoint"] = Endpoint.ToString();
        _process = ChildProcess.Start(start);
        await Serving.Greeted(Endpoint, _process);
    }

    public string NextAnswer(EditKind kind) => throw new NotSupportedException("Its code cannot be changed.");

    public Task Edit(EditKind kind) => throw new NotSupportedException("Its code cannot be changed.");

    public Task Rest() => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
    }
}
