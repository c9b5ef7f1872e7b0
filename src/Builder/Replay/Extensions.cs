using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace WatchReload.Builder.Replay;

/// <summary>The generators of a compiler call, and those of its analyzers that could say something that is printed.</summary>
/// <param name="Generators">In the compiler's order.</param>
/// <param name="Own">Of these, those that the tree makes.</param>
/// <param name="Analyzers">Without suppressors.</param>
/// <param name="Suppressible">Ids of diagnostics that a suppressor may take back.</param>
/// <param name="Unasked">Of the analyzers, those that nobody has made fail a build: their rules are warnings, or errors by the SDK's own default.</param>
internal sealed record Extensions(ImmutableArray<ISourceGenerator> Generators, ImmutableHashSet<ISourceGenerator> Own, ImmutableArray<DiagnosticAnalyzer> Analyzers, ImmutableHashSet<string> Suppressible, ImmutableArray<DiagnosticAnalyzer> Unasked)
{
    private const string BulkSeverity = "dotnet_analyzer_diagnostic.";
    private const string AnalyzerThrew = "AD0001";

    public static Extensions Load(CompilerCall call, ConfiguredOptions options, References references, Func<string, bool> isOfSdk, out string? failure)
    {
        var arguments = call.Arguments;
        string? problem = null;
        var generators = ImmutableArray.CreateBuilder<ISourceGenerator>();
        var own = ImmutableHashSet.CreateBuilder<ISourceGenerator>();
        var analyzers = ImmutableArray.CreateBuilder<DiagnosticAnalyzer>();
        var ofSdk = new HashSet<DiagnosticAnalyzer>();
        var audible = new Audible(arguments, options);
        foreach (var path in call.Extensions)
        {
            if (!File.Exists(path))
            {
                problem = $"{path}, a generator or analyzer, is missing";
                break;
            }
            var reference = new AnalyzerFileReference(path, references.LoaderOf(path)); // one for each project: it keeps the instances that it has made
            reference.AnalyzerLoadFailed += (_, e) =>
            {
                if (e.ErrorCode is not AnalyzerLoadFailureEventArgs.FailureErrorCode.NoAnalyzers)
                    problem = $"{path}, a generator or analyzer, does not load: {e.Message}";
            };
            var generating = reference.GetGenerators(LanguageNames.CSharp);
            generators.AddRange(generating);
            if (references.HashOfExtension(path) is not null)
                own.UnionWith(generating);
            if (arguments.SkipAnalyzers)
                continue;
            var found = reference.GetAnalyzers(LanguageNames.CSharp);
            analyzers.AddRange(found);
            if (isOfSdk(path))
                ofSdk.UnionWith(found);
        }
        failure = problem;
        var suppressors = analyzers.OfType<DiagnosticSuppressor>().SelectMany(suppressor => suppressor.SupportedSuppressions).Select(suppression => suppression.SuppressedDiagnosticId);
        ImmutableArray<DiagnosticAnalyzer> heard = [.. analyzers.Where(audible.Includes)];
        return new Extensions(generators.ToImmutable(), own.ToImmutable(), heard, [.. suppressors], [.. heard.Where(analyzer => !audible.IsToFail(analyzer, byDefault: !ofSdk.Contains(analyzer)))]);
    }

    /// <summary>
    /// The compiler prints errors and warnings, so an analyzer whose rules are all below that need not run. It is left out only
    /// when no option, for no file, can raise one of them.
    /// </summary>
    private sealed class Audible(CSharpCommandLineArguments arguments, ConfiguredOptions options)
    {
        private readonly List<AnalyzerConfigOptionsResult> _files = [.. arguments.SourceFiles.Select(file => options.For(file.Path)).DistinctBy(result => result.TreeOptions)];

        private bool Bulk { get; } = arguments.SourceFiles.Any(file => options.For(file.Path).AnalyzerOptions.Keys.Any(key => key.StartsWith(BulkSeverity, StringComparison.OrdinalIgnoreCase)));

        /// <summary>Whether what it says, or that it throws, is an error for some file: by an option, or by default.</summary>
        public bool IsToFail(DiagnosticAnalyzer analyzer, bool byDefault) =>
            Bulk
            || arguments.CompilationOptions.GeneralDiagnosticOption == ReportDiagnostic.Error
            || IsError(AnalyzerThrew, arguments.CompilationOptions.SpecificDiagnosticOptions.GetValueOrDefault(AnalyzerThrew))
            || analyzer.SupportedDiagnostics.Any(rule => IsError(
                rule.Id,
                byDefault ? rule.GetEffectiveSeverity(arguments.CompilationOptions) : arguments.CompilationOptions.SpecificDiagnosticOptions.GetValueOrDefault(rule.Id)));

        private bool IsError(string id, ReportDiagnostic severity) =>
            severity == ReportDiagnostic.Error
            || options.Global.TreeOptions.GetValueOrDefault(id) == ReportDiagnostic.Error
            || _files.Exists(file => file.TreeOptions.GetValueOrDefault(id) == ReportDiagnostic.Error);

        public bool Includes(DiagnosticAnalyzer analyzer) => analyzer is not DiagnosticSuppressor && analyzer.SupportedDiagnostics.Any(Prints);

        private bool Prints(DiagnosticDescriptor rule) =>
            Bulk
            || IsLoud(rule.GetEffectiveSeverity(arguments.CompilationOptions))
            || options.Global.TreeOptions.TryGetValue(rule.Id, out var everywhere) && IsLoud(everywhere)
            || _files.Exists(file => file.TreeOptions.TryGetValue(rule.Id, out var here) && IsLoud(here));

        private static bool IsLoud(ReportDiagnostic severity) => severity is ReportDiagnostic.Error or ReportDiagnostic.Warn;
    }
}
