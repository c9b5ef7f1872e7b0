using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace WatchReload.Builder.Replay;

/// <summary>What .editorconfig and global configuration files say of a path; by path, so that it holds for every tree that a file ever has.</summary>
internal sealed class ConfiguredOptions
{
    private readonly AnalyzerConfigSet _set;
    private readonly ConcurrentDictionary<string, AnalyzerConfigOptionsResult> _byPath = new(StringComparer.Ordinal);

    private ConfiguredOptions(AnalyzerConfigSet set)
    {
        _set = set;
        Severities = new SeverityProvider(this);
        Analyzers = new OptionsProvider(this);
    }

    /// <summary>For the compiler: severities, and what counts as generated code.</summary>
    public SyntaxTreeOptionsProvider Severities { get; }

    /// <summary>For generators and analyzers.</summary>
    public AnalyzerConfigOptionsProvider Analyzers { get; }

    public AnalyzerConfigOptionsResult Global => _set.GlobalConfigOptions;

    /// <param name="files">In the compiler's order.</param>
    /// <param name="diagnostics">What is wrong with them.</param>
    public static ConfiguredOptions Read(IEnumerable<HeldFile> files, out ImmutableArray<Diagnostic> diagnostics)
    {
        var configs = files.Select(file => AnalyzerConfig.Parse(TextOf(file), file.Path)).ToList();
        return new ConfiguredOptions(AnalyzerConfigSet.Create(configs, out diagnostics));
    }

    private static string TextOf(HeldFile file)
    {
        using var reader = new StreamReader(new MemoryStream(file.Content)); // as File.ReadAllText does it: by its mark, else UTF-8
        return reader.ReadToEnd();
    }

    public AnalyzerConfigOptionsResult For(string path) => _byPath.GetOrAdd(path, _set.GetOptionsForSourcePath);

    /// <summary>Whether the files say of a path what they say of one of others.</summary>
    public bool IsLikeOthers(string path, IEnumerable<string> others)
    {
        var own = For(path);
        return others.Select(For).DistinctBy(options => (options.TreeOptions, options.AnalyzerOptions))
            .Any(other => IsSame(own.TreeOptions, other.TreeOptions) && IsSame(own.AnalyzerOptions, other.AnalyzerOptions));
    }

    private static bool IsSame<TValue>(ImmutableDictionary<string, TValue> one, ImmutableDictionary<string, TValue> other) =>
        one == other || one.Count == other.Count && one.All(option => other.TryGetValue(option.Key, out var value) && EqualityComparer<TValue>.Default.Equals(value, option.Value));

    private sealed class SeverityProvider(ConfiguredOptions options) : SyntaxTreeOptionsProvider
    {
        private const string GeneratedCode = "generated_code";

        public override GeneratedKind IsGenerated(SyntaxTree tree, CancellationToken cancellationToken) =>
            !options.For(tree.FilePath).AnalyzerOptions.TryGetValue(GeneratedCode, out var value) || !bool.TryParse(value, out var generated) ? GeneratedKind.Unknown
            : generated ? GeneratedKind.MarkedGenerated
            : GeneratedKind.NotGenerated;

        public override bool TryGetDiagnosticValue(SyntaxTree tree, string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity) =>
            options.For(tree.FilePath).TreeOptions.TryGetValue(diagnosticId, out severity);

        public override bool TryGetGlobalDiagnosticValue(string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity) =>
            options.Global.TreeOptions.TryGetValue(diagnosticId, out severity);
    }

    private sealed class OptionsProvider(ConfiguredOptions options) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Options(options.Global.AnalyzerOptions);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => new Options(options.For(tree.FilePath).AnalyzerOptions);

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => new Options(options.For(textFile.Path).AnalyzerOptions);
    }

    private sealed class Options(ImmutableDictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override IEnumerable<string> Keys => values.Keys;

        public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value) => values.TryGetValue(key, out value);
    }
}
