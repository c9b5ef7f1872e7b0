using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Daemon.Building;
using WatchReload.Daemon.Flow;
using WatchReload.Daemon.Git;
using WatchReload.Daemon.Releases;
using WatchReload.Daemon.Tests.Git;

namespace WatchReload.Daemon.Tests.Flow;

public sealed class AsideStageTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public AsideStageTests() => Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "Only root can build as another user.");

    private string Gate => _scratch.State.Root + "-gate";

    public void Dispose() => _scratch.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_removed_where_a_link_leads_elsewhere()
    {
        var kept = _scratch.Write("elsewhere/tree/kept", "kept");
        File.CreateSymbolicLink(Gate, Path.Combine(_scratch.Root, "elsewhere"));

        var why = await Refused();

        Assert.Contains("is a symbolic link", why.Cause, StringComparison.Ordinal);
        Assert.True(File.Exists(kept));
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_removed_from_a_directory_of_another_user()
    {
        var kept = Path.Combine(Gate, "tree", "kept");
        Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
        await File.WriteAllTextAsync(kept, "kept", TestContext.Current.CancellationToken);
        await Shell.Run("/", "chown", "nobody", Gate);

        var why = await Refused();

        Assert.Contains("not to the user of this process", why.Cause, StringComparison.Ordinal);
        Assert.True(File.Exists(kept));
    }

    private async Task<Refusal> Refused()
    {
        var settings = new PipelineSettings
        {
            State = _scratch.State,
            Root = _scratch.Root,
            Project = Path.Combine(_scratch.Root, "Service.csproj"),
            Configuration = "Release",
            BuildUser = new BuildUser("nobody", Path.Combine(_scratch.Root, "build")),
        };
        await using var builder = new BuilderHost(new BuilderSettings(_scratch.State), TimeProvider.System, NullLogger<BuilderHost>.Instance);
        var stage = new AsideStage(settings, builder, new ReleaseStore(_scratch.State, TimeProvider.System, NullLogger<ReleaseStore>.Instance), TimeProvider.System);

        var (build, why) = await stage.Run(new ReloadOrder(), _ => throw new InvalidOperationException("Nothing is to be written there."), new EventLog(), TestContext.Current.CancellationToken);

        Assert.Null(build);
        return why!;
    }
}
