using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using WatchReload.Builder.Replay;
using WatchReload.Control;

namespace WatchReload.Builder.Deltas;

/// <summary>The states of one project's assembly that deltas can start from, and the way from one of them to what the project is now.</summary>
internal sealed class DeltaLine(WarmProject project)
{
    private readonly DeltaPoints _points = new();
    private CallerLines? _lines;
    private (Microsoft.CodeAnalysis.CSharp.CSharpCompilation Of, string? Doubt)? _statics;

    private bool WarningsAreErrors => project.Current.Options.GeneralDiagnosticOption == ReportDiagnostic.Error || project.Current.Options.SpecificDiagnosticOptions.ContainsValue(ReportDiagnostic.Error);

    /// <summary>The whole assembly was emitted, from what the project is now.</summary>
    public void Emitted(byte[] image)
    {
        _points.Add(DeltaPoint.Of(project.Current, project.Compiled!, image));
        _lines = null; // other members may take their caller's line now
    }

    /// <summary>A node has taken the delta; or not, and then its next request says so.</summary>
    public void Made(DeltaPoint point) => _points.Add(point);

    /// <summary>Null when nothing has changed since; else the delta, or the doubt.</summary>
    public DeltaResult? From(LoadedAssembly loaded, CancellationToken cancellation)
    {
        if (_points.Find(loaded) is not { } point)
            return new DeltaResult { Doubt = $"how the {loaded.Name} that is loaded was made is not known here" };
        if (point.Sources == project.Current)
            return null;
        if (project.Current.Options.OptimizationLevel != OptimizationLevel.Debug)
            return new DeltaResult { Doubt = $"{loaded.Name} is optimized" };
        return Make(point, project.Current, cancellation);
    }

    /// <summary>Why a body of this assembly, or of one that it depends on, cannot be replaced with the effect of a load: a static; null when it can.</summary>
    public string? StaticDoubt(IReadOnlySet<string> hot, CancellationToken cancellation)
    {
        // Declarations and initializers are the same until the next emit.
        if (_statics is not { } known || known.Of != project.Compiled)
            _statics = known = (project.Compiled!, new StaticState(project.Compiled!, hot, cancellation).First());
        return known.Doubt;
    }

    /// <summary>Goes the way once, so that the first edit does not find it cold: with the first body there is, and nothing comes of it.</summary>
    public void WarmUp(IReadOnlySet<string> hot, CancellationToken cancellation)
    {
        if (project.Compiled is null || _points.Newest is not { } point)
            return;
        StaticDoubt(hot, cancellation);
        foreach (var tree in point.Sources.SyntaxTrees)
        {
            var method = tree.GetRoot(cancellation).DescendantNodes(node => node is not MemberDeclarationSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax)
                .OfType<MethodDeclarationSyntax>().FirstOrDefault(declared => declared is { Body: not null, TypeParameterList: null, Parent: ClassDeclarationSyntax { TypeParameterList: null } });
            if (method is null)
                continue;
            var text = tree.GetText(cancellation);
            var edited = tree.WithChangedText(text.WithChanges(new TextChange(new TextSpan(method.Body!.OpenBraceToken.Span.End, 0), " ; ")));
            var sources = point.Sources.ReplaceSyntaxTree(tree, edited);
            // Generators take up an edit otherwise than a first run.
            new DeltaMaker(point, sources, project.Generate(sources, cancellation), Lines(cancellation), WarningsAreErrors, cancellation).Make();
            return;
        }
    }

    private DeltaResult Make(DeltaPoint point, Microsoft.CodeAnalysis.CSharp.CSharpCompilation sources, CancellationToken cancellation)
    {
        var found = new List<Diagnostic>();
        var now = project.Generate(found, cancellation);
        if (found.Exists(diagnostic => diagnostic.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error))
            return new DeltaResult { Doubt = "a generator reports errors" };
        var result = new DeltaMaker(point, sources, now, Lines(cancellation), WarningsAreErrors, cancellation).Make();
        return result with { Diagnostics = project.Printed([.. found, .. result.Diagnostics]) };
    }

    private CallerLines Lines(CancellationToken cancellation) => _lines ??= new CallerLines(project.Current, cancellation);
}
