using WatchReload.Daemon.Building;

namespace WatchReload.Daemon.Tests.Building;

public sealed class BuildUserEnvironmentTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("Chat__Endpoint", "127.0.0.1:7001")]
    [InlineData("ConnectionStrings__Main", "Host=db")]
    [InlineData("WATCHRELOAD_HOOK__GROUP", "git")]
    [InlineData("DOTNET_STARTUP_HOOKS", "/srv/hook.dll")]
    [InlineData("DOTNET_ADDITIONAL_DEPS", "/srv")]
    [InlineData("DOTNET_DiagnosticPorts", "/srv/port")]
    [InlineData("LD_PRELOAD", "/srv/lib.so")]
    [InlineData("SUDO_USER", "ann")]
    [InlineData("NUGET_PACKAGES", "/srv/chat/packages")]
    [InlineData("XDG_CONFIG_HOME", "/srv/chat/.config")]
    [InlineData("SSH_AUTH_SOCK", "/run/agent")]
    [InlineData("PWD", "/srv/chat")]
    public async Task Nothing_goes_to_the_build_that_is_not_named(string name, string value)
    {
        await Task.Yield();
        Assert.DoesNotContain(name, Made(name, value).Keys);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("PATH", "/usr/bin")]
    [InlineData("LANG", "C.UTF-8")]
    [InlineData("LC_ALL", "C.UTF-8")]
    [InlineData("TZ", "Europe/Berlin")]
    [InlineData("DOTNET_ROOT", "/usr/share/dotnet")]
    [InlineData("DOTNET_CLI_TELEMETRY_OPTOUT", "1")]
    [InlineData("NuGetPackageSourceCredentials_inner", "Username=u;Password=x")]
    [InlineData("https_proxy", "http://proxy:3128")]
    public async Task What_the_build_and_restore_need_goes_there(string name, string value)
    {
        await Task.Yield();
        Assert.Equal(value, Made(name, value)[name]);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("HOME", "/var/lib/chat-build/home")]
    [InlineData("DOTNET_CLI_HOME", "/var/lib/chat-build/home")]
    [InlineData("TMPDIR", "/var/lib/chat-build/tmp")]
    [InlineData("USER", "builder")]
    [InlineData("LOGNAME", "builder")]
    public async Task Who_it_is_and_where_it_writes_is_the_build_users(string name, string value)
    {
        await Task.Yield();
        Assert.Equal(value, Made(name, "of the daemon")[name]);
    }

    private static Dictionary<string, string?> Made(string name, string value) =>
        BuildUserEnvironment.For(new BuildUser("builder", "/var/lib/chat-build"), new Dictionary<string, string?> { [name] = value });
}
