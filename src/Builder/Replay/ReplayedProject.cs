using System.Collections.Immutable;
using Microsoft.Build.Execution;
using Microsoft.CodeAnalysis;
using WatchReload.Builder.Deltas;
using WatchReload.Builder.Evaluation;

namespace WatchReload.Builder.Replay;

/// <summary>A project whose compilation is held ready, and where its images go.</summary>
internal sealed class ReplayedProject
{
    private readonly WarmProject _warm;
    private readonly Dictionary<string, string> _newest = new(StringComparer.Ordinal);
    private readonly DeltaLine _deltas;
    private ImagePaths _paths;
    private string _directory;
    private ImageHashes _images;
    private byte[] _surface;

    public ReplayedProject(WarmProject warm, ProjectInstance project, string directory, Emitted proved)
    {
        (_warm, _directory, _images, _surface) = (warm, directory, ImageHashes.Of(proved), proved.Surface);
        _deltas = new DeltaLine(warm);
        _deltas.Emitted(proved.Assembly);
        _paths = new ImagePaths(project, warm.Call.Arguments);
    }

    public string Path => _warm.Call.Project;

    /// <inheritdoc cref="WarmProject.ForeignExtensions"/>
    public IReadOnlyList<string> ForeignExtensions => _warm.ForeignExtensions;

    /// <summary>Simple name of what it makes.</summary>
    public string Assembly => _warm.Current.AssemblyName!;

    /// <summary>What it takes to get from what a node has loaded to what the project is now.</summary>
    public DeltaLine Deltas => _deltas;

    public IReadOnlyCollection<string> Sources => _warm.Sources;

    /// <summary>To be compiled: a source changed, what it references has another surface, or the last compilation failed.</summary>
    public bool IsStale { get; private set; }

    /// <summary>What it was when it was compiled last has compiled, whatever its sources are now.</summary>
    public bool HasCompiled { get; private set; } = true;

    /// <summary>The way of deltas was gone through since it was emitted, so that an edit does not find it cold.</summary>
    public bool IsWarm { get; set; }

    /// <summary>
    /// MSBuild has built since. Whether this is what it has built, byte for byte, with all that it has built it from; then it goes on from there. Nothing is compiled where nothing
    /// is another. Else the project is not to be used.
    /// </summary>
    /// <param name="project">As MSBuild has built it.</param>
    /// <param name="call">The compiler's call.</param>
    /// <param name="references">What it is compiled against.</param>
    /// <param name="directory">For its images.</param>
    /// <param name="analyzersLater">Analyzers will not be waited for, so that they need not be warm.</param>
    /// <param name="cancellation">Breaks it off; it can be asked again.</param>
    public bool IsProvedBy(ProjectInstance project, CompilerCall call, References references, string directory, bool analyzersLater, CancellationToken cancellation)
    {
        if (call.Project != Path)
            return false;
        var isCompiled = !IsStale && HasCompiled && !_images.LacksReference(call.Arguments);
        IsStale = true; // until it is through
        if (_warm.CatchUp(call, references, cancellation) is not { } isAnother)
            return false;
        if (isAnother || !isCompiled)
        {
            if (_warm.Compile([], new CompileManner(analyzersLater, OnOneThread: false), withReference: true, cancellation) is not { } emitted)
                return false;
            Emitted(emitted);
        }
        if (_images.Difference(call.Arguments) is not null)
            return false;
        _warm.Accept();
        _deltas.Built();
        _newest.Clear(); // MSBuild's own
        (_directory, _paths) = (directory, new ImagePaths(project, call.Arguments));
        (IsStale, HasCompiled) = (false, true);
        return true;
    }

    /// <summary>Whether it is compiled against the other.</summary>
    public bool References(ReplayedProject other) => other._paths.ForOthers.Any(_warm.References);

    /// <summary>Takes these sources; all of them, so that what is held is never between two states.</summary>
    /// <exception cref="IOException">One could not be read.</exception>
    public void Update(IEnumerable<string> changed, IReadOnlyDictionary<string, byte[]> contents)
    {
        foreach (var path in changed)
        {
            IsStale = true;
            _warm.Update(path, contents.GetValueOrDefault(path) ?? throw new IOException($"{path} cannot be read."), CancellationToken.None);
        }
    }

    /// <summary>Absolute paths of files that the compiler comes upon in these texts of its sources.</summary>
    public IEnumerable<string> NamedIn(IReadOnlyDictionary<string, byte[]> contents) =>
        Sources.Where(contents.ContainsKey).SelectMany(path => IndirectFiles.In(path, contents[path], _warm.Call.Arguments));

    /// <summary>Other files are its sources now. Why they cannot be compiled here; null when they can.</summary>
    public string? UseSources(ProjectSnapshot before, ProjectSnapshot now, CancellationToken cancellation)
    {
        IsStale = true;
        return _warm.UseSources(before.Sources, now.Sources, cancellation);
    }

    /// <summary>A referenced project has another surface.</summary>
    public void See(ReplayedProject referenced)
    {
        IsStale = true;
        foreach (var path in referenced._paths.ForOthers)
            _warm.Reference(path, referenced._surface);
    }

    /// <summary>The surface is what others compile against; where there are none it is not made.</summary>
    public (bool Succeeded, bool SurfaceChanged, IReadOnlyList<Diagnostic> Diagnostics) Compile(CompileManner manner, bool hasDependents, CancellationToken cancellation)
    {
        (IsStale, HasCompiled) = (true, false); // until it is through
        var diagnostics = new List<Diagnostic>();
        if (_warm.Compile(diagnostics, manner, hasDependents, cancellation) is not { } emitted)
            return (false, false, diagnostics);
        var before = _surface;
        Emitted(emitted);
        Directory.CreateDirectory(_directory);
        Write(emitted.Assembly, _paths.Assembly);
        Write(emitted.Symbols, _paths.Symbols);
        Write(emitted.Documentation, _paths.Documentation);
        var isAnother = !emitted.Surface.AsSpan().SequenceEqual(before);
        (IsStale, HasCompiled) = (false, true);
        return (true, isAnother, diagnostics);
    }

    /// <summary>Begins what <see cref="Compile"/> does, as far as it can be kept.</summary>
    public void BeginToCompile(CancellationToken cancellation) => _warm.Declare(cancellation);

    /// <summary>Analyzers have not run on what was compiled last.</summary>
    public bool IsUnanalyzed => _warm.IsUnanalyzed;

    /// <inheritdoc cref="WarmProject.AnalyzeLater"/>
    public ImmutableArray<Diagnostic> AnalyzeLater(CancellationToken cancellation) => _warm.AnalyzeLater(cancellation);

    /// <inheritdoc cref="WarmProject.Analyzed"/>
    public IReadOnlyList<Diagnostic> Analyzed(ImmutableArray<Diagnostic> found) => _warm.Analyzed(found);

    /// <summary>Where the newest image lies that MSBuild has under a path; null when that is not an image of this project, or MSBuild's own is the newest.</summary>
    public string? Newest(string path) => _newest.GetValueOrDefault(path);

    private void Emitted(Emitted emitted)
    {
        _deltas.Emitted(emitted.Assembly);
        (_images, _surface) = (ImageHashes.Of(emitted), emitted.Surface);
        IsWarm = false;
    }

    private void Write(byte[]? image, IReadOnlyList<string> paths)
    {
        if (image is null)
            return;
        var written = System.IO.Path.Combine(_directory, System.IO.Path.GetFileName(paths[0]));
        File.WriteAllBytes(written, image);
        foreach (var path in paths)
            _newest[path] = written;
    }
}
