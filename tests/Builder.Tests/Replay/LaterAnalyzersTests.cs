using WatchReload.Builder.Tests.Support;
using WatchReload.Control;

namespace WatchReload.Builder.Tests.Replay;

/// <summary>An edit does not wait for analyzers that nobody has made fail a build.</summary>
public sealed class LaterAnalyzersTests(SharedBuilder builder) : IClassFixture<SharedBuilder>, IDisposable
{
    private const string Project = "One.csproj";
    private const string Sound = "public static class One { public static int Of(int a) { try { return 1 / a; } catch (System.DivideByZeroException) { throw; } } }";
    private const string Doubtful = "public static class One { public static int Of(int a) { try { return 1 / a; } catch (System.DivideByZeroException e) { throw e; } } }";

    private readonly Tree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact(Timeout = 300_000)]
    public async Task Warnings_of_analyzers_are_told_when_asked_for()
    {
        var request = await Ready("");
        _tree.Write("One.cs", Doubtful);
        var built = await builder.Build(request with { AnalyzersLater = true });
        Assert.Equal((true, BuildLane.Replay, true), (built.Succeeded, built.Lane, built.AnalyzersPending));
        Assert.DoesNotContain(built.Diagnostics, diagnostic => diagnostic.Code == "CA2200");

        var analyzed = await builder.Analyze(request);
        Assert.Contains(analyzed!.Diagnostics, diagnostic => diagnostic is { Code: "CA2200", Severity: DiagnosticSeverity.Warning });
        Assert.Empty((await builder.Analyze(request))!.Diagnostics); // each is told once

        _tree.Write("One.cs", Doubtful + "\n");
        var waited = await builder.Build(request);
        Assert.Equal((BuildLane.Replay, false), (waited.Lane, waited.AnalyzersPending));
        Assert.Contains(waited.Diagnostics, diagnostic => diagnostic.Code == "CA2200");
    }

    [Fact(Timeout = 300_000)]
    public async Task Warnings_of_what_was_built_are_told_when_the_next_save_has_begun()
    {
        var request = await Ready("", deltas: true);
        _tree.Write("One.cs", Doubtful);
        Assert.True((await builder.Build(request with { AnalyzersLater = true })).AnalyzersPending);
        await builder.WarmUp(request);
        _tree.Write("One.cs", Sound);
        await builder.Anticipate();

        Assert.Contains((await builder.Analyze(request))!.Diagnostics, diagnostic => diagnostic.Code == "CA2200");
    }

    [Fact(Timeout = 300_000)]
    public async Task What_is_an_error_by_default_is_told_as_one()
    {
        var request = await Ready("");
        // CA2252: what is a preview is used.
        _tree.Write("One.cs", "public static class One { [System.Runtime.Versioning.RequiresPreviewFeatures] public static int Early() => 1; public static int Of(int a) => a + Early(); }");
        var built = await builder.Build(request with { AnalyzersLater = true });
        Assert.Equal((true, BuildLane.Replay, true), (built.Succeeded, built.Lane, built.AnalyzersPending));
        var analyzed = await builder.Analyze(request);
        Assert.Contains(analyzed!.Diagnostics, diagnostic => diagnostic is { Code: "CA2252", Severity: DiagnosticSeverity.Error });

        // The same tree, for a build that waits: it was compiled, and is not accepted for that.
        for (var times = 0; times < 2; times++)
        {
            var same = await builder.Build(request);
            Assert.Equal((false, BuildLane.Replay), (same.Succeeded, same.Lane));
        }

        _tree.Write("One.cs", (await File.ReadAllTextAsync(_tree["One.cs"], TestContext.Current.CancellationToken)) + "\n");
        var waited = await builder.Build(request);
        Assert.Equal((false, BuildLane.Replay), (waited.Succeeded, waited.Lane));
        Assert.Contains(waited.Diagnostics, diagnostic => diagnostic is { Code: "CA2252", Severity: DiagnosticSeverity.Error });
    }

    [Theory(Timeout = 300_000)]
    [InlineData("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>", "")]
    [InlineData("<WarningsAsErrors>CA2200</WarningsAsErrors>", "")]
    [InlineData("", "[*.cs]\ndotnet_diagnostic.CA2200.severity = error\n")]
    [InlineData("", "[*.cs]\ndotnet_analyzer_diagnostic.category-Usage.severity = error\n")]
    public async Task Analyzers_that_can_fail_the_build_are_waited_for(string properties, string editorConfig)
    {
        _tree.Write(".editorconfig", "root = true\n" + editorConfig);
        var request = await Ready(properties);
        _tree.Write("One.cs", Doubtful);
        var built = await builder.Build(request with { AnalyzersLater = true });
        Assert.Equal((false, BuildLane.Replay, false), (built.Succeeded, built.Lane, built.AnalyzersPending));
        Assert.Contains(built.Diagnostics, diagnostic => diagnostic is { Code: "CA2200", Severity: DiagnosticSeverity.Error });
    }

    /// <summary>Built, and its compilation proved.</summary>
    private async Task<BuildRequest> Ready(string properties, bool deltas = false)
    {
        _tree.Write("global.json", "{}").Write("Directory.Build.props", "<Project />").Write(Project, Projects.Library(properties)).Write("One.cs", Sound);
        var request = _tree.Request(Project) with { Deltas = deltas };
        var first = await builder.Build(request);
        Assert.True(first.Succeeded, string.Join('\n', first.Diagnostics));
        await builder.WarmUp(request);
        return request;
    }
}
