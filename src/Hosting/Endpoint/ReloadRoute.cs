using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Hosting.Endpoint;

/// <summary><c>POST /v1/reload</c>, and the decision on one that is held.</summary>
internal sealed class ReloadRoute(INode node, StateDirectory state, ILogger<ReloadRoute> log)
{
    public async Task Reload(HttpContext context)
    {
        var query = ReloadQuery.Parse(context.Request.Query);
        var request = await context.ReadJson(ControlJson.Default.ReloadRequest);
        var problems = query.Problems.Concat(ReloadRequestCheck.Problems(request, state)).ToList();
        if (request.Delta is not null && (query.Rehearse || query.Hold is not null))
            problems.Add("Deltas can be neither rehearsed nor held: once they are applied there is nothing to let go of.");
        if (problems.Count > 0)
        {
            var all = string.Join(" ", problems);
            EndpointLog.BadRequest(log, all);
            await context.WriteError(StatusCodes.Status400BadRequest, all, "Nothing was loaded. Have a release delivered by the watchreload command of this state directory.");
            return;
        }

        var id = RandomNumberGenerator.GetHexString(16, lowercase: true);
        if (!WalkCauses.IsPractice(request, query.Rehearse))
            Asked(request, id);
        var events = ReloadRelay.Begin(node, request, query, id, log, context.RequestAborted);
        await context.WriteLines(events, ControlJson.Default.ReloadEvent, id);
    }

    private void Asked(ReloadRequest request, string id)
    {
        if (request.Delta is null) EndpointLog.ReloadAsked(log, id, request.Release, request.Cause);
        else EndpointLog.DeltaAsked(log, id, request.Release, request.Cause);
    }

    public Task Decide(HttpContext context, bool commit)
    {
        var id = (string)context.GetRouteValue("id")!;
        if (!node.Decide(id, commit))
            return context.WriteError(StatusCodes.Status404NotFound, $"No reload is held under {id}.", "It was decided already, or let go of when its hold ran out; the lines of its own answer say which. Reload again.");
        EndpointLog.Decided(log, id, commit ? "commit" : "abort");
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
