using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using WatchReload.Control;
using WatchReload.Daemon.Cli;
using WatchReload.Daemon.Flow;
using WatchReload.Daemon.Git;

namespace WatchReload.Daemon.Resident.Hook;

/// <summary>
/// All that a member of the hook's group can ask of the daemon: deploy what was pushed, rehearse what is being pushed, follow what is under way. It names
/// a ref and a commit; who it is the system says, and what is fetched, from where and as whom is the service's own affair.
/// </summary>
internal sealed class HookRoutes(AttemptStream stream, HandedPushes pushes, Workplace place, ILogger<HookRoutes> log)
{
    /// <summary>Pushes that wait for their verdict, whoever still listens.</summary>
    private const int MostWaiting = 32;

    private int _waiting;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/push", Push);
        routes.MapPost("/v1/rehearse", Rehearse);
        routes.MapGet("/v1/attach", stream.Attach);
    }

    /// <summary>The body names ref and commit, which is stored.</summary>
    private async Task Push(HttpContext context)
    {
        var body = await context.ReadJson(HookJson.Default.HookPush);
        if (await Admit(context, new PushedCommit(body.Ref, body.Commit)) is { } by)
            await stream.Take(context, new PullOrder { Cause = "hook", By = by, Ref = body.Ref, Commit = body.Commit }, Leave);
    }

    /// <summary>The query names ref and commit, which is not accepted yet; the body is a pack of it, and is asked for when all else is right.</summary>
    private async Task Rehearse(HttpContext context)
    {
        var push = new PushedCommit(context.Request.Query["ref"], context.Request.Query["commit"]);
        if (await Admit(context, push) is not { } by)
            return;
        string? objects = null;
        var begun = false;
        try
        {
            objects = await pushes.Receive(context);
            if (objects is null)
                return;
            var quarantine = await HandedPack.Quarantine(place.Checkout!, objects, context.RequestAborted);
            begun = true;
            await stream.Take(context, new GateOrder { Cause = "hook", Rehearse = true, By = by, Ref = push.Ref, Commit = push.Commit, Quarantine = quarantine }, () => Done(objects));
        }
        catch (GitException e) when (!begun)
        {
            await Refuse(context, by, e.Why);
        }
        finally
        {
            if (!begun)
                Done(objects);
        }

        void Done(string? received)
        {
            Leave();
            if (received is not null)
                HandedPushes.Delete(received);
        }
    }

    /// <summary>Who it is, and from now on it waits; null when it was turned away, which is answered.</summary>
    private async Task<string?> Admit(HttpContext context, PushedCommit push)
    {
        var by = context.Features.GetRequiredFeature<Peer>().Name;
        var admitted = false;
        try
        {
            if (Interlocked.Increment(ref _waiting) > MostWaiting)
                await context.WriteError(StatusCodes.Status429TooManyRequests, $"{MostWaiting} pushes wait for their verdict already.", "Wait for them, then push again; what is under way: watchreload attach");
            else if (await Refuses(push, context.RequestAborted) is { } why)
                await Refuse(context, by, why);
            else
                admitted = true;
            return admitted ? by : null;
        }
        finally
        {
            if (!admitted)
                Leave();
        }
    }

    // By its status the client knows not to send the pack.
    private Task Refuse(HttpContext context, string by, Refusal why)
    {
        ResidentLog.PushRefused(log, by, why.Cause);
        return context.WriteError(StatusCodes.Status409Conflict, why.Cause, why.Remedy);
    }

    private void Leave() => Interlocked.Decrement(ref _waiting);

    private Task<Refusal?> Refuses(PushedCommit push, CancellationToken cancellation) => place.Checkout is { } checkout
        ? push.Refuses(checkout, place.Policy, cancellation)
        : Task.FromResult<Refusal?>(place.NoCheckout ?? new Refusal("There is no git checkout to pull into", "Run the daemon in the checkout that serves"));
}
