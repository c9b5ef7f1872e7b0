using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using WatchReload.Actors;

namespace WatchReload.Analyzers.Tests;

/// <summary>Source, compiled as a service is, and what the analyzers say of it.</summary>
internal static class Analyzed
{
    private const string Usings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading; global using System.Threading.Tasks; global using WatchReload.Actors;";

    /// <summary>A behavior of <c>State</c>, and a service: what makes the rest of a source a service's.</summary>
    public const string Around = """
        public abstract record Message;
        public sealed class Actor : Behavior<State, Message> { public override ValueTask<State> Receive(State s, Message m, Context self) => new(s); }
        public sealed class Service : IService { public void Configure(IServiceBuilder service) { } }
        """;

    private static readonly IReadOnlyList<MetadataReference> References =
        [.. Repository.ReferenceAssemblies.Append(typeof(IService).Assembly.Location).Select(path => MetadataReference.CreateFromFile(path))];

    private static readonly ImmutableArray<DiagnosticAnalyzer> Analyzers = [new MutableStaticAnalyzer(), new StateAnalyzer(), new BehaviorStateAnalyzer(), new UpgradeAnalyzer()];

    public static ImmutableArray<DiagnosticDescriptor> Rules { get; } = [.. Analyzers.SelectMany(a => a.SupportedDiagnostics)];

    public static CSharpCompilation Compile(string source, params MetadataReference[] more)
    {
        var compilation = CSharpCompilation.Create(
            "Service",
            [CSharpSyntaxTree.ParseText(Usings, path: "usings.cs"), CSharpSyntaxTree.ParseText(source, path: "service.cs")],
            [.. References, .. more],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        Assert.DoesNotContain(compilation.Clone().GetDiagnostics(TestContext.Current.CancellationToken), d => d.Severity == DiagnosticSeverity.Error);
        return compilation;
    }

    public static Task<IReadOnlyList<Diagnostic>> Diagnose(string source) => Diagnose(Compile(source));

    public static async Task<IReadOnlyList<Diagnostic>> Diagnose(CSharpCompilation compilation)
    {
        var failed = new List<Exception>();
        var options = new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), (e, _, _) => failed.Add(e), concurrentAnalysis: true, logAnalyzerExecutionTime: false);
        var found = await compilation.WithAnalyzers(Analyzers, options).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        Assert.Empty(failed);
        return [.. found.OrderBy(d => d.Location.SourceSpan.Start).ThenBy(d => d.Id, StringComparer.Ordinal)];
    }

    /// <summary><c>WR0001 Count</c>: each rule with the text that it underlines.</summary>
    public static async Task<IReadOnlyList<string>> Marks(string source) => [.. (await Diagnose(source)).Select(d => $"{d.Id} {d.Location.SourceTree!.ToString()[d.Location.SourceSpan.Start..d.Location.SourceSpan.End]}")];

    public static async Task<IReadOnlyList<string>> Messages(string source) => [.. (await Diagnose(source)).Select(d => d.GetMessage(CultureInfo.InvariantCulture))];
}
