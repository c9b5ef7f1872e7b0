using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Hosting.Endpoint;

/// <summary>The node's side of the pipe: its routes, over <see cref="INode"/>.</summary>
internal static class NodeEndpoint
{
    /// <summary>Listens under the node's name, until what it returns is disposed.</summary>
    /// <exception cref="ControlException">The state directory cannot be trusted, or another process listens under that name.</exception>
    public static Task<PipeServer> Start(INode node, StateDirectory state, ILoggerFactory logging, CancellationToken cancellation = default)
    {
        var options = new PipeServerOptions { State = state, Name = node.Name, Instance = node.Instance, Logging = logging };
        return PipeServer.Start(options, routes => Map(routes, node, state, logging), cancellation);
    }

    private static void Map(IEndpointRouteBuilder routes, INode node, StateDirectory state, ILoggerFactory logging)
    {
        var reload = new ReloadRoute(node, state, logging.CreateLogger<ReloadRoute>());
        routes.MapGet("/v1/status", context => context.WriteJson(node.Status(), ControlJson.Default.NodeStatus));
        routes.MapGet("/v1/metrics", context => context.WriteText(node.Metrics(), "text/plain; version=0.0.4; charset=utf-8"));
        routes.MapGet("/v1/trials", context => context.WriteLines(node.Trials(context.RequestAborted), ControlJson.Default.TrialEnd));
        routes.MapPost("/v1/reload", reload.Reload);
        routes.MapPost("/v1/reload/{id}/commit", context => reload.Decide(context, commit: true));
        routes.MapPost("/v1/reload/{id}/abort", context => reload.Decide(context, commit: false));
        routes.MapPost("/v1/stop", context =>
        {
            node.Stop();
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return Task.CompletedTask; // the stopping server still sends this answer
        });
    }
}
