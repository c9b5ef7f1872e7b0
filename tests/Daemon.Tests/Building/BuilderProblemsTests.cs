using WatchReload.Daemon.Building;

namespace WatchReload.Daemon.Tests.Building;

public sealed class BuilderProblemsTests
{
    [Fact(Timeout = 60_000)]
    public async Task Builder_that_another_user_may_be_unable_to_read_is_not_to_be_installed_anew()
    {
        await Task.Yield();

        var message = BuilderProblems.NotStarted("/srv/closed/WatchReload.Builder.dll", "exit code 126", new BuildUser("builder", "/var/lib/chat-build")).Message;

        Assert.Contains("does not start as builder: exit code 126.", message, StringComparison.Ordinal);
        Assert.Contains($"namei -l {DotnetHost.Command} /srv/closed/WatchReload.Builder.dll", message, StringComparison.Ordinal);
        Assert.DoesNotContain("anew", message, StringComparison.Ordinal);
        Assert.Contains("Install the WatchReload tool anew", BuilderProblems.NotStarted("/tool/WatchReload.Builder.dll", "exit code 1").Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("exit code 134", "Unhandled exception. System.IO.IOException: No space left on device : '/tmp/.dotnet'")]
    [InlineData("/usr/bin/dotnet: No space left on device", "")]
    public async Task Builder_that_does_not_start_on_a_full_disk_is_not_to_be_installed_anew(string cause, string said)
    {
        await Task.Yield();

        foreach (var user in (BuildUser?[])[null, new("builder", "/var/lib/chat-build")])
        {
            var message = BuilderProblems.NotStarted("/tool/WatchReload.Builder.dll", cause, user, said).Message;

            Assert.Contains("Free disk space", message, StringComparison.Ordinal);
            Assert.DoesNotContain("Install", message, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task What_the_builder_said_stands_on_lines_of_its_own()
    {
        await Task.Yield();

        var said = BuilderProblems.EndedAside("S.csproj", 137, "one\ntwo", "/log").Message;
        Assert.Contains(" It said:\n    one\n    two\nIn idle time", said, StringComparison.Ordinal);
        Assert.Contains("for this build. In idle time", BuilderProblems.EndedAside("S.csproj", 137, "", "/log").Message, StringComparison.Ordinal);
    }
}
