using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using WatchReload.Control;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Flow;

namespace WatchReload.Daemon.Resident;

/// <summary>
/// The daemon's routes. An order's events stream to whoever gave it, the verdict last; when that one goes away, the work goes on.
/// </summary>
internal sealed class ResidentRoutes(AttemptQueue queue, Pipeline pipeline, IReadOnlyList<NodeSeat> seats, Func<ResidentStatus> status, Action stop, ILogger<ResidentRoutes> log)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/status", context => context.WriteJson(status(), ResidentJson.Default.ResidentStatus));
        routes.MapPost("/v1/reload", context => Take(context, OrderJson.Default.ReloadOrder));
        routes.MapPost("/v1/pull", context => Take(context, OrderJson.Default.PullOrder));
        routes.MapPost("/v1/gate", context => Take(context, OrderJson.Default.GateOrder));
        routes.MapPost("/v1/rollback", context => Take(context, OrderJson.Default.RollbackOrder));
        routes.MapPost("/v1/build", context => Take(context, OrderJson.Default.BuildOrder));
        routes.MapPost("/v1/restart", context => Take(context, OrderJson.Default.RestartOrder));
        routes.MapGet("/v1/attach", Attach);
        routes.MapPost("/v1/stop", context =>
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            stop();
            return Task.CompletedTask;
        });
    }

    private async Task Take<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : Order
    {
        var order = await context.ReadJson(type);
        if (order.Nodes.Except(seats.Select(s => s.Name)).FirstOrDefault() is { } unknown)
        {
            await context.WriteError(StatusCodes.Status400BadRequest, $"The daemon has no node \"{unknown}\".", $"It has: {string.Join(", ", seats.Select(s => s.Name))}. Was watch.json changed after it started?");
            return;
        }

        ResidentLog.Taken(log, order.Cause, order.By ?? "unknown");
        var told = new ChannelSink();
        _ = Finish(queue.Submit(Attempts.Of(order, pipeline), told), told);
        await context.WriteLines(told.Reader.ReadAllAsync(context.RequestAborted), EventJson.Default.DaemonEvent);
    }

    /// <summary>The attempt under way, from its first event; no line when there is none.</summary>
    private async Task Attach(HttpContext context)
    {
        var told = new ChannelSink();
        if (queue.Attach(told) is { } verdict)
            _ = Finish(verdict, told);
        else
            told.Complete(null);
        await context.WriteLines(told.Reader.ReadAllAsync(context.RequestAborted), EventJson.Default.DaemonEvent);
    }

    private async Task Finish(Task<DaemonEvent> verdict, ChannelSink told)
    {
        try
        {
            await verdict;
            told.Complete(null);
        }
        catch (Exception e)
        {
            if (e is not OperationCanceledException)
                ResidentLog.AttemptFailed(log, e);
            told.Complete(e); // cuts the answer: it must not look like one with a verdict
        }
    }
}
