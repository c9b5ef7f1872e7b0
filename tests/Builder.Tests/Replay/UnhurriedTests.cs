using WatchReload.Builder.Tests.Support;
using WatchReload.Control;
using WatchReload.Tests;

namespace WatchReload.Builder.Tests.Replay;

/// <summary>What nobody waits for is compiled on one thread, to the same images.</summary>
public sealed class UnhurriedTests(SharedBuilder builder) : IClassFixture<SharedBuilder>, IDisposable
{
    private const string Project = "One/One.csproj";
    private const string Edited = "public static class One { public static int Of(int a) => new[] { a, 2 }.Select(b => b + 1).Sum(); }";

    private readonly Tree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Theory(Timeout = 300_000)]
    [InlineData(true, ThreadsAnalyzer.OneThread)]
    [InlineData(false, ThreadsAnalyzer.AllThreads)]
    public async Task Compilation_is_on_one_thread_when_nobody_waits_and_makes_what_msbuild_makes(bool unhurried, string told)
    {
        var request = await Ready();
        _tree.Write("One/One.cs", Edited);

        var built = await builder.Build(request with { Unhurried = unhurried, Verify = true });

        Assert.Equal((true, BuildLane.Replay, null), (built.Succeeded, built.Lane, built.LaneReason));
        Assert.Equal(told, Told(built));
    }

    [Fact(Timeout = 300_000)]
    public async Task Analyzers_that_nobody_waited_for_run_on_one_thread()
    {
        var request = await Ready();
        _tree.Write("One/One.cs", Edited);
        Assert.True((await builder.Build(request with { AnalyzersLater = true })).AnalyzersPending);

        Assert.Equal(ThreadsAnalyzer.OneThread, Told((await builder.Analyze(request))!));
    }

    [Fact(Timeout = 300_000)]
    public async Task Edits_go_on_from_there()
    {
        var request = await Ready(deltas: true);
        _tree.Write("One/One.cs", Edited);
        var made = await builder.Build(request with { Unhurried = true });
        Assert.Equal((true, BuildLane.Replay), (made.Succeeded, made.Lane));
        await builder.WarmUp(request);
        _tree.Write("One/One.cs", Edited.Replace("b + 1", "b * a", StringComparison.Ordinal));

        var delta = await builder.Build(request with { BuildId = made.BuildId, Loaded = LoadedImages.From(made) });
        Assert.Equal((true, BuildLane.Delta, null), (delta.Succeeded, delta.Lane, delta.LaneReason));
    }

    private static string Told(BuildOutcome outcome) => Assert.Single(outcome.Diagnostics, diagnostic => diagnostic.Code == ThreadsAnalyzer.Code).Message;

    private async Task<BuildRequest> Ready(bool deltas = false)
    {
        _tree.Write("global.json", "{}").Write("Directory.Build.props", "<Project />");
        _tree.Write("Threads/Threads.csproj", ThreadsAnalyzer.Project).Write("Threads/Threads.cs", ThreadsAnalyzer.Source);
        var packages = Directory.CreateDirectory(Path.Combine(_tree.State, "packages")).FullName; // what lies there does not change
        var path = Path.Combine(packages, ThreadsAnalyzer.Assembly);
        _tree.Write(Project, Projects.Library($"<RestoreFallbackFolders>{packages}</RestoreFallbackFolders>", $"<Analyzer Include=\"{path}\" />")).Write("One/One.cs", Edited.Replace("b + 1", "b", StringComparison.Ordinal));
        var analyzer = await builder.Build(_tree.Request("Threads/Threads.csproj"));
        Assert.True(analyzer.Succeeded, string.Join('\n', analyzer.Diagnostics));
        File.Copy(analyzer.Outputs.Single(output => output.Path == ThreadsAnalyzer.Assembly).Source, path);
        var request = _tree.Request(Project) with { Configuration = "Debug", Deltas = deltas };
        var first = await builder.Build(request);
        Assert.True(first.Succeeded, string.Join('\n', first.Diagnostics));
        await builder.WarmUp(request);
        return request;
    }
}
