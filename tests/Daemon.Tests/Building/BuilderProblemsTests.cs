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
}
