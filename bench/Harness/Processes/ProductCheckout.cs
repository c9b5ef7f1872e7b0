using System.Net;
using System.Text.Json;
using WatchReload.Control;

namespace WatchReload.Bench.Processes;

/// <summary>A git checkout with a service for WatchReload, and the command on it.</summary>
internal sealed class ProductCheckout(Workplace workplace, string root) : IAsyncDisposable
{
    private static readonly string[] Failures = ["build.failed", "reload.refused", "node.exited", "git.refused"];

    /// <summary>For a first build, which may be of many projects.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(10);
    private readonly List<ChildProcess> _commands = [];

    public IPEndPoint Endpoint { get; } = Ports.Fresh();

    public string Root => root;

    /// <summary>What the service is told, beside its endpoint.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    public StateDirectory State => new(Path.Combine(root, ".git", "watchreload"));

    /// <summary>Everything committed.</summary>
    public async Task Commit()
    {
        await Git.Run(workplace, root, "init", "--quiet", "--initial-branch=main");
        await Git.Run(workplace, root, "add", "--all");
        await Git.Run(workplace, root, "commit", "--quiet", "--message", "first");
    }

    public ChildProcess Start(params string[] arguments)
    {
        var start = workplace.Prepare("dotnet", root, [Repository.Command, .. arguments, "--json"]);
        start.Environment["Chat__Endpoint"] = Endpoint.ToString();
        foreach (var (name, value) in Settings) start.Environment[name] = value;
        var command = ChildProcess.Start(start);
        _commands.Add(command);
        return command;
    }

    /// <summary>Runs the command to its end. Its events.</summary>
    public async Task<IReadOnlyList<JsonElement>> Run(params string[] arguments)
    {
        var command = Start(arguments);
        if (await command.Exit() != 0) throw command.Failed("failed");
        await command.Drained;
        return [.. command.Lines.Where(l => !l.IsError).Select(l => Parse(l.Text))];
    }

    /// <summary>The node serves: <c>node.started</c>, and its pid.</summary>
    public static async Task<int> Started(ChildProcess command) => (await Event(command, "node.started", within: StartPatience)).GetProperty("pid").GetInt32();

    /// <summary>The next event of that name, from that position on; one that tells of a failure ends the case.</summary>
    public static async Task<JsonElement> Event(ChildProcess command, string name, int from = 0, TimeSpan? within = null)
    {
        var line = await command.Line(l => !l.IsError && NameOf(l.Text) is { } found && (found == name || Failures.Contains(found)), name, from, within);
        return NameOf(line.Text) == name ? Parse(line.Text) : throw command.Failed($"said {line.Text} instead of {name}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var command in Enumerable.Reverse(_commands)) await command.DisposeAsync();
    }

    private static string? NameOf(string line) => Parse(line).TryGetProperty("event", out var name) ? name.GetString() : null;

    private static JsonElement Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }
}
