using WatchReload.Daemon.Building;

namespace WatchReload.Daemon.Tests.Building;

public sealed class BuildEnvironmentTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("Db__Password", "x")]
    [InlineData("API_TOKEN", "x")]
    [InlineData("ConnectionStrings__Main", "Host=db;Password=x")]
    [InlineData("Broker", "amqp://user:x@host/")]
    [InlineData("NOTIFY_SOCKET", "/run/systemd/notify")]
    [InlineData("CREDENTIALS_DIRECTORY", "/run/credentials/x")]
    [InlineData("MSBuildSDKsPath", "/sdk")]
    public async Task A_build_does_not_see_what_is_not_for_it(string name, string value)
    {
        await Task.Yield();
        Assert.DoesNotContain(name, Cleaned(name, value).Keys);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("PATH", "/usr/bin")]
    [InlineData("HOME", "/srv/chat")]
    [InlineData("DOTNET_ROOT", "/usr/share/dotnet")]
    [InlineData("NUGET_TOKEN", "x")]
    [InlineData("NuGetPackageSourceCredentials_inner", "Username=u;Password=x")]
    [InlineData("https_proxy", "http://user:x@proxy:3128")]
    [InlineData("ConnectionStrings__Main", "Host=db")]
    public async Task A_build_sees_what_it_and_restore_need(string name, string value)
    {
        await Task.Yield();
        Assert.Equal(value, Cleaned(name, value)[name]);
    }

    private static Dictionary<string, string?> Cleaned(string name, string value)
    {
        var environment = new Dictionary<string, string?> { [name] = value };
        BuildEnvironment.Clean(environment);
        return environment;
    }
}
