using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using WatchReload.Control;
using WatchReload.Daemon.Flow;

namespace WatchReload.Daemon.Resident;

/// <summary>
/// The daemon's routes. An order's events stream to whoever gave it, the verdict last; when that one goes away, the work goes on.
/// </summary>
internal sealed class ResidentRoutes(AttemptQueue queue, Pipeline pipeline, IReadOnlyList<NodeSeat> seats, Func<ResidentStatus> status, Action stop, ILogger<ResidentRoutes> log)
{
    private readonly AttemptStream _stream = new(queue, pipeline, log);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/status", context => context.WriteJson(status(), ResidentJson.Default.ResidentStatus));
        routes.MapPost("/v1/reload", context => Take(context, OrderJson.Default.ReloadOrder));
        routes.MapPost("/v1/pull", context => Take(context, OrderJson.Default.PullOrder));
        routes.MapPost("/v1/gate", context => Take(context, OrderJson.Default.GateOrder));
        routes.MapPost("/v1/rollback", context => Take(context, OrderJson.Default.RollbackOrder));
        routes.MapPost("/v1/build", context => Take(context, OrderJson.Default.BuildOrder));
        routes.MapPost("/v1/restart", context => Take(context, OrderJson.Default.RestartOrder));
        routes.MapGet("/v1/attach", _stream.Attach);
        routes.MapGet(CutAnswers.Route, _stream.TellCut);
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

        await _stream.Take(context, order);
    }
}
