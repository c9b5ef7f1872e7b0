using System.Diagnostics;
using System.Runtime.Versioning;
using WatchReload.Builder.Tests.Support;
using WatchReload.Control;
using WatchReload.Daemon.Building;

namespace WatchReload.Builder.Tests.Processes;

/// <summary>Builds as a user of the machine that is not the one of this process: real users, real builders.</summary>
[SupportedOSPlatform("linux")]
public sealed class BuildUserTests : IAsyncDisposable
{
    private const string App = "App/App.csproj";
    private const string User = "nobody";

    private readonly string _place = Directory.CreateTempSubdirectory("wr-build-user-").FullName;
    private Support.Building? _building;

    public BuildUserTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "Only root can build as another user.");
        File.SetUnixFileMode(_place, (UnixFileMode)0b111_101_101);
        Directory.CreateDirectory(Home);
        Run("chown", User, Home);
    }

    private string Home => Path.Combine(_place, "build");

    [Fact(Timeout = 300_000)]
    public async Task A_build_runs_as_that_user_and_cannot_read_the_cookie_nor_reach_the_pipe()
    {
        var building = Prepare();
        Cookie.LoadOrCreate(new StateDirectory(building.Tree.State));
        Assert.SkipUnless(CanRead(new BuilderSettings(new StateDirectory("/")).Assembly), "Another user cannot read the builder.");

        var outcome = await building.Host.Build(Request(), CancellationToken.None);

        Assert.True(outcome.Succeeded, string.Join('\n', outcome.Diagnostics));
        var seen = await File.ReadAllLinesAsync(Path.Combine(Home, "seen.txt"), TestContext.Current.CancellationToken);
        Assert.Equal([User, "no cookie", $"at home in {Home}/home", "no new privileges"], seen);
        Assert.All(outcome.Outputs, output => Assert.True(CanRead(output.Source), output.Source));
        Assert.Equal(User, (await Task.Run(() => Run("stat", "--format", "%U", Path.Combine(Home, "artifacts", "build.log")))).Trim());
    }

    [Fact(Timeout = 300_000)]
    public async Task A_builder_of_that_user_that_hangs_is_ended_and_the_next_build_works()
    {
        var building = Prepare(settings => settings with { HangTimeout = TimeSpan.FromSeconds(10) });
        ProcessIdentity? builder = null;

        var hung = await building.Host.Build(Request() with { Properties = new Dictionary<string, string> { ["WaitForEver"] = "true" } }, _ => builder ??= ProcessIdentity.Of(building.Host.ProcessId!.Value), CancellationToken.None);
        var next = await building.Host.Build(Request(), CancellationToken.None);

        Assert.Equal(BuilderProblems.HungCode, Assert.Single(hung.Diagnostics).Code);
        Assert.False(builder!.IsAlive);
        Assert.True(next.Succeeded, string.Join('\n', next.Diagnostics));
    }

    [Fact(Timeout = 300_000)]
    public async Task A_builder_of_that_user_is_replaced_when_it_has_grown_too_large_and_ends_with_its_host()
    {
        var building = Prepare(settings => settings with { MemoryLimit = 1 });
        await building.Host.WarmUp(Request(), CancellationToken.None);
        var first = ProcessIdentity.Of(building.Host.ProcessId!.Value)!;

        await building.Host.WarmUp(Request(), CancellationToken.None);
        var second = ProcessIdentity.Of(building.Host.ProcessId!.Value)!;
        await building.Host.DisposeAsync();

        Assert.NotEqual(first.Pid, second.Pid);
        Assert.False(first.IsAlive || second.IsAlive);
    }

    [Theory(Timeout = 300_000)]
    [InlineData("no-such-user", "", "There is no user no-such-user", "useradd --system")]
    [InlineData("root", "", "build.user is root", "owns nothing else")]
    [InlineData(User, "rmdir PLACE", "There is no PLACE", "install -d -o nobody -m 755 PLACE")]
    [InlineData(User, "chown root PLACE", "PLACE belongs to root, not to nobody", "chown nobody PLACE")]
    [InlineData(User, "chmod 777 PLACE", "Others than nobody can write to PLACE", "chmod go-w PLACE")]
    public async Task Nothing_is_built_when_the_user_or_its_directory_is_not_as_it_must_be(string user, string change, string cause, string remedy)
    {
        var building = Prepare(settings => settings with { User = new BuildUser(user, Home) });
        if (change.Replace("PLACE", Home, StringComparison.Ordinal).Split(' ') is [var tool, .. var arguments] && tool.Length > 0)
            Run(tool, arguments);

        var problem = Assert.Single((await building.Host.Build(Request(), CancellationToken.None)).Diagnostics);

        Assert.Equal(BuilderProblems.UserUnfitCode, problem.Code);
        Assert.Contains(cause.Replace("PLACE", Home, StringComparison.Ordinal), problem.Message, StringComparison.Ordinal);
        Assert.Contains(remedy.Replace("PLACE", Home, StringComparison.Ordinal), problem.Message, StringComparison.Ordinal);
        Assert.Null(building.Host.ProcessId);
    }

    public async ValueTask DisposeAsync()
    {
        if (_building is not null)
            await _building.DisposeAsync();
        Directory.Delete(_place, recursive: true);
    }

    private BuildRequest Request() => _building!.Request(App) with { ArtifactsPath = Path.Combine(Home, "artifacts") };

    private Support.Building Prepare(Func<BuilderSettings, BuilderSettings>? settings = null)
    {
        _building = new Support.Building(defaults => (settings ?? (s => s))(defaults with { User = new BuildUser(User, Home) }));
        var cookie = new StateDirectory(_building.Tree.State).Cookie;
        var spy = $"""
            <Target Name="Spy" AfterTargets="Build">
              <Exec Command="(id -un; cat '{cookie}' || echo no cookie; echo at home in $HOME; grep -q 'NoNewPrivs:.*1' /proc/self/status &amp;&amp; echo no new privileges) > '{Home}/seen.txt' 2> /dev/null" />
            </Target>
            """;
        _building.Tree
            .Write(App, Projects.Library().Replace("</Project>", Waiting.Target + spy + "</Project>", StringComparison.Ordinal))
            .Write("App/App.cs", "public class App { }");
        File.SetUnixFileMode(Path.GetDirectoryName(_building.Tree.Root)!, (UnixFileMode)0b111_101_101);
        return _building;
    }

    private static bool CanRead(string path)
    {
        using var test = Process.Start("setpriv", ["--reuid", User, "--regid", "nogroup", "--clear-groups", "test", "-r", path]);
        test.WaitForExit();
        return test.ExitCode == 0;
    }

    private static string Run(string tool, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
