using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using WatchReload.Builder.Replay;
using WatchReload.Control;

namespace WatchReload.Builder.Deltas;

/// <summary>The states of one project's assembly that deltas can start from, and the way from one of them to what the project is now.</summary>
internal sealed class DeltaLine(WarmProject project)
{
    private readonly DeltaPoints _points = new();
    private (CSharpCompilation Of, CallerLines Lines)? _lines;
    private readonly DeltaPractice _practice = new();
    private bool? _isStrict;
    private ConditionalWeakTable<CSharpCompilation, Statics> _statics = [];
    private (DeltaPoint From, CSharpCompilation Sources, DeltaResult Result)? _anticipated;

    /// <summary>What a node has most likely, when the image that was emitted last is of the tree that deltas have brought: such a release is for a restart, and nobody loads it before. It may have refused them, or been restarted since: then what is anticipated is made anew. Null: what was made last is what it has.</summary>
    private DeltaPoint? _patched;

    /// <summary>The project's own files as they are now, what was compiled last, with what generators made, and what a node may have loaded.</summary>
    public IEnumerable<SyntaxTree> Texts => project.Current.SyntaxTrees.Concat(project.Compiled?.SyntaxTrees ?? []).Concat(_points.Compilations.SelectMany(compiled => compiled.SyntaxTrees)).Distinct();

    /// <summary>Simple names of the assemblies that its code uses.</summary>
    public IEnumerable<string> Uses => _points.Uses;

    private bool IsDebug => project.Current.Options.OptimizationLevel == OptimizationLevel.Debug;

    /// <summary>Settings are the same until MSBuild builds.</summary>
    private bool WarningsAreErrors => _isStrict ??= StrictDoubt.IsFor(project.Current, CancellationToken.None);

    /// <summary>The whole assembly was emitted, from what the project is now.</summary>
    public void Emitted(byte[] image)
    {
        _patched = (_patched ?? _points.Newest) is { Generation: > 0 } patched && IsSame(patched.Sources, project.Current, CancellationToken.None) ? patched : null;
        _points.Add(DeltaPoint.Of(project.Current, project.Compiled!, image));
        _anticipated = null;
        _practice.Anew();
    }

    /// <summary>
    /// MSBuild has built the same image since, and with it what is no code: settings, content, packages. A node that has loaded anything older lacks that, so deltas start from this image
    /// alone.
    /// </summary>
    public void Built()
    {
        _points.KeepImage();
        (_patched, _statics, _anticipated, _isStrict) = (null, [], null, null); // also what is code of the service may be another
        _practice.Anew();
    }

    /// <summary>A node has taken the delta; or not, and then its next request says so.</summary>
    public void Made(DeltaPoint point)
    {
        _points.Add(point);
        (_patched, _anticipated) = (null, null); // else they would hold the state before
        _practice.LetGo();
    }

    /// <summary>A node may take the delta that was anticipated, which its next request then says; what is asked for before is made against what there is without it.</summary>
    public void Offered(DeltaPoint point)
    {
        _points.Offer(point);
        _practice.LetGo();
    }

    /// <summary>What a node has most likely; null when nothing was emitted.</summary>
    public LoadedAssembly? Likely => (_patched ?? _points.Newest) is { } point ? new LoadedAssembly(project.Current.AssemblyName!, point.Mvid, point.Generation, point.Id) : null;

    /// <summary>Makes the delta that is asked for next, if nothing changes until then.</summary>
    public void Anticipate(LoadedAssembly loaded, DeltaSurroundings around, CancellationToken cancellation)
    {
        if (Find(loaded) is { } point && point.Sources != project.Current && IsDebug)
            _anticipated = (point, project.Current, Make(point, project.Current, around, cancellation) with { Anticipated = true });
    }

    /// <summary>There is a doubt about what was anticipated.</summary>
    public bool IsAnticipatedInVain => _anticipated is { Result.Doubt: not null };

    /// <summary>This project, or one around it, is not what it was when a delta was anticipated.</summary>
    public void Forget() => _anticipated = null;

    /// <summary>Null when nothing has changed since; else the delta, or the doubt.</summary>
    public DeltaResult? From(LoadedAssembly loaded, DeltaSurroundings around, CancellationToken cancellation)
    {
        if (Find(loaded) is not { } point)
            return new DeltaResult { Doubt = $"how the {loaded.Name} that is loaded was made is not known here" };
        if (IsSame(point.Sources, project.Current, cancellation))
            return null;
        if (!IsDebug)
            return new DeltaResult { Doubt = $"{loaded.Name} is optimized" };
        return _anticipated is { } anticipated && anticipated.From == point && anticipated.Sources == project.Current ? anticipated.Result : Make(point, project.Current, around, cancellation);
    }

    /// <summary>Why a body of this assembly, or of one that it depends on, cannot be replaced with the effect of a load: a static; null when it can.</summary>
    /// <param name="loaded">What a node has of it; null: what was made last.</param>
    /// <param name="hot">Names of all assemblies that are made here and loaded with each version.</param>
    /// <param name="texts">Of all of these, as they are loaded and as they are now.</param>
    /// <param name="cancellation">Breaks it off.</param>
    public string? StaticDoubt(LoadedAssembly? loaded, IReadOnlySet<string> hot, IEnumerable<SyntaxTree> texts, CancellationToken cancellation)
    {
        // Declarations and initializers are the same until the next emit, or until types are made anew.
        var declares = (loaded is null ? _points.Newest : _points.Find(loaded))?.Declares ?? project.Compiled!;
        var statics = _statics.GetValue(declares, one => new Statics(new StaticState(one, hot, cancellation).First(out var tables), tables));
        return statics.Doubt ?? statics.Tables.FirstWritten(texts, cancellation);
    }

    /// <summary>Goes the way once, so that an edit does not find it cold, another one each round; nothing comes of it. Null: it came to no delta.</summary>
    public AssemblyDelta? WarmUp(DeltaSurroundings around, int round, CancellationToken cancellation)
    {
        if (project.Compiled is null || _points.Newest is not { } point)
            return null;
        StaticDoubt(null, around.Hot, Texts.Concat(around.Others()), cancellation);
        return _practice.Go(point, round, Try, cancellation);

        AssemblyDelta? Try(SyntaxTree before, SyntaxTree edited)
        {
            var sources = point.Sources.ReplaceSyntaxTree(before, edited);
            // Generators take up an edit otherwise than a first run.
            return new DeltaMaker(point, sources, project.Practise(sources, point.Sources, point.Compilation, cancellation), around, Lines(point, cancellation), WarningsAreErrors, cancellation).Make().Delta;
        }
    }

    /// <summary>What a node has, as somebody says: it is known by now.</summary>
    private DeltaPoint? Find(LoadedAssembly loaded)
    {
        var found = _points.Find(loaded);
        if (found is not null)
            _patched = null; // it is the newest
        return found;
    }

    /// <summary>Also when an edit was taken in and was undone.</summary>
    private static bool IsSame(CSharpCompilation one, CSharpCompilation other, CancellationToken cancellation) =>
        one == other
        || (one.SyntaxTrees.Length == other.SyntaxTrees.Length
            && one.References.SequenceEqual(other.References)
            && one.SyntaxTrees.Zip(other.SyntaxTrees).All(pair => pair.First == pair.Second || (pair.First.FilePath == pair.Second.FilePath && pair.First.GetText(cancellation).ContentEquals(pair.Second.GetText(cancellation)))));

    private DeltaResult Make(DeltaPoint point, CSharpCompilation sources, DeltaSurroundings around, CancellationToken cancellation)
    {
        var found = new List<Diagnostic>();
        var now = project.Differing(found, cancellation);
        if (found.Exists(diagnostic => diagnostic.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error))
            return new DeltaResult { Doubt = "a generator reports errors" };
        var result = new DeltaMaker(point, sources, now, around, Lines(point, cancellation), WarningsAreErrors, cancellation).Make();
        return result with { Diagnostics = project.Printed([.. found, .. result.Diagnostics]) };
    }

    private CallerLines Lines(DeltaPoint point, CancellationToken cancellation)
    {
        if (_lines is not { } lines || lines.Of != point.Declares)
            _lines = lines = (point.Declares, new CallerLines(point.Declares, cancellation));
        return lines.Lines;
    }

    private sealed record Statics(string? Doubt, Tables Tables);
}
