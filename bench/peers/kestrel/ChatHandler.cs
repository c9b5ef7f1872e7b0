using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace WatchReload.Bench.Kestrel;

/// <summary>What of the chat concerns one connection alone: a name, counted pings, the version.</summary>
internal sealed class ChatHandler : ConnectionHandler
{
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var (input, output) = (connection.Transport.Input, connection.Transport.Output);
        var state = ConnectionState.Unnamed;
        // When the process is to end connections end at once; else it would wait for them, for as long as 30 seconds.
        var stopping = connection.Features.GetRequiredFeature<IConnectionLifetimeNotificationFeature>().ConnectionClosedRequested;
        await using var _ = stopping.Register(input.CancelPendingRead);
        try
        {
            while (true)
            {
                var read = await input.ReadAsync();
                var buffer = read.Buffer;
                while (buffer.PositionOf((byte)'\n') is { } end)
                {
                    state = Answer(state, Encoding.UTF8.GetString(buffer.Slice(0, end)), output);
                    buffer = buffer.Slice(buffer.GetPosition(1, end));
                }

                input.AdvanceTo(buffer.Start, buffer.End);
                await output.FlushAsync();
                if (read.IsCompleted || read.IsCanceled) return;
            }
        }
        catch (ConnectionResetException)
        {
            // The client is gone: there is nobody to answer.
        }
    }

    private static ConnectionState Answer(ConnectionState state, string line, PipeWriter output)
    {
        string answer;
        if (state.Name is null) (state, answer) = (state with { Name = line }, $"hello {line}\n");
        else if (line.StartsWith("/ping ", StringComparison.Ordinal)) (state, answer) = (state with { Pings = state.Pings + 1 }, $"pong {line.AsSpan(6)} {state.Pings + 1}\n");
        else if (line == "/version") answer = $"version {ServiceVersion.Text}\n";
        else answer = "? unknown command\n";
        Encoding.UTF8.GetBytes(answer, output);
        return state;
    }
}
