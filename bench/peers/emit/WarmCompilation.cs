using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace WatchReload.Bench.Emit;

/// <summary>A project as the compiler was told of it, in memory from edit to edit: nothing but Roslyn, with all that could be kept warm.</summary>
internal sealed class WarmCompilation
{
    private readonly CSharpCommandLineArguments _arguments;
    private readonly EmitOptions _options;
    private readonly Dictionary<string, SyntaxTree> _trees = new(StringComparer.Ordinal);
    private CSharpCompilation _compilation;
    private GeneratorDriver _driver;

    public WarmCompilation(string directory, IReadOnlyList<string> arguments)
    {
        _arguments = CSharpCommandLineParser.Default.Parse(arguments, directory, sdkDirectory: null);
        Refuse(_arguments.Errors);
        _options = _arguments.EmitOptions.WithDebugInformationFormat(DebugInformationFormat.PortablePdb);
        foreach (var source in _arguments.SourceFiles) _trees[source.Path] = Parse(source.Path);
        var configured = Configuration.Read(_arguments.AnalyzerConfigPaths);
        _compilation = CSharpCompilation.Create(
            _arguments.CompilationName,
            _trees.Values,
            _arguments.MetadataReferences.Select(r => MetadataReference.CreateFromFile(r.Reference, r.Properties)),
            _arguments.CompilationOptions.WithSourceReferenceResolver(new SourceFileResolver(ImmutableArray<string>.Empty, directory)).WithXmlReferenceResolver(new XmlFileResolver(directory)).WithSyntaxTreeOptionsProvider(configured.Severities)
                .WithAssemblyIdentityComparer(DesktopAssemblyIdentityComparer.Default).WithStrongNameProvider(new DesktopStrongNameProvider(_arguments.KeyFileSearchPaths)));
        _driver = CSharpGeneratorDriver.Create(
            Generators.Of(_arguments.AnalyzerReferences.Select(r => r.FilePath)),
            _arguments.AdditionalFiles.Select(f => new Additional(f.Path)),
            _arguments.ParseOptions,
            configured.Options);
    }

    /// <summary>Parses what changed, runs the generators and emits assembly and symbols: how long that took, in milliseconds.</summary>
    /// <exception cref="EmitException">It does not compile.</exception>
    public double Edit(IEnumerable<string> paths)
    {
        var start = Stopwatch.GetTimestamp();
        foreach (var path in paths)
        {
            var tree = Parse(path);
            _compilation = _trees.TryGetValue(path, out var before) ? _compilation.ReplaceSyntaxTree(before, tree) : _compilation.AddSyntaxTrees(tree);
            _trees[path] = tree;
        }

        _driver = _driver.RunGeneratorsAndUpdateCompilation(_compilation, out var generated, out var said);
        Refuse(said);
        using var assembly = new MemoryStream();
        using var symbols = new MemoryStream();
        using var resources = generated.CreateDefaultWin32Resources(versionResource: true, noManifest: _arguments.NoWin32Manifest, manifestContents: null, iconInIcoFormat: null);
        var emitted = generated.Emit(assembly, symbols, win32Resources: resources, manifestResources: _arguments.ManifestResources, options: _options);
        var milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        Refuse(emitted.Diagnostics);
        if (!emitted.Success || assembly.Length == 0 || symbols.Length == 0) throw new EmitException("No assembly with symbols was emitted.");
        return milliseconds;
    }

    private SyntaxTree Parse(string path)
    {
        using var stream = File.OpenRead(path);
        return CSharpSyntaxTree.ParseText(SourceText.From(stream, _arguments.Encoding ?? Encoding.UTF8, _arguments.ChecksumAlgorithm), _arguments.ParseOptions, path);
    }

    private static void Refuse(IEnumerable<Diagnostic> diagnostics)
    {
        if (diagnostics.FirstOrDefault(d => d.Severity == DiagnosticSeverity.Error) is { } error) throw new EmitException(error.ToString());
    }

    private sealed class Additional(string path) : AdditionalText
    {
        private readonly SourceText _text = SourceText.From(File.ReadAllText(path), Encoding.UTF8);

        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => _text;
    }
}
