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
        await builder.Anticipate(request);

        Assert.Contains((await builder.Analyze(request))!.Diagnostics, diagnostic => diagnostic.Code == "CA2200");
    }

    [Fact(Timeout = 300_000)]
    public async Task Warnings_of_all_projects_are_told_after_an_analysis_that_was_broken_off_in_the_last()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The analyzer tells by a FIFO that it is reached.");
        var (holds, reached) = (Path.Combine(_tree.State, "holds"), Path.Combine(_tree.State, "reached"));
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", reached))
            await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
        _tree.Write("Held/Held.csproj", Projects.Library(items: "<Reference Include=\"Microsoft.CodeAnalysis\" HintPath=\"$(RoslynTargetsPath)/bincore/Microsoft.CodeAnalysis.dll\" Private=\"false\" />"));
        _tree.Write("Held/Held.cs", Held(holds, reached));
        var analyzer = await builder.Build(_tree.Request("Held/Held.csproj"));
        Assert.True(analyzer.Succeeded, string.Join('\n', analyzer.Diagnostics));
        var packages = Directory.CreateDirectory(Path.Combine(_tree.State, "packages")).FullName; // what lies there does not change
        var path = Path.Combine(packages, "Held.dll");
        File.Copy(analyzer.Outputs.Single(output => output.Path == "Held.dll").Source, path);
        _tree.Write("Two/Two.csproj", Projects.Library($"<RestoreFallbackFolders>{packages}</RestoreFallbackFolders>", $"<ProjectReference Include=\"../One/One.csproj\" /><Analyzer Include=\"{path}\" />")).Write("Two/Two.cs", "public static class Two { public static int Of() => One.Of(1); }");
        var request = await Ready("", project: "Two/Two.csproj", one: "One/");
        _tree.Write("One/One.cs", Doubtful).Write("Two/Two.cs", "public static class Two { public static int Of() => One.Of(2); }");
        var built = await builder.Build(request with { AnalyzersLater = true });
        Assert.Equal((true, BuildLane.Replay, null, true), (built.Succeeded, built.Lane, built.LaneReason, built.AnalyzersPending));

        await File.WriteAllTextAsync(holds, "", TestContext.Current.CancellationToken);
        using var edit = new CancellationTokenSource();
        var brokenOff = builder.Analyze(request, edit.Token);
        await File.ReadAllTextAsync(reached, TestContext.Current.CancellationToken);
        await edit.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => brokenOff);
        File.Delete(holds);

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

    /// <summary>An analyzer that says where it is and waits to be broken off, while a file is there.</summary>
    private static string Held(string holds, string reached) => $$"""
        using System.Collections.Immutable;
        using Microsoft.CodeAnalysis;
        using Microsoft.CodeAnalysis.Diagnostics;

        [DiagnosticAnalyzer("C#")]
        public sealed class Held : DiagnosticAnalyzer
        {
            private static readonly DiagnosticDescriptor Rule = new("HELD1", "Held", "Held", "Held", DiagnosticSeverity.Warning, isEnabledByDefault: true);

            public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

            public override void Initialize(AnalysisContext context)
            {
                context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
                context.EnableConcurrentExecution();
                context.RegisterCompilationAction(compilation =>
                {
                    if (!File.Exists("{{holds}}"))
                        return;
                    File.WriteAllText("{{reached}}", "reached");
                    compilation.CancellationToken.WaitHandle.WaitOne();
                    compilation.CancellationToken.ThrowIfCancellationRequested();
                });
            }
        }
        """;

    /// <summary>Built, and its compilation proved.</summary>
    private async Task<BuildRequest> Ready(string properties, bool deltas = false, string project = Project, string one = "")
    {
        _tree.Write("global.json", "{}").Write("Directory.Build.props", "<Project />").Write(one + Project, Projects.Library(properties)).Write(one + "One.cs", Sound);
        var request = _tree.Request(project) with { Deltas = deltas };
        var first = await builder.Build(request);
        Assert.True(first.Succeeded, string.Join('\n', first.Diagnostics));
        await builder.WarmUp(request);
        return request;
    }
}
