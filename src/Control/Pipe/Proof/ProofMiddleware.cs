using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace WatchReload.Control;

/// <summary>
/// Lets a request that changes something pass only with a proof by the cookie. The nonce is looked at first, and taken, before a byte
/// of the body is read; the body is then read whole, since the proof covers it.
/// </summary>
internal sealed class ProofMiddleware(Cookie cookie, NonceStore nonces, PipeServerOptions options, ILogger log)
{
    public async Task Invoke(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (request.Headers[PipeRoutes.NonceHeader] == PipeRoutes.NextNonce)
            context.Response.Headers[PipeRoutes.NonceHeader] = nonces.Issue(); // as free as /v1/nonce is; with a refusal too, whose sender needs one most
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            await next(context);
            return;
        }

        var headers = request.Headers.Authorization;
        if (!RequestProof.TryParse(headers.Count == 1 ? headers[0] : null, out var proof))
        {
            await Refuse(context, "This request changes something, and brings no proof by the cookie.", "Use the watchreload command; it proves the cookie of the state directory.");
            return;
        }

        if (!nonces.TryTake(proof.Value.Nonce))
        {
            await Refuse(context, "The nonce of this request was used before, has expired, or is not of this process.", "Get a fresh one from /v1/nonce, and use it once.");
            return;
        }

        var body = await ReadBody(request, context.RequestAborted);
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!proof.Value.Fits(cookie, request.Method, target, body.GetBuffer().AsSpan(0, (int)body.Length)))
        {
            await Refuse(context, "The proof by the cookie does not fit this request.", "Is it the cookie of this process's state directory? After a change of the cookie end node and daemon by a signal, which needs no cookie (watchreload doctor has their pids), and start them again.");
            return;
        }

        request.Body = body;
        await next(context);
    }

    // The server limits size and rate; this limits the time in all.
    private async Task<MemoryStream> ReadBody(HttpRequest request, CancellationToken aborted)
    {
        using var deadline = new CancellationTokenSource(options.BodyTimeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, aborted);
        var body = new MemoryStream();
        try
        {
            await request.Body.CopyToAsync(body, either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new BadHttpRequestException("The body of the request did not arrive in time.", StatusCodes.Status408RequestTimeout);
        }

        body.Position = 0;
        return body;
    }

    private async Task Refuse(HttpContext context, string error, string remedy)
    {
        ControlLog.Unauthorized(log, context.Request.Method, context.Request.Path, error);
        context.Response.Headers.WWWAuthenticate = RequestProof.Scheme;
        await context.WriteError(StatusCodes.Status401Unauthorized, error, remedy);
    }
}
