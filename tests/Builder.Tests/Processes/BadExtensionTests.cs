using System.Diagnostics;
using WatchReload.Builder.Tests.Support;
using WatchReload.Control;
using WatchReload.Daemon.Building;
using WatchReload.Tests;

namespace WatchReload.Builder.Tests.Processes;

/// <summary>A generator or an analyzer that throws, hangs or overflows the stack is named, wherever it runs; and the next good state builds.</summary>
public sealed class BadExtensionTests : IClassFixture<BadExtension>, IAsyncDisposable
{
    private const string Project = "App/App.csproj";

    private static readonly BuilderSettings Settings = new(new StateDirectory("/"));

    private readonly FakeTime _time = new(); // a machine under load is silent for long, and nothing hangs
    private readonly Support.Building _building;
    private readonly BadExtension _bad;
    private Process? _builder;
    private int _saves;
    private bool _deltas;

    public BadExtensionTests(BadExtension bad)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A FIFO tells that something is reached.");
        _bad = bad;
        _building = new(time: _time);
    }

    private BuildRequest Request => _building.Request(Project, "Debug") with { Deltas = _deltas };

    private string Reached => Path.Combine(_building.Tree.State, "reached");

    public ValueTask DisposeAsync()
    {
        _builder?.Dispose();
        return _building.DisposeAsync();
    }

    [Fact(Timeout = 600_000)]
    public async Task One_that_throws_is_named_in_the_compilers_words_and_ends_nothing()
    {
        await Prepare();
        var pid = _building.Host.ProcessId;
        var replayed = await Saved("// generator: throw\n// analyzer: throw");
        AssertNamed(replayed, "CS8785", "BadGenerator");
        AssertNamed(replayed, "AD0001", "Bad.BadAnalyzer");
        Assert.Contains(replayed.Diagnostics, diagnostic => diagnostic.Code == "CS0103"); // what was not generated is missing
        await Good(BuildLane.Replay);

        _building.Tree.Write(Project, Text("<DefineConstants>$(DefineConstants);SECOND</DefineConstants>"));
        foreach (var (comment, code, name) in ((string, string, string)[])[("// generator: throw", "CS8785", "BadGenerator"), ("// analyzer: throw", "AD0001", "Bad.BadAnalyzer")])
        {
            var built = await Saved(comment);
            Assert.NotEqual(BuildLane.Replay, built.Lane);
            AssertNamed(built, code, name);
        }

        await Good(BuildLane.Build);
        Assert.Equal(pid, _building.Host.ProcessId);
    }

    [Fact(Timeout = 600_000)]
    public async Task Throwing_in_idle_time_or_as_a_save_is_noticed_is_no_matter_of_the_build()
    {
        await Prepare(deltas: true);
        var pid = _building.Host.ProcessId;
        Save("// generator: throw");
        await _building.Host.Anticipate(Request, TestContext.Current.CancellationToken);
        await Good(BuildLane.Replay);

        await InIdleTime("// generator: throw, held ready");
        await Good(BuildLane.Build);
        Assert.Equal(pid, _building.Host.ProcessId);
    }

    [Theory(Timeout = 600_000)]
    [InlineData("generator", "overflow", BuilderProblems.CrashedCode, "Bad.Deed.Overflow")]
    [InlineData("analyzer", "overflow", BuilderProblems.CrashedCode, "Bad.Deed.Overflow")]
    [InlineData("generator", "hang", BuilderProblems.HungCode, "of App.csproj, which runs Bad.Extension.dll")]
    [InlineData("analyzer", "hang", BuilderProblems.HungCode, "of App.csproj, which runs Bad.Extension.dll")]
    public async Task One_that_ends_or_holds_up_a_build_is_named_by_replay_and_by_MSBuild(string who, string what, string code, string name)
    {
        await Prepare();
        var builder = ProcessIdentity.Of(_building.Host.ProcessId!.Value)!;
        AssertNamed(await SavedInVain($"// {who}: {what}, held ready"), code, name);
        Assert.False(builder.IsAlive);

        AssertNamed(await SavedInVain($"// {who}: {what}, anywhere"), code, name);
        await Good(BuildLane.Build);
    }

    [Theory(Timeout = 600_000)]
    [InlineData("overflow", "Bad.Deed.Overflow")]
    [InlineData("hang", "at anticipate of App.csproj, which runs Bad.Extension.dll")]
    public async Task One_that_fails_as_a_save_is_noticed_is_named_by_the_build_that_follows_which_a_new_builder_makes(string what, string name)
    {
        await Prepare(deltas: true);
        var builder = ProcessIdentity.Of(_building.Host.ProcessId!.Value)!;
        Save($"// generator: {what}, anywhere, {Reached}");
        var anticipation = _building.Host.Anticipate(Request, TestContext.Current.CancellationToken);
        await HasReached();

        AssertNamed(await GoodAfter(what), BuilderProblems.AsideCode, name);
        await anticipation;
        Assert.False(builder.IsAlive);
        Assert.DoesNotContain((await Good(BuildLane.Build)).Diagnostics, diagnostic => diagnostic.Code == BuilderProblems.AsideCode); // told once
    }

    [Theory(Timeout = 600_000)]
    [InlineData("generator", "overflow", "Bad.Deed.Overflow")]
    [InlineData("analyzer", "overflow", "Bad.Deed.Overflow")]
    [InlineData("generator", "hang", "at prove of App.csproj, which runs Bad.Extension.dll")]
    public async Task One_that_fails_in_idle_time_is_named_by_the_next_build_which_a_new_builder_makes(string who, string what, string name)
    {
        await Prepare();
        await InIdleTime($"// {who}: {what}, held ready");

        AssertNamed(await GoodAfter(what), BuilderProblems.AsideCode, name);
    }

    private static void AssertNamed(BuildOutcome outcome, string code, string name)
    {
        var problem = outcome.Diagnostics.FirstOrDefault(diagnostic => diagnostic.Code == code);
        Assert.True(problem is not null && problem.Message.Contains(name, StringComparison.Ordinal), string.Join('\n', outcome.Diagnostics));
    }

    /// <summary>Built, and its compilation held ready.</summary>
    private async Task Prepare(bool deltas = false)
    {
        _deltas = deltas;
        using (var mkfifo = Process.Start("mkfifo", Reached))
            await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
        _building.Tree.Write(Project, Text(""));
        await Good();
        await _building.Host.WarmUp(Request, TestContext.Current.CancellationToken);
        _builder = Process.GetProcessById(_building.Host.ProcessId!.Value);
    }

    /// <summary>Has MSBuild build with that comment, and ends when idle time is about to do what it says.</summary>
    private async Task InIdleTime(string comment)
    {
        _building.Tree.Write(Project, Text("<DefineConstants>$(DefineConstants);SECOND</DefineConstants>"));
        var built = await Saved($"{comment}, {Reached}");
        Assert.True(built.Succeeded && built.Lane != BuildLane.Replay, string.Join('\n', built.Diagnostics));
        await HasReached();
    }

    private Task HasReached() => File.ReadAllTextAsync(Reached, TestContext.Current.CancellationToken);

    /// <summary>Builds what ends the builder or hangs.</summary>
    private async Task<BuildOutcome> SavedInVain(string comment)
    {
        Save($"{comment}, {Reached}");
        var told = new Told(progress => progress.Extensions.Count > 0);
        var building = _building.Host.Build(Request, told.Look, TestContext.Current.CancellationToken);
        await told.Task;
        await HasReached();
        if (comment.Contains("hang", StringComparison.Ordinal))
            _time.Advance(Settings.HangTimeout);
        return await building;
    }

    /// <summary>Builds a good state by a new builder, after the one before had done that without being asked.</summary>
    private async Task<BuildOutcome> GoodAfter(string what)
    {
        if (what == "overflow")
            await _builder!.WaitForExitAsync(TestContext.Current.CancellationToken); // an analyzer is not waited for when it is to give way, and may end the build then
        Save("");
        var told = new Told(progress => progress.IsAwaited);
        var building = _building.Host.Build(Request, told.Look, TestContext.Current.CancellationToken);
        if (what == "hang")
        {
            await told.Task;
            _time.Advance(Settings.AsideTimeout);
        }

        var outcome = await building;
        Assert.True(outcome.Succeeded && outcome.Lane == BuildLane.Build, string.Join('\n', outcome.Diagnostics));
        return outcome;
    }

    private async Task<BuildOutcome> Good(BuildLane lane)
    {
        var outcome = await Good();
        Assert.Equal(lane, outcome.Lane);
        return outcome;
    }

    private async Task<BuildOutcome> Good()
    {
        var outcome = await Saved("");
        Assert.True(outcome.Succeeded, string.Join('\n', outcome.Diagnostics));
        return outcome;
    }

    private Task<BuildOutcome> Saved(string comment)
    {
        Save(comment);
        return _building.Host.Build(Request, TestContext.Current.CancellationToken);
    }

    private void Save(string comment) => _building.Tree.Write("App/App.cs", $"{comment}\npublic static class App {{ public static int Of() => Generated.Of({++_saves}); }}");

    private string Text(string properties) => Projects.Library(_bad.Properties + properties, _bad.Items);

    /// <summary>Waits until the builder has said such a thing.</summary>
    private sealed class Told(Func<BuildProgress, bool> such)
    {
        private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Task => _told.Task;

        public void Look(BuildProgress progress)
        {
            if (such(progress))
                _told.TrySetResult();
        }
    }
}
