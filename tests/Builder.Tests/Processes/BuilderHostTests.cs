using System.Diagnostics;
using WatchReload.Builder.Tests.Support;
using WatchReload.Control;
using WatchReload.Daemon.Building;

namespace WatchReload.Builder.Tests.Processes;

/// <summary>What happens to the builder while and between it builds.</summary>
public sealed class BuilderHostTests : IAsyncDisposable
{
    private const string App = "App/App.csproj";

    private Support.Building _building = null!;

    [Fact(Timeout = 300_000)]
    public async Task Fails_the_build_and_works_at_the_next_when_the_builder_is_killed()
    {
        Prepare();
        Assert.True((await _building.Build(App)).Succeeded);
        var reached = new Reached("Wait");
        var build = _building.Host.Build(Hanging(), reached.Look, CancellationToken.None);
        await reached.Task;
        var pid = _building.Host.ProcessId!.Value;
        using (var process = Process.GetProcessById(pid))
            process.Kill();

        var outcome = await build;
        Assert.False(outcome.Succeeded);
        var problem = Assert.Single(outcome.Diagnostics);
        Assert.Equal(BuilderProblems.CrashedCode, problem.Code);
        Assert.Contains("App.csproj", problem.Message, StringComparison.Ordinal);

        Assert.True((await _building.Build(App)).Succeeded);
        Assert.NotEqual(pid, _building.Host.ProcessId);
    }

    [Fact(Timeout = 300_000)]
    public async Task Ends_the_builder_in_order_when_the_checkout_with_its_state_was_thrown_away()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "What is open there cannot be removed.");
        Prepare();
        Assert.True((await _building.Build(App)).Succeeded);
        var builder = ProcessIdentity.Of(_building.Host.ProcessId!.Value)!;
        Directory.Delete(_building.Tree.State, recursive: true);

        await _building.Host.DisposeAsync();

        Assert.False(builder.IsAlive);
    }

    [Fact(Timeout = 300_000)]
    public async Task Builds_all_the_same_when_the_builder_was_killed_while_it_was_idle()
    {
        Prepare();
        Assert.True((await _building.Build(App)).Succeeded);
        var pid = _building.Host.ProcessId!.Value;
        using (var process = Process.GetProcessById(pid))
            process.Kill();

        Assert.True((await _building.Build(App)).Succeeded);
        Assert.NotEqual(pid, _building.Host.ProcessId);
    }

    [Fact(Timeout = 300_000)]
    public async Task Builds_again_when_what_a_killed_builder_left_could_not_be_removed_for_a_while()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A pipe leaves no file there.");
        Prepare();
        Assert.True((await _building.Build(App)).Succeeded);
        var socket = new StateDirectory(_building.Tree.State).Socket($"builder-{Environment.ProcessId}");
        using (var process = Process.GetProcessById(_building.Host.ProcessId!.Value))
        {
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        File.Delete(socket);
        Directory.CreateDirectory(socket);
        Assert.False((await _building.Build(App)).Succeeded);

        Directory.Delete(socket);
        Assert.True((await _building.Build(App)).Succeeded);
    }

    [Fact(Timeout = 300_000)]
    public async Task Kills_the_builder_and_says_where_when_a_build_hangs()
    {
        Prepare(settings => settings with { HangTimeout = TimeSpan.FromSeconds(10) });
        ProcessIdentity? builder = null;
        var outcome = await _building.Host.Build(Hanging(), _ => builder ??= ProcessIdentity.Of(_building.Host.ProcessId!.Value), CancellationToken.None);
        var problem = Assert.Single(outcome.Diagnostics);
        Assert.Equal(BuilderProblems.HungCode, problem.Code);
        Assert.Contains("App.csproj", problem.Message, StringComparison.Ordinal);
        Assert.False(builder!.IsAlive);
    }

    [Fact(Timeout = 300_000)]
    public async Task Names_global_json_and_remedy_when_its_SDK_is_not_there_and_builds_when_it_is_mended()
    {
        Prepare();
        _building.Tree.Write("global.json", """{ "sdk": { "version": "99.0.100", "rollForward": "disable" } }""");
        var problem = Assert.Single((await _building.Build(App)).Diagnostics);
        Assert.Equal(("WRB002", _building.Tree["global.json"]), (problem.Code, problem.File));
        Assert.Contains("99.0.100", problem.Message, StringComparison.Ordinal);
        Assert.Contains("installed: 10.", problem.Message, StringComparison.Ordinal);
        Assert.Contains("Install it, or change", problem.Message, StringComparison.Ordinal);
        var pid = _building.Host.ProcessId;

        _building.Tree.Write("global.json", """{ "sdk": { "version": "10.0.100", "rollForward": "latestMajor" } }""");
        var mended = await _building.Build(App);
        Assert.True(mended.Succeeded, string.Join('\n', mended.Diagnostics));
        Assert.NotEqual(pid, _building.Host.ProcessId);
    }

    [Fact(Timeout = 300_000)]
    public async Task Replaces_a_builder_that_has_grown_too_large()
    {
        Prepare(settings => settings with { MemoryLimit = 1 });
        await _building.Host.WarmUp(_building.Request(App), CancellationToken.None);
        var pid = _building.Host.ProcessId;
        await _building.Host.WarmUp(_building.Request(App), CancellationToken.None);
        Assert.NotEqual(pid, _building.Host.ProcessId);
    }

    [Fact(Timeout = 300_000)]
    public async Task Leaves_no_process_and_no_traces_when_disposed()
    {
        Prepare();
        await _building.Host.WarmUp(_building.Request(App), CancellationToken.None);
        var builder = ProcessIdentity.Of(_building.Host.ProcessId!.Value)!;
        await _building.Host.DisposeAsync();
        Assert.False(builder.IsAlive);
        Assert.Empty(Directory.EnumerateFiles(new StateDirectory(_building.Tree.State).Run, "*.json"));
    }

    [Fact(Timeout = 300_000)]
    public async Task Says_what_is_missing_when_the_builder_is_not_installed()
    {
        Prepare(settings => settings with { Assembly = "/nowhere/WatchReload.Builder.dll" });
        var problem = Assert.Single((await _building.Build(App)).Diagnostics);
        Assert.Equal(BuilderProblems.NotStartedCode, problem.Code);
        Assert.Contains("/nowhere/WatchReload.Builder.dll", problem.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 300_000)]
    public async Task Tells_what_the_builder_answered_when_it_has_not_ended_and_builds_the_next()
    {
        Prepare();
        var tooLarge = _building.Request(App) with { Properties = new Dictionary<string, string> { ["Large"] = new('x', 2 << 20) } };

        var problem = Assert.Single((await _building.Host.Build(tooLarge, CancellationToken.None)).Diagnostics);

        Assert.Equal(BuilderProblems.LostCode, problem.Code);
        Assert.DoesNotContain("exit code", problem.Message, StringComparison.Ordinal); // it was this that ended it
        Assert.DoesNotContain("may be the cause", problem.Message, StringComparison.Ordinal);
        Assert.True((await _building.Build(App)).Succeeded);
    }

    [Fact(Timeout = 300_000)]
    public async Task Keeps_the_builder_and_says_what_to_do_when_the_state_is_open_to_others()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        Prepare();
        var cookie = new StateDirectory(_building.Tree.State).Cookie;
        Assert.True((await _building.Build(App)).Succeeded);
        var pid = _building.Host.ProcessId;
        Loosen(cookie, UnixFileMode.OtherRead);

        var problem = Assert.Single((await _building.Build(App)).Diagnostics);

        Assert.Equal(BuilderProblems.NotAskedCode, problem.Code);
        Assert.Contains($"chmod 600 {cookie}", problem.Message, StringComparison.Ordinal);
        Loosen(cookie, UnixFileMode.None);
        Assert.True((await _building.Build(App)).Succeeded);
        Assert.Equal(pid, _building.Host.ProcessId);
    }

    public ValueTask DisposeAsync() => _building.DisposeAsync();

    private void Prepare(Func<BuilderSettings, BuilderSettings>? settings = null)
    {
        _building = new Support.Building(settings);
        _building.Tree
            .Write(App, Projects.Library().Replace("</Project>", Waiting.Target + "</Project>", StringComparison.Ordinal))
            .Write("App/App.cs", "public class App { }");
    }

    private static void Loosen(string path, UnixFileMode by)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | by);
    }

    private BuildRequest Hanging() => _building.Request(App) with { Properties = new Dictionary<string, string> { ["WaitForEver"] = "true" } };
}
