using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using WatchReload.Control;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Flow;

namespace WatchReload.Daemon.Resident;

/// <summary>An attempt's events as the answer of a route, the verdict last; when whoever asked goes away, the work goes on.</summary>
/// <param name="queue">Does the work.</param>
/// <param name="pipeline">Of the checkout.</param>
/// <param name="log">Of the routes.</param>
/// <param name="shown">How this route's peers see an event.</param>
internal sealed class AttemptStream(AttemptQueue queue, Pipeline pipeline, ILogger log, Func<DaemonEvent, DaemonEvent>? shown = null)
{
    /// <summary>Answers that have no verdict.</summary>
    private readonly CutAnswers _cut = new();

    /// <summary>Done when all is told, or nobody listens any more.</summary>
    /// <param name="context">Who asks.</param>
    /// <param name="order">What is wanted.</param>
    /// <param name="done">When the work is, whoever listens.</param>
    public async Task Take(HttpContext context, Order order, Action? done = null)
    {
        ResidentLog.Taken(log, order.Cause, order.By ?? "unknown");
        var told = new ChannelSink();
        Task<DaemonEvent> verdict;
        try
        {
            verdict = queue.Submit(Attempts.Of(order, pipeline), told);
        }
        catch (ObjectDisposedException)
        {
            done?.Invoke();
            await context.WriteError(StatusCodes.Status503ServiceUnavailable, "The daemon is ending: nothing was begun.", "Do it again when the next one has started.");
            return;
        }

        var id = NewId();
        _ = Finish(verdict, told, id, done);
        await Tell(context, told, id);
    }

    /// <summary>The attempt under way, from its first event; no line when there is none.</summary>
    public async Task Attach(HttpContext context)
    {
        var (told, id) = (new ChannelSink(), NewId());
        if (queue.Attach(told) is { } verdict)
            _ = Finish(verdict, told, id, null);
        else
            told.Complete(null);
        await Tell(context, told, id);
    }

    /// <summary>What the answer would have been, had the defect come before it began. What it was is said to those who run the service: it may name what is of no other's concern.</summary>
    public Task TellCut(HttpContext context) => _cut.Of((string)context.GetRouteValue("id")!) is { } defect
        ? context.WriteError(StatusCodes.Status500InternalServerError, shown is null ? $"It failed by a defect: {defect.Message}" : "It failed by a defect of the daemon.",
            shown is null ? "The daemon goes on; its log has the details. What it had begun it may have finished; look: watchreload status" : "The daemon goes on. Ask those who run the service; its log has the details, and its history what became of it.")
        : context.WriteError(StatusCodes.Status404NotFound, "No such answer was cut by a defect.", "Look: watchreload status, watchreload history");

    private static string NewId() => Guid.NewGuid().ToString("N");

    private Task Tell(HttpContext context, ChannelSink told, string id)
    {
        return shown is null
            ? context.WriteLines(told.Reader, EventJson.Default.DaemonEvent, id)
            : context.WriteLines(told.Reader.ReadAllAsync(context.RequestAborted).Select(shown), EventJson.Default.DaemonEvent, id);
    }

    private async Task Finish(Task<DaemonEvent> verdict, ChannelSink told, string id, Action? done)
    {
        Exception? failure = null;
        try
        {
            await verdict;
        }
        catch (Exception e)
        {
            failure = e;
            if (e is not OperationCanceledException)
            {
                ResidentLog.AttemptFailed(log, e);
                _cut.Add(id, e);
            }
        }

        try
        {
            done?.Invoke(); // before the answer ends: who has it finds nothing of this push any more
        }
        finally
        {
            told.Complete(failure); // a failure cuts the answer: it must not look like one with a verdict
        }
    }
}
