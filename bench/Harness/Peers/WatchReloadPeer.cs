using System.Net;
using System.Text.Json;
using WatchReload.Bench.Processes;
using WatchReload.Bench.Services;

namespace WatchReload.Bench.Peers;

/// <summary><c>watchreload watch</c> on the chat of src/Service.</summary>
internal sealed class WatchReloadPeer(Workplace workplace, int bulkFiles, string directory = "watchreload") : ILivePeer
{
    private readonly ServiceTree _tree = ServiceTree.ForNode(workplace.Beside(directory), bulkFiles);
    private ChildProcess? _watch;
    private int _position;

    public string Name => PeerNames.WatchReload;

    public IPEndPoint Endpoint { get; } = Ports.Fresh();

    public IReadOnlyDictionary<string, double> Phases { get; private set; } = new Dictionary<string, double>();

    /// <summary>Of the process that serves.</summary>
    public int NodePid { get; private set; }

    public int DaemonPid => _watch!.Pid;

    public string Root => _tree.Root;

    public bool Knows(EditKind kind) => true;

    public async Task Start()
    {
        await Git.Run(workplace, _tree.Root, "init", "--quiet", "--initial-branch=main");
        var start = workplace.Prepare("dotnet", _tree.Root, Repository.Command, "watch", "--json");
        start.Environment["Chat__Endpoint"] = Endpoint.ToString();
        _watch = ChildProcess.Start(start);
        var started = await Event(0, "node.started");
        NodePid = started.GetProperty("pid").GetInt32();
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
        var committed = await Event(_position, "reload.committed");
        Phases = ReportedPhases.Of(committed);
    }

    /// <summary>The next event of that name; one that tells of a failure ends the case.</summary>
    private async Task<JsonElement> Event(int from, string name)
    {
        var line = await _watch!.Line(l => !l.IsError && NameOf(l.Text) is { } found && (found == name || IsFailure(found)), name, from);
        return NameOf(line.Text) == name ? Parse(line.Text) : throw _watch.Failed($"said {line.Text} instead of {name}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_watch is not null) await _watch.DisposeAsync();
    }

    private static bool IsFailure(string name) => name is "build.failed" or "reload.refused" or "node.exited";

    private static string? NameOf(string line) => Parse(line).TryGetProperty("event", out var name) ? name.GetString() : null;

    private static JsonElement Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }
}
