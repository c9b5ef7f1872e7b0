namespace WatchReload.Daemon.Tests.Cli;

public sealed class BuildVerbTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact(Timeout = 300_000)]
    public async Task What_was_built_and_in_which_time_is_told()
    {
        _scratch.Write("Service.csproj", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>""");
        _scratch.Write("watch.json", """{ "project": "Service.csproj" }""");

        var run = await CommandRun.In(_scratch.Root, "build");

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Matches(@"^Built release r000001\S* in [0-9.]+ m?s\.$", run.Lines[^1]);
    }
}
