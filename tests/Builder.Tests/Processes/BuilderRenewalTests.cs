using WatchReload.Builder.Tests.Support;
using WatchReload.Control;

namespace WatchReload.Builder.Tests.Processes;

/// <summary>A builder over its memory limit is replaced when nobody builds.</summary>
public sealed class BuilderRenewalTests : IAsyncDisposable
{
    private const string App = "App/App.csproj";

    private readonly Support.Building _building = new(settings => settings with { MemoryLimit = 1, FarTooLarge = long.MaxValue });

    public BuilderRenewalTests() => _building.Tree
        .Write(App, Projects.Library().Replace("</Project>", Noted + "</Project>", StringComparison.Ordinal))
        .Write("App/App.cs", "public class App { }");

    /// <summary>A build that writes down that it has come to the compiler, and stays there as long as it is told to.</summary>
    private static string Noted => $"""
        <Target Name="Note" BeforeTargets="Wait" Condition="'$(WaitForEver)' == 'true'">
          <WriteLinesToFile File="$(MSBuildProjectDirectory)/reached" Lines="yes" />
        </Target>
        {Waiting.Target}
        """;

    [Fact(Timeout = 300_000)]
    public async Task Another_builder_has_built_the_tree_and_makes_the_next_build()
    {
        Assert.True((await _building.Build(App)).Succeeded);
        var before = ProcessIdentity.Of(_building.Host.ProcessId!.Value)!;

        Assert.True(await _building.Host.Renew(_building.Request(App), TestContext.Current.CancellationToken));

        var next = _building.Host.ProcessId;
        Assert.False(before.IsAlive);
        Assert.NotEqual(before.Pid, next);
        _building.Tree.Write("App/App.cs", "public class App { public int Two => 2; }");
        var outcome = await _building.Build(App);
        Assert.True(outcome.Succeeded, string.Join('\n', outcome.Diagnostics));
        Assert.Equal(next, _building.Host.ProcessId);
        // And so on: both names are used in turn.
        Assert.True(await _building.Host.Renew(_building.Request(App), TestContext.Current.CancellationToken));
        Assert.NotEqual(next, _building.Host.ProcessId);
        await _building.Host.DisposeAsync();
        Assert.Empty(Directory.EnumerateFileSystemEntries(new StateDirectory(_building.Tree.State).Run, "builder-*"));
    }

    [Fact(Timeout = 300_000)]
    public async Task A_build_that_comes_meanwhile_is_made_at_once_by_the_builder_that_is_there()
    {
        Assert.True((await _building.Build(App)).Succeeded);
        var pid = _building.Host.ProcessId;
        using var reached = new FileSystemWatcher(Path.GetDirectoryName(_building.Tree[App])!, "reached") { EnableRaisingEvents = true };
        var isReached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        reached.Created += (_, _) => isReached.TrySetResult();
        var renewal = _building.Host.Renew(_building.Request(App) with { Properties = new Dictionary<string, string> { ["WaitForEver"] = "true" } }, TestContext.Current.CancellationToken);
        await isReached.Task.WaitAsync(TestContext.Current.CancellationToken);
        _building.Tree.Write("App/App.cs", "public class App { public int Two => 2; }");

        var outcome = await _building.Build(App);

        Assert.True(outcome.Succeeded, string.Join('\n', outcome.Diagnostics));
        Assert.Equal(pid, _building.Host.ProcessId);
        Assert.False(await renewal);
        // It can be tried again.
        Assert.True(await _building.Host.Renew(_building.Request(App), TestContext.Current.CancellationToken));
        Assert.NotEqual(pid, _building.Host.ProcessId);
    }

    [Fact(Timeout = 300_000)]
    public async Task Tree_that_does_not_build_leaves_the_builder_that_knows_the_last_one_that_did()
    {
        Assert.True((await _building.Build(App)).Succeeded);
        var pid = _building.Host.ProcessId;
        _building.Tree.Write("App/App.cs", "public class App {");

        Assert.True(await _building.Host.Renew(_building.Request(App), TestContext.Current.CancellationToken));

        Assert.Equal(pid, _building.Host.ProcessId);
        _building.Tree.Write("App/App.cs", "public class App { }");
        Assert.True((await _building.Build(App)).Succeeded);
        Assert.Equal(pid, _building.Host.ProcessId);
    }

    [Fact(Timeout = 300_000)]
    public async Task Renewal_that_is_stopped_leaves_the_builder_that_is_there()
    {
        Assert.True((await _building.Build(App)).Succeeded);
        var pid = _building.Host.ProcessId;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _building.Host.Renew(_building.Request(App), new CancellationToken(canceled: true)));

        Assert.True((await _building.Build(App)).Succeeded);
        Assert.Equal(pid, _building.Host.ProcessId);
    }

    public ValueTask DisposeAsync() => _building.DisposeAsync();
}
