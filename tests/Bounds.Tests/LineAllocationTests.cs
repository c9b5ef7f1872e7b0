using System.Net;
using System.Net.Sockets;

namespace WatchReload.Bounds.Tests;

/// <summary>What a line costs in bytes on a live connection, from the socket through the turn of its actor back to the socket.</summary>
public sealed class LineAllocationTests
{
    private const int Lines = 5_000;

    /// <summary>In Debug, as CI builds: the text that the service makes of the line, and the state machines of its turn and of the flush.</summary>
    private const double Bound = 420;

    [Fact(Timeout = 60_000)]
    public async Task Line_costs_what_the_service_makes_of_it()
    {
        await using var node = await NodeHarness.Start(new CountingService { Commands = "case \"ping\": self.Write(frame.Span); break;" });
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(IPEndPoint.Parse(node.Status.Listeners.Single().Endpoint), TestContext.Current.CancellationToken);
        var (line, answer) = ("ping\n"u8.ToArray(), new byte[5]);

        var bytes = await Allocated.PerItem(Lines, () => Task.Run(() =>
        {
            for (var i = 0; i < Lines; i++)
            {
                client.Send(line);
                for (var read = 0; read < answer.Length; read += client.Receive(answer, read, answer.Length - read, SocketFlags.None)) { }
            }
        }));

        TestContext.Current.TestOutputHelper!.WriteLine($"{bytes:F2} bytes");
        Assert.Equal(line, answer);
        Assert.InRange(bytes, 0, Bound);
    }
}
