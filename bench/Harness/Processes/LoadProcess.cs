using System.Net;
using System.Text.Json;
using WatchReload.Bench.Load;

namespace WatchReload.Bench.Processes;

/// <summary>The load client as a process of its own, by requests and answers.</summary>
internal sealed class LoadProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private int _lastId;

    private LoadProcess(ChildProcess process) => _process = process;

    public int Pid => _process.Pid;

    /// <summary>Connected and greeted, and silent.</summary>
    public static async Task<LoadProcess> Connect(Workplace workplace, IPEndPoint endpoint, int connections, string names = "c")
    {
        var load = new LoadProcess(ChildProcess.Start(workplace.Prepare("dotnet", workplace.Beside("."), Repository.LoadClient)));
        load._process.TryPrefer(); // where it is not let, its lag shows in the report
        await load.Ask("connect", r => r with { Endpoint = endpoint.ToString(), Connections = connections, Names = names });
        return load;
    }

    /// <summary>Open loop, at that rate over all connections.</summary>
    public Task Load(double perSecond) => Ask("load", r => r with { Rate = perSecond });

    /// <summary>Closed loop.</summary>
    public Task Pump(int depth) => Ask("pump", r => r with { Depth = depth });

    /// <summary>Sends no more, and waits for all answers.</summary>
    public Task<LoadAnswer> Quiesce() => Ask("quiesce", r => r with { Seconds = 20 });

    public async Task<Counts> Counts() => (await Ask("counts", r => r)).Counts!;

    public Task Forget() => Ask("forget", r => r);

    public async Task<LatencyFigures> Measure(IReadOnlyList<Span> spans) =>
        (await Ask("measure", r => r with { Windows = new Dictionary<string, IReadOnlyList<Span>> { ["it"] = spans } })).Windows["it"];

    /// <summary>Begins to ask for the version; the task ends when all connections have answered with it.</summary>
    public async Task<Found> Seek(string version, double perSecond = 1000, TimeSpan? within = null) =>
        (await Ask("seek", r => r with { Version = version, Rate = perSecond, Seconds = (within ?? TimeSpan.FromMinutes(1)).TotalSeconds })).Found!;

    public async ValueTask DisposeAsync()
    {
        _process.Input.Close();
        await _process.DisposeAsync();
    }

    private async Task<LoadAnswer> Ask(string what, Func<LoadRequest, LoadRequest> fill)
    {
        var request = fill(new LoadRequest(Interlocked.Increment(ref _lastId), what));
        var from = _process.Position;
        await _process.Input.WriteLineAsync(JsonSerializer.Serialize(request, LoadJson.Default.LoadRequest));
        await _process.Input.FlushAsync();
        LoadAnswer? answer = null;
        await _process.Line(line => !line.IsError && (answer = JsonSerializer.Deserialize(line.Text, LoadJson.Default.LoadAnswer)!).Id == request.Id, $"an answer to {what}", from);
        return answer!.Error is null ? answer : throw new BenchException($"The load client could not {what}: {answer.Error}");
    }
}
