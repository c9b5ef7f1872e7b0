using WatchReload.Daemon.Cli;
using WatchReload.Daemon.Configuration;
using WatchReload.Daemon.Git;
using WatchReload.Daemon.Tests.Configuration;

namespace WatchReload.Daemon.Tests.Cli;

public sealed class WorkbenchTests
{
    [Fact(Timeout = 60_000)]
    public async Task Stages_have_what_the_configuration_says()
    {
        await Task.Yield();
        using var tree = new Tree();
        tree.Write("watch.json", """
            {
              "project": "Service.csproj",
              "releases": { "keep": 7, "minimumFreeSpace": "3MB", "maximumSize": "5MB" },
              "reload": { "stragglers": "refuse" },
              "packages": { "perVersion": ["Our.Mapper"] },
            }
            """);
        var sources = new SettingsSources(tree.Root, new Dictionary<string, string> { ["WATCHRELOAD_RELOAD__PROBATION"] = "9s" });
        var settings = SettingsLoader.Load(sources).Settings!;
        using var scratch = new Scratch();

        var stages = Workbench.Settings(new Workplace(settings, scratch.State, null, new GitCommand(TimeProvider.System)) { Nodes = settings.Nodes, Sources = sources }, "Debug", deltas: true);

        Assert.Equal((tree.Root, tree.At("Service.csproj"), "Debug", true), (stages.Root, stages.Project, stages.Configuration, stages.Deltas));
        Assert.Equal((7, 3L << 20, 5L << 20), (stages.Keep, stages.MinimumFreeSpace, stages.MaximumSize));
        Assert.Equal((true, TimeSpan.FromSeconds(9)), (stages.RefuseStragglers, stages.Probation));
        Assert.Contains("Our.Mapper", stages.PerVersion);
        Assert.NotNull(stages.Examine);
    }
}
