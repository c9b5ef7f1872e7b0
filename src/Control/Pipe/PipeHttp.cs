using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace WatchReload.Control;

/// <summary>How routes of the pipe read requests and write answers.</summary>
public static class PipeHttp
{
    /// <summary>Bytes of lines that are held back to be sent together.</summary>
    private const int MostTogether = 16 * 1024;

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

    public static Task WriteJson<T>(this HttpContext context, T answer, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Response.StatusCode = status;
        return context.Write(JsonSerializer.SerializeToUtf8Bytes(answer, type), "application/json");
    }

    public static Task WriteText(this HttpContext context, string text, string contentType = "text/plain; charset=utf-8")
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Write(Encoding.UTF8.GetBytes(text), contentType);
    }

    /// <summary>An answer that is not 2xx: what is wrong, and what to do about it.</summary>
    public static Task WriteError(this HttpContext context, int status, string error, string remedy) =>
        context.WriteJson(new PipeError(error, remedy), PipeJson.Default.PipeError, status);

    /// <summary>One JSON object a line, each sent before the next is asked for; the headers, with <paramref name="id"/>, before the first, if that is not there at once.</summary>
    public static async Task WriteLines<T>(this HttpContext context, IAsyncEnumerable<T> lines, JsonTypeInfo<T> type, string? id = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(lines);
        context.BeginLines(id);
        await using var each = lines.GetAsyncEnumerator(context.RequestAborted);
        var first = each.MoveNextAsync().AsTask();
        if (!first.IsCompletedSuccessfully)
            await context.SendHeaders(first);
        for (var isThere = await first; isThere; isThere = await each.MoveNextAsync())
        {
            context.Response.BodyWriter.Add(each.Current, type);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    /// <summary>One JSON object a line, each sent as soon as it is there; the headers, with <paramref name="id"/>, before the first, if that is not there at once.</summary>
    /// <remarks>Whatever is sent wakes the client: what is there goes together, and with the end if that has come.</remarks>
    public static async Task WriteLines<T>(this HttpContext context, ChannelReader<T> lines, JsonTypeInfo<T> type, string? id = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(lines);
        context.BeginLines(id);
        var unsent = new ArrayBufferWriter<byte>();
        do
        {
            // Aside: when one cannot be written, which is a defect, nothing of the answer has begun that an error could not take the place of.
            while (unsent.WrittenCount < MostTogether && lines.TryRead(out var line))
                unsent.Add(line, type);
            context.Response.BodyWriter.Write(unsent.WrittenSpan);
            unsent.ResetWrittenCount();
            if (lines.Completion.IsCompletedSuccessfully)
                return;
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
        while (await lines.WaitToReadAsync(context.RequestAborted));
    }

    private static void BeginLines(this HttpContext context, string? id)
    {
        context.Response.ContentType = PipeRoutes.JsonLines;
        if (id is not null)
            context.Response.Headers[PipeRoutes.IdHeader] = id;
    }

    private static void Add<T>(this IBufferWriter<byte> unsent, T line, JsonTypeInfo<T> type)
    {
        unsent.Write(JsonSerializer.SerializeToUtf8Bytes(line, type));
        unsent.Write("\n"u8);
    }

    private static async Task SendHeaders(this HttpContext context, Task first)
    {
        try
        {
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
        catch
        {
            await first.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // lines cannot be let go of while one is made
            throw;
        }
    }

    // With its length, all of an answer is sent at once; without, its end is sent by itself.
    private static async Task Write(this HttpContext context, byte[] body, string contentType)
    {
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
