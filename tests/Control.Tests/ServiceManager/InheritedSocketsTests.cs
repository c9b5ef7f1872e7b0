using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace WatchReload.Control.Tests.ServiceManagers;

public sealed class InheritedSocketsTests : IDisposable
{
    private static readonly string _pid = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public InheritedSocketsTests()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.Listen();
    }

    public void Dispose() => _socket.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Socket_is_found_by_name_or_address_and_can_be_taken_again_after_it_was_let_go_of()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Descriptors are handed on by Unix systems.");
        var named = InheritedSockets.Of(_pid, "1", "chat", (int)_socket.Handle);
        var other = new IPEndPoint(IPAddress.Loopback, 1);

        using (var first = named.Take("chat", other))
            Assert.Equal(_socket.LocalEndPoint, first?.LocalEndPoint);
        using var byAddress = named.Take("lines", _socket.LocalEndPoint!);
        Assert.NotNull(byAddress);
        Assert.Null(named.Take("lines", other));

        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)_socket.LocalEndPoint!, TestContext.Current.CancellationToken);
        using var accepted = await byAddress.AcceptAsync(TestContext.Current.CancellationToken);
        Assert.True(accepted.Connected);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("1", "1")]
    [InlineData(null, "1")]
    [InlineData("mine", "0")]
    [InlineData("mine", "many")]
    public async Task There_are_none_when_they_are_for_another_process_or_not_told(string? pid, string? count)
    {
        Assert.Equal(0, InheritedSockets.Of(pid == "mine" ? _pid : pid, count, "chat", (int)_socket.Handle).Count);
        await Task.CompletedTask;
    }
}
