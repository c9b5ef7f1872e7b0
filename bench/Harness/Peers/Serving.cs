using System.Net;
using System.Net.Sockets;
using System.Text;
using WatchReload.Bench.Load;
using WatchReload.Bench.Processes;

namespace WatchReload.Bench.Peers;

/// <summary>Waits until a service answers, as a client would.</summary>
internal static class Serving
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(30);
    private const string VersionAnswer = "version ";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    /// <summary>Connects, introduces itself, and reads the greeting. When the greeting was there.</summary>
    public static Task<long> Greeted(IPEndPoint endpoint, ChildProcess server) => Greeted(endpoint, () => server.IsRunning, () => server.Failed("serves nobody"));

    /// <inheritdoc cref="Greeted(IPEndPoint, ChildProcess)"/>
    public static Task<long> Greeted(IPEndPoint endpoint, Task starting) => Greeted(endpoint, () => !starting.IsFaulted, () => new BenchException($"Nobody greets at {endpoint}."));

    /// <summary>What a service that greets answers to <c>/version</c>.</summary>
    public static async Task<string> Version(IPEndPoint endpoint)
    {
        using var client = new TcpClient { NoDelay = true };
        using var patience = new CancellationTokenSource(AnswerPatience);
        await client.ConnectAsync(endpoint, patience.Token);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"probe{Clock.Now}\n/version\n"), patience.Token);
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith(VersionAnswer, StringComparison.Ordinal)) return line[VersionAnswer.Length..];
        }

        throw new BenchException($"The service at {endpoint} does not answer {VersionAnswer.TrimEnd()}.");
    }

    private static async Task<long> Greeted(IPEndPoint endpoint, Func<bool> isRunning, Func<BenchException> failed)
    {
        var deadline = Clock.Now + (long)(Patience.TotalSeconds * Clock.Second);
        while (Clock.Now < deadline && isRunning())
        {
            if (await TryGreet(endpoint)) return Clock.Now;
            await Task.Delay(Look);
        }

        throw failed();
    }

    private static async Task<bool> TryGreet(IPEndPoint endpoint)
    {
        using var client = new TcpClient { NoDelay = true };
        using var patience = new CancellationTokenSource(AnswerPatience);
        try
        {
            await client.ConnectAsync(endpoint, patience.Token);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"probe{Clock.Now}\n"), patience.Token);
            using var reader = new StreamReader(stream);
            return (await reader.ReadLineAsync(patience.Token))?.StartsWith("hello ", StringComparison.Ordinal) == true;
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            return false; // not yet
        }
    }
}
