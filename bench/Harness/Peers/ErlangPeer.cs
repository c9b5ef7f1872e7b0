using System.Globalization;
using System.Net;
using WatchReload.Bench.Processes;
using WatchReload.Bench.Services;

namespace WatchReload.Bench.Peers;

/// <summary>The Erlang recipe: compile, load into the running node by a second one, tell every process.</summary>
internal sealed class ErlangPeer(Workplace workplace) : ILivePeer
{
    private readonly string _directory = workplace.Beside("erlang");
    private int _version = 1;

    public string Name => PeerNames.Erlang;

    public IPEndPoint Endpoint { get; } = Ports.Fresh();

    public IReadOnlyDictionary<string, double> Phases => new Dictionary<string, double>();

    /// <summary>Of the VM.</summary>
    public int Pid => int.Parse(File.ReadAllText(Path.Combine(_directory, "pid")), CultureInfo.InvariantCulture);

    public bool Knows(EditKind kind) => kind == EditKind.Body;

    public Task Start() => Recipe("start", Endpoint.Port.ToString(CultureInfo.InvariantCulture), _directory);

    public string NextAnswer(EditKind kind) => (_version + 1).ToString(CultureInfo.InvariantCulture);

    public Task Edit(EditKind kind) => Recipe("edit", _directory, (++_version).ToString(CultureInfo.InvariantCulture));

    public Task Rest() => Task.CompletedTask;

    public async ValueTask DisposeAsync() => await Recipe("stop", _directory);

    private async Task Recipe(params string[] arguments)
    {
        await using var recipe = ChildProcess.Start(workplace.Prepare("bash", workplace.Beside("."), [Repository.Path("bench/peers/erlang/recipe.sh"), .. arguments]));
        if (await recipe.Exit() != 0) throw recipe.Failed("failed");
    }
}
