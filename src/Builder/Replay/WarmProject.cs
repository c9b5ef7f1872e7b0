using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace WatchReload.Builder.Replay;

/// <summary>A project with everything that its compilation needs held ready: trees, metadata, options, generators.</summary>
/// <remarks>
/// Theory of operation. What the compiler's command line says is read once. After that two things can change: the text of source files (<see cref="Update"/>)
/// and the metadata of the projects it references (<see cref="Reference"/>). Both give a new compilation that shares all else with the one before, and
/// generators run again where their inputs changed. Nothing is written: the images are returned.
/// </remarks>
internal sealed class WarmProject
{
    private readonly CSharpCommandLineArguments _arguments;
    private readonly ConfiguredOptions _options;
    private readonly ImmutableArray<DiagnosticAnalyzer> _analyzers;
    private readonly ImmutableHashSet<string> _suppressible;
    private readonly ImmutableArray<DiagnosticAnalyzer> _unasked;
    private readonly ImmutableArray<AdditionalText> _additional;
    private readonly Dictionary<string, SyntaxTree> _trees;
    private readonly Generators _generators;
    private readonly HashSet<string> _referenced;
    private readonly Dictionary<string, string> _images = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<HeldFile> _held;
    private IReadOnlyList<string?> _extensions = []; // hashes of those that may change
    private IReadOnlyList<string> _sources;
    private CSharpCompilation _compilation;
    private CSharpCompilation? _differed;

    private WarmProject(CompilerCall call, ConfiguredOptions options, Extensions extensions, IReadOnlyList<string> foreign, IReadOnlyList<HeldFile> held, IReadOnlyList<string> sources, Dictionary<string, SyntaxTree> trees, CSharpCompilation compilation)
    {
        (ForeignExtensions, _held, _sources) = (foreign, held, sources);
        (Call, _arguments, _options, _trees, _compilation) = (call, call.Arguments, options, trees, compilation);
        _referenced = compilation.References.OfType<PortableExecutableReference>().Select(reference => reference.FilePath).OfType<string>().ToHashSet(StringComparer.Ordinal);
        _additional = [.. _arguments.AdditionalFiles.Select((file, i) => new AdditionalFile(file.Path, held[_arguments.AnalyzerConfigPaths.Length + i], _arguments.ChecksumAlgorithm))];
        (_analyzers, _suppressible, _unasked) = (extensions.Analyzers, extensions.Suppressible, extensions.Unasked);
        _generators = new Generators(extensions, _additional, options.Analyzers, _arguments);
    }

    public CompilerCall Call { get; }

    /// <summary>Paths of its generators and analyzers that did not come with the SDK.</summary>
    public IReadOnlyList<string> ForeignExtensions { get; }

    /// <summary>Absolute paths of the files that may change.</summary>
    public IReadOnlyCollection<string> Sources => _trees.Keys;

    /// <summary>Analyzers that nobody has made fail a build have not run on what was compiled last.</summary>
    public bool IsUnanalyzed { get; private set; }

    /// <summary>The project, or why it cannot be held ready.</summary>
    public static (WarmProject? Project, string? Doubt) Open(CompilerCall call, References references, Func<string, bool> isOfSdk, CancellationToken cancellation)
    {
        if (call.Doubt() is { } doubt)
            return (null, doubt);
        var arguments = call.Arguments;
        var held = HeldBy(call);
        var options = ConfiguredOptions.Read(held.Take(arguments.AnalyzerConfigPaths.Length), out var problems);
        if (!problems.IsEmpty)
            return (null, $"an .editorconfig has errors: {problems[0].GetMessage(System.Globalization.CultureInfo.InvariantCulture)}");
        var extensions = Extensions.Load(call, options, references, isOfSdk, out var failure);
        if (failure is not null)
            return (null, failure);
        var parsed = SourcesOf(arguments).AsParallel().AsOrdered().Select(path => (path, SourceReader.Parse(path, arguments, cancellation))).ToList();
        var compilation = CSharpCompilation.Create(
            arguments.CompilationName,
            parsed.Select(tree => tree.Item2),
            arguments.MetadataReferences.Select(reference => references.File(Path.GetFullPath(reference.Reference, arguments.BaseDirectory!), reference.Properties)),
            arguments.CompilationOptions
                .WithAssemblyIdentityComparer(DesktopAssemblyIdentityComparer.Default)
                .WithXmlReferenceResolver(new XmlFileResolver(arguments.BaseDirectory))
                .WithSourceReferenceResolver(new SourceFileResolver([], arguments.BaseDirectory, arguments.PathMap))
                .WithStrongNameProvider(new DesktopStrongNameProvider(arguments.KeyFileSearchPaths))
                .WithSyntaxTreeOptionsProvider(options.Severities));
        var project = new WarmProject(call, options, extensions, call.ForeignExtensions(isOfSdk), held, [.. parsed.Select(tree => tree.path)], parsed.ToDictionary(tree => tree.path, tree => tree.Item2, StringComparer.Ordinal), compilation);
        foreach (var path in project._referenced)
        {
            if (references.HashOf(path) is { } hash)
                project._images[path] = hash;
        }
        project._extensions = [.. call.Extensions.Select(references.HashOfExtension)];
        return (project, null);
    }

    /// <summary>
    /// MSBuild has made the call since: takes the texts and the images that there are now. Whether there are others; null when it is another call, or was made with other settings,
    /// and the project has to be opened anew. Broken off it is in between.
    /// </summary>
    public bool? CatchUp(CompilerCall call, References references, CancellationToken cancellation)
    {
        if (!call.IsSame(Call) || !HeldBy(call).Select(file => file.Hash).SequenceEqual(_held.Select(file => file.Hash)))
            return null;
        if (!_sources.SequenceEqual(SourcesOf(_arguments), StringComparer.Ordinal) || _trees.Count != _sources.Count)
            return null; // files came and went
        if (_arguments.ChecksumAlgorithm != SourceHashAlgorithm.Sha256 || !call.Extensions.Select(references.HashOfExtension).SequenceEqual(_extensions))
            return null;
        var isAnother = false;
        foreach (var path in _sources)
        {
            cancellation.ThrowIfCancellationRequested();
            var content = FileHash.WithContent(new FileInfo(path)).Content;
            if (_trees[path].GetText(cancellation).GetChecksum().AsSpan().SequenceEqual(SHA256.HashData(content)))
                continue;
            isAnother = true;
            Update(path, content, cancellation);
        }
        foreach (var (path, held) in _images.ToList())
        {
            if (references.HashOf(path) is not { } hash)
                return null;
            if (hash == held)
                continue;
            isAnother = true;
            Replace(path, hash, properties => references.File(path, properties));
        }
        return isAnother;
    }

    /// <summary>A source file has another content.</summary>
    public void Update(string source, byte[] content, CancellationToken cancellation)
    {
        var tree = SourceReader.Parse(source, content, _arguments, cancellation);
        _compilation = _compilation.ReplaceSyntaxTree(_trees[source], tree);
        _trees[source] = tree;
    }

    /// <summary>Other files are its sources now. Why their compiler call is not known; null when it is, and then they are read.</summary>
    /// <param name="before">What the evaluation named before; the compiler's call has more after these, which targets add.</param>
    /// <param name="now">What a new evaluation names that says the same otherwise.</param>
    /// <param name="cancellation">Breaks it off.</param>
    public string? UseSources(IReadOnlyList<string> before, IReadOnlyList<string> now, CancellationToken cancellation)
    {
        if (!_sources.Take(before.Count).SequenceEqual(before, StringComparer.Ordinal))
            return "the compiler's sources are not those that the evaluation names";
        List<string> sources = [.. now, .. _sources.Skip(before.Count)];
        if (sources.Distinct(StringComparer.Ordinal).Count() != sources.Count)
            return "a source file is named twice";
        var added = now.Except(before, StringComparer.Ordinal).ToList();
        if (added.Find(path => !_options.IsLikeOthers(path, before)) is { } special)
            return $"an .editorconfig says something of {Path.GetFileName(special)} alone";
        var parsed = added.Select(path => (path, SourceReader.Parse(path, _arguments, cancellation))).ToList(); // all, or none is taken
        foreach (var (path, tree) in parsed)
            _trees.Add(path, tree);
        foreach (var path in before.Except(now, StringComparer.Ordinal))
            _trees.Remove(path);
        _sources = sources;
        _compilation = _compilation.RemoveAllSyntaxTrees().AddSyntaxTrees(sources.Select(path => _trees[path]));
        return null;
    }

    /// <summary>Whether it is compiled against the file.</summary>
    public bool References(string path) => _referenced.Contains(path);

    /// <summary>Compiles against another image of the file. References keep their order: it is written into the symbols.</summary>
    public void Reference(string path, byte[] image) => Replace(path, Replay.References.Hash(image), properties => MetadataReference.CreateFromImage(image, properties, filePath: path));

    /// <summary>The project's own files as they are now.</summary>
    public CSharpCompilation Current => _compilation;

    /// <summary>What was emitted last, with what generators made; null before the first time.</summary>
    public CSharpCompilation? Compiled { get; private set; }

    /// <summary>The project as it is now, with what generators make of it, to have a difference emitted: its anonymous types are named after those of the delta before then, and whole images are emitted from another.</summary>
    public CSharpCompilation Differing(List<Diagnostic> diagnostics, CancellationToken cancellation)
    {
        var made = _generators.Of(_compilation, cancellation);
        diagnostics.AddRange(made.Told);
        return _differed = made.Compilation;
    }

    /// <inheritdoc cref="Generators.Practise"/>
    public CSharpCompilation Practise(CSharpCompilation sources, CSharpCompilation before, CSharpCompilation made, CancellationToken cancellation) => _generators.Practise(sources, before, made, cancellation);

    /// <summary>Binds the declarations, which what is compiled next begins with if nothing changes until then.</summary>
    public void Declare(CancellationToken cancellation)
    {
        var made = _generators.Of(_compilation, cancellation).Compilation;
        if (!HasErrors([.. made.GetParseDiagnostics(cancellation)]))
            made.GetDeclarationDiagnostics(cancellation);
    }

    /// <summary>Of these, the diagnostics that the compiler prints.</summary>
    /// <exception cref="ReplayDoubtException">One of them may be none for the compiler.</exception>
    public IReadOnlyList<Diagnostic> Printed(IEnumerable<Diagnostic> found)
    {
        var printed = found.Where(diagnostic => !diagnostic.IsSuppressed && diagnostic.Severity >= DiagnosticSeverity.Warning).ToList();
        return printed.Find(diagnostic => _suppressible.Contains(diagnostic.Id)) is { } doubtful ? throw new ReplayDoubtException($"{doubtful.Id} may be suppressed by an analyzer") : printed;
    }

    /// <summary>The images, or null when it does not compile. Diagnostics are those that the compiler prints.</summary>
    /// <param name="diagnostics">What was found.</param>
    /// <param name="manner">How.</param>
    /// <param name="withReference">The reference assembly too: somebody compiles against it, or looks at it.</param>
    /// <param name="cancellation">Breaks it off.</param>
    /// <exception cref="ReplayDoubtException">One of the diagnostics may be none for the compiler, or a generator of the tree threw.</exception>
    public Emitted? Compile(List<Diagnostic> diagnostics, CompileManner manner, bool withReference, CancellationToken cancellation)
    {
        var found = new List<Diagnostic>();
        var emitted = CompileInStages(found, manner, withReference, cancellation);
        diagnostics.AddRange(Printed(found));
        return diagnostics.Exists(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error) ? null : emitted;
    }

    /// <summary>MSBuild has made the same, with all analyzers.</summary>
    public void Accept() => IsUnanalyzed = false;

    /// <summary>What the analyzers find in what was compiled last that were not waited for. Nothing of it counts as told yet.</summary>
    public ImmutableArray<Diagnostic> AnalyzeLater(CancellationToken cancellation) => IsUnanalyzed && Compiled is { } compiled ? Analyze(OnOneThread(compiled), _unasked, cancellation) : [];

    /// <summary>What <see cref="AnalyzeLater"/> has found counts as told: what the compiler prints of it, without what a suppressor may take back, as only MSBuild can tell of that.</summary>
    public IReadOnlyList<Diagnostic> Analyzed(ImmutableArray<Diagnostic> found)
    {
        IsUnanalyzed = found.Any(diagnostic => diagnostic is { Severity: DiagnosticSeverity.Error, IsSuppressed: false }); // a build that waits for them has to fail by it
        return Printed(found.Where(diagnostic => !_suppressible.Contains(diagnostic.Id)));
    }

    private void Replace(string path, string hash, Func<MetadataReferenceProperties, PortableExecutableReference> image)
    {
        _compilation = _compilation.WithReferences(_compilation.References.Select(reference => reference is PortableExecutableReference old && old.FilePath == path ? image(old.Properties) : reference));
        if (_referenced.Contains(path))
            _images[path] = hash;
    }

    private static IEnumerable<string> SourcesOf(CSharpCommandLineArguments arguments) => arguments.SourceFiles.Select(file => file.Path).Distinct(StringComparer.Ordinal);

    /// <summary>The configuration files, and after them the additional ones.</summary>
    private static IReadOnlyList<HeldFile> HeldBy(CompilerCall call) => [.. call.Arguments.AnalyzerConfigPaths.Concat(call.Arguments.AdditionalFiles.Select(file => file.Path)).Select(HeldFile.Read)];

    /// <summary>In the compiler's stages: errors of one end it before the next.</summary>
    private Emitted? CompileInStages(List<Diagnostic> found, CompileManner manner, bool withReference, CancellationToken cancellation)
    {
        found.AddRange(_arguments.Errors);
        var (made, generated, told) = _generators.Of(_compilation, cancellation);
        found.AddRange(told);
        var compilation = manner.OnOneThread ? OnOneThread(made) : made == _differed ? made.Clone() : made;
        found.AddRange(compilation.GetParseDiagnostics(cancellation));
        if (HasErrors(found))
            return null;
        found.AddRange(compilation.GetDeclarationDiagnostics(cancellation));
        if (HasErrors(found))
            return null;
        IsUnanalyzed = manner.AnalyzersLater && !_unasked.IsEmpty;
        found.AddRange(Analyze(compilation, manner.AnalyzersLater ? _analyzers.RemoveRange(_unasked) : _analyzers, cancellation));
        var emitted = Emission.Emit(compilation, _arguments, withReference, generated, found, cancellation);
        Compiled = made; // whose declarations the next edit goes on with; the images are the same
        return emitted;
    }

    private static CSharpCompilation OnOneThread(CSharpCompilation compilation) => compilation.WithOptions(compilation.Options.WithConcurrentBuild(false));

    private ImmutableArray<Diagnostic> Analyze(CSharpCompilation compilation, ImmutableArray<DiagnosticAnalyzer> analyzers, CancellationToken cancellation)
    {
        if (analyzers.IsEmpty)
            return [];
        var options = new CompilationWithAnalyzersOptions(new AnalyzerOptions(_additional, _options.Analyzers), onAnalyzerException: null, concurrentAnalysis: compilation.Options.ConcurrentBuild, logAnalyzerExecutionTime: false);
        return compilation.WithAnalyzers(analyzers, options).GetAnalyzerDiagnosticsAsync(cancellation).GetAwaiter().GetResult();
    }

    /// <summary>A warning that counts as an error does not end a stage.</summary>
    private static bool HasErrors(List<Diagnostic> found) => found.Exists(diagnostic => diagnostic is { DefaultSeverity: DiagnosticSeverity.Error, IsSuppressed: false });
}
