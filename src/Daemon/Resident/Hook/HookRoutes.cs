using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using WatchReload.Control;
using WatchReload.Daemon.Cli;
using WatchReload.Daemon.Configuration;
using WatchReload.Daemon.Flow;
using WatchReload.Daemon.Git;

namespace WatchReload.Daemon.Resident.Hook;

/// <summary>
/// All that a member of the hook's group can ask of the daemon: deploy what was pushed, rehearse what is being pushed, follow what is under way. It names
/// a ref and a commit; who it is the system says, and what is fetched, from where and as whom is the service's own affair.
/// </summary>
internal sealed class HookRoutes(AttemptStream stream, HandedPushes pushes, Workplace place, ILogger<HookRoutes> log)
{
    /// <summary>That wait for their verdict, whoever still listens.</summary>
    private readonly Places _pushes = new(32);

    /// <summary>From before the pack is sent until the verdict: each has a pack on the disk, and a place in the queue that nothing overtakes.</summary>
    private readonly Places _rehearsals = new(2);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/push", Push);
        routes.MapPost("/v1/rehearse", Rehearse);
        routes.MapGet("/v1/attach", stream.Attach);
        routes.MapGet(CutAnswers.Route, stream.TellCut);
    }

    /// <summary>The body names ref and commit, which is stored.</summary>
    private async Task Push(HttpContext context)
    {
        var body = await context.ReadJson(HookJson.Default.HookPush);
        if (await Admit(context, new PushedCommit(body.Ref, body.Commit), _pushes) is { } by)
            await stream.Take(context, new PullOrder { Cause = "hook", By = by, Ref = body.Ref, Commit = body.Commit }, _pushes.Leave);
    }

    /// <summary>The query names ref and commit, which is not accepted yet; the body is a pack of it, and is asked for when all else is right.</summary>
    private async Task Rehearse(HttpContext context)
    {
        var push = new PushedCommit(context.Request.Query["ref"], context.Request.Query["commit"]);
        if (place.Settings.Git.Gate != GateMode.On)
        {
            // What is rehearsed is built, and so runs, without being on the branch: the host decides whether members may do that.
            await Refuse(context, Name(context), new Refusal("No push is rehearsed here: the service has no gate", "Set git.gate to on in the service's host configuration, or install the hook without --gate"));
            return;
        }

        if (await Admit(context, push, _rehearsals) is not { } by)
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
            try
            {
                if (received is not null)
                    pushes.Delete(received);
            }
            finally
            {
                _rehearsals.Leave();
            }
        }
    }

    /// <summary>Who it is, and from now on it waits; null when it was turned away, which is answered.</summary>
    private async Task<string?> Admit(HttpContext context, PushedCommit push, Places places)
    {
        var by = Name(context);
        if (!places.TryTake())
        {
            await context.WriteError(StatusCodes.Status429TooManyRequests, $"{places.Most} pushes wait for their verdict already.", "Wait for them, then push again; what is under way: watchreload attach");
            return null;
        }

        var admitted = false;
        try
        {
            if (await Refuses(push, context.RequestAborted) is { } why)
                await Refuse(context, by, why);
            else
                admitted = true;
            return admitted ? by : null;
        }
        finally
        {
            if (!admitted)
                places.Leave();
        }
    }

    private static string Name(HttpContext context) => context.Features.GetRequiredFeature<Peer>().Name;

    // By its status the client knows not to send the pack.
    private Task Refuse(HttpContext context, string by, Refusal why)
    {
        ResidentLog.PushRefused(log, by, why.Cause);
        return context.WriteError(StatusCodes.Status409Conflict, why.Cause, why.Remedy);
    }

    private Task<Refusal?> Refuses(PushedCommit push, CancellationToken cancellation) => place.Checkout is { } checkout
        ? push.Refuses(checkout, place.Policy, cancellation)
        : Task.FromResult<Refusal?>(place.NoCheckout ?? new Refusal("There is no git checkout to pull into", "Run the daemon in the checkout that serves"));
}
