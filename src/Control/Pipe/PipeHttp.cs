using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace WatchReload.Control;

/// <summary>How routes of the pipe read requests and write answers.</summary>
public static class PipeHttp
{
    /// <summary>The body of the request.</summary>
    /// <exception cref="BadHttpRequestException">It is not what the route takes; the server answers 400 with the cause.</exception>
    public static async Task<T> ReadJson<T>(this HttpContext context, JsonTypeInfo<T> type)
    {
        ArgumentNullException.ThrowIfNull(context);
        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted)
                ?? throw new BadHttpRequestException("The body of the request is null.");
        }
        catch (JsonException e)
        {
            throw new BadHttpRequestException($"The body of the request is not what this route takes: {e.Message}", e);
        }
    }

    public static async Task WriteJson<T>(this HttpContext context, T answer, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(context.Response.Body, answer, type, context.RequestAborted);
    }

    public static async Task WriteText(this HttpContext context, string text, string contentType = "text/plain; charset=utf-8")
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Response.ContentType = contentType;
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    /// <summary>An answer that is not 2xx: what is wrong, and what to do about it.</summary>
    public static Task WriteError(this HttpContext context, int status, string error, string remedy) =>
        context.WriteJson(new PipeError(error, remedy), PipeJson.Default.PipeError, status);

    /// <summary>One JSON object a line, each sent as soon as it is there; the headers, with <paramref name="id"/>, before the first.</summary>
    public static async Task WriteLines<T>(this HttpContext context, IAsyncEnumerable<T> lines, JsonTypeInfo<T> type, string? id = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(lines);
        context.Response.ContentType = PipeRoutes.JsonLines;
        if (id is not null)
            context.Response.Headers[PipeRoutes.IdHeader] = id;
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await foreach (var line in lines.WithCancellation(context.RequestAborted))
        {
            await JsonSerializer.SerializeAsync(context.Response.Body, line, type, context.RequestAborted);
            await context.Response.Body.WriteAsync("\n"u8.ToArray(), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }
}
