using System.Net;
using System.Net.Sockets;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Tests.Kernel;

public sealed class ClientAddressTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("127.0.0.2", "this machine")]
    [InlineData("::1", "this machine")]
    [InlineData("::ffff:127.0.0.1", "this machine")]
    [InlineData("2001:db8:0:1::5", "2001:db8:0:1::/64")]
    [InlineData("2001:db8:0:1:ffff:ffff:ffff:ffff", "2001:db8:0:1::/64")]
    [InlineData("2001:db8:0:2::5", "2001:db8:0:2::/64")]
    public void Clients_of_one_network_are_one(string remote, string address) => Assert.Equal(address, ClientAddress.Of(new IPEndPoint(IPAddress.Parse(remote), 7000)));

    [Fact(Timeout = 60_000)]
    public void Clients_of_a_socket_of_the_machine_are_one() => Assert.Equal("this machine", ClientAddress.Of(new UnixDomainSocketEndPoint("/run/service.sock")));
}
