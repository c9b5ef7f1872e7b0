using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace WatchReload.Control.Tests.ServiceManagers;

public sealed class ServiceManagerTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("wr-");
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public void Dispose()
    {
        _socket.Dispose();
        _directory.Delete(recursive: true);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Is_told_of_ready_status_life_and_stop_by_path_or_abstract_name(bool isAbstract)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The protocol is systemd's.");
        var name = isAbstract ? $"@watchreload-test-{Guid.NewGuid():n}" : Path.Combine(_directory.FullName, "notify");
        _socket.Bind(new UnixDomainSocketEndPoint(isAbstract ? '\0' + name[1..] : name));
        using var manager = new ServiceManager(name, "2000000", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));

        manager.Ready("two\nlines");
        manager.Status("more");
        manager.Alive();
        manager.Stopping("bye");

        Assert.True(manager.Listens);
        Assert.Equal(TimeSpan.FromSeconds(2), manager.Watchdog);
        Assert.Equal(["READY=1\nSTATUS=two lines", "STATUS=more", "WATCHDOG=1", "STOPPING=1\nSTATUS=bye"], [await Receive(), await Receive(), await Receive(), await Receive()]);
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_happens_when_none_listens_or_the_watchdog_is_anothers()
    {
        using var none = new ServiceManager(null, "2000000", null);
        using var gone = new ServiceManager(Path.Combine(_directory.FullName, "gone"), "2000000", "1");
        using var odd = new ServiceManager("vsock:2:1234", "soon", null);

        foreach (var manager in new[] { none, gone, odd })
        {
            manager.Ready("unheard");
            Assert.Null(manager.Watchdog);
        }

        await Task.CompletedTask;
    }

    private async Task<string> Receive()
    {
        var buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, await _socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken));
    }
}
