using WatchReload.Builder.Tests.Support;
using WatchReload.Control;

namespace WatchReload.Builder.Tests.Replay;

/// <summary>What nobody waits for is compiled on one thread, to the same images.</summary>
public sealed class UnhurriedTests(SharedBuilder builder) : IClassFixture<SharedBuilder>, IDisposable
{
    private const string Project = "One/One.csproj";

    private readonly Tree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Theory(Timeout = 300_000)]
    [InlineData(true, "Concurrent: False")]
    [InlineData(false, "Concurrent: True")]
    public async Task Compilation_is_on_one_thread_when_nobody_waits_and_makes_what_msbuild_makes(bool unhurried, string told)
    {
        var request = await Ready();
        _tree.Write("One/One.cs", "public static class One { public static int Of(int a) => new[] { a, 2 }.Select(b => b + 1).Sum(); }");

        var built = await builder.Build(request with { Unhurried = unhurried, Verify = true });

        Assert.Equal((true, BuildLane.Replay, null), (built.Succeeded, built.Lane, built.LaneReason));
        Assert.Equal(told, Assert.Single(built.Diagnostics, diagnostic => diagnostic.Code == "TELL1").Message);
    }

    private async Task<BuildRequest> Ready()
    {
        _tree.Write("global.json", "{}").Write("Directory.Build.props", "<Project />");
        _tree.Write("Tell/Tell.csproj", Projects.Library(items: "<Reference Include=\"Microsoft.CodeAnalysis\" HintPath=\"$(RoslynTargetsPath)/bincore/Microsoft.CodeAnalysis.dll\" Private=\"false\" />"));
        _tree.Write("Tell/Tell.cs", """
            using System.Collections.Immutable;
            using Microsoft.CodeAnalysis;
            using Microsoft.CodeAnalysis.Diagnostics;

            [DiagnosticAnalyzer("C#")]
            public sealed class Tell : DiagnosticAnalyzer
            {
                private static readonly DiagnosticDescriptor Rule = new("TELL1", "Tell", "Concurrent: {0}", "Tell", DiagnosticSeverity.Warning, isEnabledByDefault: true);

                public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

                public override void Initialize(AnalysisContext context)
                {
                    context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
                    context.EnableConcurrentExecution();
                    context.RegisterCompilationAction(end => end.ReportDiagnostic(Diagnostic.Create(Rule, Location.None, end.Compilation.Options.ConcurrentBuild)));
                }
            }
            """);
        var analyzer = await builder.Build(_tree.Request("Tell/Tell.csproj"));
        Assert.True(analyzer.Succeeded, string.Join('\n', analyzer.Diagnostics));
        var packages = Directory.CreateDirectory(Path.Combine(_tree.State, "packages")).FullName; // what lies there does not change
        var path = Path.Combine(packages, "Tell.dll");
        File.Copy(analyzer.Outputs.Single(output => output.Path == "Tell.dll").Source, path);
        _tree.Write(Project, Projects.Library($"<RestoreFallbackFolders>{packages}</RestoreFallbackFolders>", $"<Analyzer Include=\"{path}\" />")).Write("One/One.cs", "public static class One;");
        var request = _tree.Request(Project);
        var first = await builder.Build(request);
        Assert.True(first.Succeeded, string.Join('\n', first.Diagnostics));
        await builder.WarmUp(request);
        return request;
    }
}
