using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using WatchReload.Control;

namespace WatchReload.Builder.Endpoint;

/// <summary>The builder's routes.</summary>
internal sealed class BuilderEndpoint(BuildQueue queue)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/status", context => context.WriteJson(queue.Status, ControlJson.Default.BuilderStatus));
        routes.MapPost("/v1/build", Build);
        routes.MapPost("/v1/practise", Practise);
        routes.MapPost("/v1/analyze", Analyze);
        routes.MapPost("/v1/warmup", WarmUp);
        routes.MapPost("/v1/ready", context => queue.WhenReady(context.RequestAborted));
        routes.MapPost("/v1/anticipate", Anticipate);
        routes.MapPost("/v1/cancel", _ => queue.Cancel());
    }

    private async Task Build(HttpContext context)
    {
        var request = await context.ReadJson(ControlJson.Default.BuildRequest);
        await context.WriteLines(queue.Build(request, context.RequestAborted), ControlJson.Default.BuildEvent);
    }

    private async Task Practise(HttpContext context)
    {
        var request = await context.ReadJson(ControlJson.Default.BuildRequest);
        await context.WriteLines(queue.Practise(request, context.RequestAborted), ControlJson.Default.BuildEvent);
    }

    /// <summary>One line or none. It goes with the end of the answer, so that the client is woken once.</summary>
    private async Task Anticipate(HttpContext context)
    {
        var request = await context.ReadJson(ControlJson.Default.BuildRequest);
        var lines = Channel.CreateUnbounded<BuildEvent>();
        var answering = Answer(request, lines.Writer, context.RequestAborted);
        await context.WriteLines(lines.Reader, ControlJson.Default.BuildEvent);
        await answering;
    }

    private async Task Answer(BuildRequest request, ChannelWriter<BuildEvent> lines, CancellationToken cancellation)
    {
        try
        {
            if (await queue.Anticipate(request, cancellation) is { } outcome)
                lines.TryWrite(new BuildEvent { Outcome = outcome });
            lines.Complete();
        }
        catch (Exception e)
        {
            lines.Complete(e); // which the request throws
        }
    }

    private async Task Analyze(HttpContext context)
    {
        var request = await context.ReadJson(ControlJson.Default.BuildRequest);
        await context.WriteLines(queue.Analyze(request, context.RequestAborted), ControlJson.Default.BuildEvent);
    }

    private async Task WarmUp(HttpContext context)
    {
        var request = await context.ReadJson(ControlJson.Default.BuildRequest);
        await context.WriteLines(queue.WarmUp(request, context.RequestAborted), ControlJson.Default.BuildEvent);
    }
}
