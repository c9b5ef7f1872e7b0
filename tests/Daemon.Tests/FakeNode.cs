using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using WatchReload.Control;

namespace WatchReload.Daemon.Tests;

/// <summary>A node behind a real pipe server, whose answers the test decides.</summary>
internal sealed class FakeNode : IAsyncDisposable
{
    private const int MoreThanIsBuffered = 8 << 20;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<bool>> _held = new();
    private readonly TaskCompletionSource _stopped = new();
    private readonly TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PipeServer? _pipe;
    private int _ids;

    private FakeNode(string name) => Status = new NodeStatus { Node = name, Pid = Environment.ProcessId, Instance = "i1", Version = 1, Release = "r000001" };

    public NodeStatus Status { get; set; }

    /// <summary>What it tells of trials, each time that it is asked.</summary>
    public IReadOnlyList<TrialEnd> Trials { get; set; } = [];

    /// <summary>Every request, in order.</summary>
    public ConcurrentQueue<(ReloadRequest Request, string Query)> Requests { get; } = new();

    public ConcurrentQueue<bool> Decisions { get; } = new();

    /// <summary>What a reload answers; the default commits.</summary>
    public Func<FakeNode, ReloadRequest, ReloadReport> Answer { get; set; } = Commit;

    /// <summary>Until then it has prepared, and not told yet what came of it.</summary>
    public TaskCompletionSource MayReport { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Runs before the answer.</summary>
    public Func<ReloadRequest, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Cuts the connection instead of sending the report.</summary>
    public bool CutsOff { get; set; }

    /// <summary>Cuts the connection of whoever asks for the status.</summary>
    public bool CutsOffStatus { get; set; }

    public Task Stopped => _stopped.Task;

    /// <summary>Whoever asked has read that it prepared, and waits for what came of it: <see cref="MayReport"/>.</summary>
    public Task Read => _read.Task;

    /// <param name="state">Where it listens.</param>
    /// <param name="name">Its name.</param>
    /// <param name="reports">At once; else when <see cref="MayReport"/> says so.</param>
    public static async Task<FakeNode> Start(StateDirectory state, string name = "main", bool reports = true)
    {
        var node = new FakeNode(name);
        if (reports)
            node.MayReport.SetResult();
        node._pipe = await PipeServer.Start(new PipeServerOptions { State = state, Name = name, Instance = "i1" }, node.Map, TestContext.Current.CancellationToken);
        return node;
    }

    public static ReloadReport Commit(FakeNode node, ReloadRequest request)
    {
        var before = node.Status.Version;
        node.Status = node.Status with
        {
            Version = before + 1,
            Release = request.Release,
            Fence = request.Fence,
            OldVersions = [new OldVersion(before, "unloaded", [])],
        };
        return new ReloadReport
        {
            Verdict = ReloadVerdict.Committed,
            Release = request.Release,
            Version = before + 1,
            PreviousVersion = before,
            Phases = [new ReloadPhase("prepare", 1.5)],
            GateMs = 0.25,
            Mapped = 64,
        };
    }

    public static Func<FakeNode, ReloadRequest, ReloadReport> Refuse(params string[] problems) => (node, request) =>
        new ReloadReport { Verdict = ReloadVerdict.Refused, Release = request.Release, Version = node.Status.Version, Problems = problems };

    public async ValueTask DisposeAsync()
    {
        if (_pipe is not null)
            await _pipe.DisposeAsync();
    }

    private void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/status", context =>
        {
            if (!CutsOffStatus)
                return context.WriteJson(Status, ControlJson.Default.NodeStatus);
            context.Abort();
            return Task.CompletedTask;
        });
        routes.MapGet("/v1/trials", context => context.WriteLines(Trials.ToAsyncEnumerable(), ControlJson.Default.TrialEnd));
        routes.MapPost("/v1/reload", Reload);
        routes.MapPost("/v1/reload/{id}/commit", context => Decide(context, true));
        routes.MapPost("/v1/reload/{id}/abort", context => Decide(context, false));
        routes.MapPost("/v1/stop", context =>
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            _stopped.TrySetResult();
            return Task.CompletedTask;
        });
    }

    private async Task Reload(HttpContext context)
    {
        var request = await context.ReadJson(ControlJson.Default.ReloadRequest);
        Requests.Enqueue((request, context.Request.QueryString.Value ?? ""));
        await Before(request);
        if (CutsOff)
        {
            Answer(this, request);
            context.Abort();
            return;
        }

        var id = $"held{Interlocked.Increment(ref _ids)}";
        await context.WriteLines(Lines(request, id, context.Request.Query.ContainsKey("hold")), ControlJson.Default.ReloadEvent, id);
    }

    private async IAsyncEnumerable<ReloadEvent> Lines(ReloadRequest request, string id, bool hold)
    {
        yield return new ReloadEvent { Phase = new ReloadPhase("load", 1) };
        yield return new ReloadEvent { Phase = new ReloadPhase("prepare", 1) };
        if (!MayReport.Task.IsCompleted)
        {
            // More than lies between the two ends: it is sent when what comes before it has been read.
            yield return new ReloadEvent { Phase = new ReloadPhase(new string('-', MoreThanIsBuffered), 1) };
            _read.SetResult();
            await MayReport.Task;
        }

        if (hold && Answer == Commit)
        {
            var decision = _held[id] = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            yield return new ReloadEvent { Held = true };
            if (!await decision.Task)
            {
                yield return new ReloadEvent { Report = new ReloadReport { Verdict = ReloadVerdict.Refused, Version = Status.Version, Problems = ["aborted"] } };
                yield break;
            }
        }

        yield return new ReloadEvent { Report = Answer(this, request) };
    }

    private Task Decide(HttpContext context, bool commit)
    {
        Decisions.Enqueue(commit);
        context.Response.StatusCode = _held.TryRemove((string)context.GetRouteValue("id")!, out var held) && held.TrySetResult(commit) ? StatusCodes.Status204NoContent : StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
