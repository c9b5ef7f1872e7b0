using WatchReload.Control;
using WatchReload.Daemon.Cli;
using WatchReload.Daemon.Cli.Rendering;
using WatchReload.Daemon.Events;

namespace WatchReload.Daemon.Tests.Cli;

public sealed class EventViewTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly StringWriter _output = new() { NewLine = "\n" };

    public void Dispose()
    {
        _scratch.Dispose();
        _output.Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task Reload_is_one_line_with_what_changed_and_how_long_each_part_took()
    {
        Show(
            new ChangeDetected(["src/Service/Connection.cs"], 1, "saved"),
            new BuildStarted("watch", "S.csproj", "Debug"),
            new BuildFinished("r000002", "build", null, 212) { SourceHash = "s", ContentHash = "c" },
            new ReloadCommitted("main", 2, "r000002") { Lane = "build", BuildMs = 212, TotalMs = 1240, GateMs = 0.42, Mapped = 64, Late = [new ActorNotice("x", "B", "r", default)] });

        var line = Assert.Single(Lines());
        Assert.EndsWith("version 2  src/Service/Connection.cs · build 212 ms · 64 actors (1 late) · gate 0.4 ms · 1.24 s in all", line);
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task Reason_of_a_slower_way_is_told_once_until_there_is_another()
    {
        await Task.CompletedTask;
        const string Lasting = "S.csproj has a target of its own (T in S.csproj)";
        string?[] reasons = [Lasting, Lasting, null, "appsettings.json changed", "the static Cache may hold what code has put there", Lasting];

        Show([.. reasons.Select(reason => new ReloadCommitted("main", 2, "r000002") { Lane = "build", LaneReason = reason, BuildMs = 1200 })]);

        string[] told = [Lasting, "the static Cache may hold what code has put there", Lasting];
        Assert.Equal(told.Select(reason => $"            build, as {reason}"), Lines().Where(line => line.StartsWith("   ", StringComparison.Ordinal)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Reload_counts_all_late_actors_also_those_that_are_not_named()
    {
        Show(new ReloadCommitted("main", 2, "r000002") { Mapped = 64, Late = [new ActorNotice("x", "B", "r", default)], LateCount = 900_000 });

        Assert.Contains("64 actors (900000 late)", Assert.Single(Lines()));
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_but_text_is_written_when_there_is_no_terminal()
    {
        Show(new NodeStarted("main", 42, 1, "r000001"), new ReloadRefused("main", 1, "r000002", ["[a] cause with brackets. And its remedy."]));

        Assert.DoesNotContain('\u001b', _output.ToString());
        Assert.Contains("[a] cause with brackets. And its remedy.", _output.ToString());
        Assert.Contains("version 1 goes on serving", _output.ToString());
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task Name_that_is_missing_leaves_no_gap()
    {
        Show(new ReloadRefused("main", 1, null, []), new ReloadRefused("", 1, null, []), new ReloadUnchanged("main", 1, "r000001"));

        Assert.EndsWith("  refused  node main; version 1 goes on serving", Lines()[0]);
        Assert.EndsWith("  refused; version 1 goes on serving", Lines()[1]);
        Assert.EndsWith("  unchanged  node main runs this content already, as version 1", Lines()[2]);
        await Task.CompletedTask;
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true, null, true)]
    [InlineData(true, "1", false)]
    [InlineData(false, null, false)]
    public async Task Colours_are_for_terminals_without_NO_COLOR(bool terminal, string? noColor, bool colours)
    {
        var environment = noColor is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["NO_COLOR"] = noColor };
        new EventView(new Screen(Context(terminal, environment)), _scratch.Root).Emit(new ReloadCommitted("main", 2, "r000002"));

        Assert.Equal(colours, _output.ToString().Contains('\u001b'));
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task Compile_error_has_the_compilers_words_and_the_line_of_source_with_a_caret()
    {
        var file = _scratch.Write("src/A.cs", "class A\n{\n\tint X => Y;\n}\n");
        Show(new ChangeDetected(["src/A.cs", "src/B.cs"], 2, "2 files"), new BuildFailed("build", null, 90, [new EventDiagnostic("error", "CS0103", "The name 'Y' does not exist in the current context", file, 3, 11, 3, 12, null)]));

        Assert.Equal(
            [
                $"{Path.Combine("src", "A.cs")}(3,11): error CS0103: The name 'Y' does not exist in the current context",
                "     3 | \tint X => Y;",
                "       | \t         ^",
            ],
            Lines().Take(3));
        Assert.EndsWith("build failed  src/A.cs and 1 more · 1 error in 90 ms", Lines()[3]);
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task Failed_build_is_told_with_what_led_to_it()
    {
        Show(
            new GitPulled(new string('a', 40), new string('b', 40), [], 1),
            new BuildFailed("build", null, 90, [new EventDiagnostic("error", "CS2001", "Source file could not be found", "/gone/B.cs", 1, 1, 1, 1, null)]));

        Assert.Contains("1 commit · 1 error in 90 ms", Lines()[1]);
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task Error_without_a_readable_file_is_told_all_the_same()
    {
        Show(new BuildFailed("build", null, 90, [new EventDiagnostic("error", "CS2001", "Source file could not be found", "/gone/B.cs", 1, 1, 1, 1, null)]));

        Assert.StartsWith("/gone/B.cs(1,1): error CS2001: Source file", Lines()[0]);
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task Warnings_are_short_and_not_more_than_a_few()
    {
        var warnings = Enumerable.Range(1, 8).Select(i => new EventDiagnostic("warning", "CS0168", "unused", null, i, 1, i, 1, "S.csproj")).ToArray();
        Show(new BuildFinished("r000002", "build", null, 1) { SourceHash = "s", ContentHash = "c", Diagnostics = warnings });

        Assert.Equal(6, Lines().Length);
        Assert.Equal("and 3 warnings more", Lines()[^1]);
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task Reload_tells_what_a_rollback_would_not_bring_back()
    {
        Show(
            new ReloadCommitted("main", 2, "r000002") { Reversible = "lossy", Losses = ["State.Lives: is removed, and has its default on the way back"] },
            new ReloadCommitted("main", 3, "r000003") { Reversible = "no", Losses = ["State: State has an Upgrade and no Downgrade to what it was"] });

        Assert.Equal(["A rollback would not bring back all of the state:", "State.Lives: is removed, and has its default on the way back"], Lines()[1..3].Select(line => line.Trim()));
        Assert.Equal(["A rollback would not bring the state back: it is refused, or gives defaults of the older code:", "State: State has an Upgrade and no Downgrade to what it was"], Lines()[4..6].Select(line => line.Trim()));
        await Task.CompletedTask;
    }

    /// <summary>Whether there is a way back from the way back nobody has found out.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Rehearsed_rollback_tells_of_no_way_back()
    {
        var rehearsed = new ReloadRehearsed("main", 2, "r000001") { Warnings = ["State.Lives gets its default"] };
        Show(new RollbackStarted("r000002", "r000001", null), rehearsed, new RollbackFinished("r000001", "rehearsed"), rehearsed with { Release = "r000003" });

        Assert.DoesNotContain("way back", Lines()[1]);
        Assert.Contains("State.Lives gets its default", Lines()[2]);
        Assert.Contains("r000003 would be taken by node main: 0 actors, way back: yes", Lines()[3]);
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_goes_on_serving_when_the_node_has_died()
    {
        Show(new ReloadRefused("main", 1, "r000017", ["The node died while r000017 was on trial. It starts on r000016."]) { TakenBack = true, Died = true });

        Assert.DoesNotContain("goes on", Lines()[0]);
        Assert.Contains("taken back  r000017  node main died on it: connections and states went with the process", Lines()[0]);
        await Task.CompletedTask;
    }

    private string[] Lines() => _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private void Show(params DaemonEvent[] events)
    {
        var view = new EventView(new Screen(Context(false, new Dictionary<string, string>())), _scratch.Root);
        Array.ForEach(events, view.Emit);
    }

    private CommandContext Context(bool terminal, IReadOnlyDictionary<string, string> environment) =>
        new() { Directory = _scratch.Root, Output = _output, Error = _output, Environment = environment, Time = TimeProvider.System, OutputIsTerminal = terminal };
}
