using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace WatchReload.Control;

/// <summary>What every request passes before and after the routes of the process: failures as JSON, on the pipe the proof, unknown routes.</summary>
internal static class PipePipeline
{
    public static void Use(WebApplication host, PipeServerOptions options, Cookie cookie, ILogger log)
    {
        var nonces = new NonceStore(options.Time, options.NonceLifetime);
        var proof = new ProofMiddleware(cookie, nonces, options, log);
        Use(host, log);
        host.Use((context, next) => proof.Invoke(context, next));
        host.MapGet(PipeRoutes.Nonce, context => context.WriteJson(new NonceAnswer(nonces.Issue()), PipeJson.Default.NonceAnswer));
        host.MapPost(PipeRoutes.Proof, Nothing);
    }

    /// <summary>The same without a proof: whoever can connect may ask for all that is mapped.</summary>
    public static void Use(WebApplication host, ILogger log)
    {
        host.Use((context, next) => AnswerFailures(context, next, log));
        host.MapFallback("{**path}", Unknown);
    }

    private static async Task AnswerFailures(HttpContext context, RequestDelegate next, ILogger log)
    {
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await context.WriteError(e.StatusCode, e.Message, "Use the command of the same version as the process it talks to.");
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The peer is gone: nobody is left to answer.
        }
        catch (Exception e)
        {
            ControlLog.Defect(log, e, context.Request.Method, context.Request.Path);
            if (context.Response.HasStarted)
                context.Abort(); // a cut answer must not look like a whole one
            else
                await context.WriteError(StatusCodes.Status500InternalServerError, $"The request failed by a defect: {e.Message}", "The process goes on; its log has the details.");
        }
    }

    /// <summary>Whoever comes so far has proved the cookie.</summary>
    private static Task Nothing(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static Task Unknown(HttpContext context) => context.Request.Path.StartsWithSegments(PipeRoutes.Version, StringComparison.Ordinal)
        ? context.WriteError(StatusCodes.Status404NotFound, $"There is no {context.Request.Method} {context.Request.Path} here.", "Use the command of the same version as the process it talks to.")
        : context.WriteError(StatusCodes.Status404NotFound, $"{context.Request.Path}: this process speaks version 1 of the protocol (/v1/...).", "Use the command of the same version as the process it talks to, or restart that.");
}
