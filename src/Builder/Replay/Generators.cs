using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace WatchReload.Builder.Replay;

/// <summary>The source generators of a project, which run again where their inputs changed.</summary>
internal sealed class Generators
{
    /// <summary>How the compiler has the texts of generators hashed: nobody else can say it (5.9).</summary>
    private static readonly PropertyInfo? OfGenerated = typeof(GeneratorDriverOptions).GetProperty("ChecksumAlgorithm", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);

    private readonly bool _any;
    private readonly ImmutableHashSet<ISourceGenerator> _own;
    private readonly CSharpParseOptions _parse;
    private readonly SourceHashAlgorithm _checksums;
    private readonly ConditionalWeakTable<SyntaxTree, SyntaxTree> _withChecksum = [];
    private GeneratorDriver _driver;
    private (CSharpCompilation Of, Generated Made)? _last;

    /// <param name="extensions">The generators among them may be none.</param>
    /// <param name="additional">What they may read beside sources.</param>
    /// <param name="options">What the configuration files say.</param>
    /// <param name="arguments">Of the compiler's call.</param>
    public Generators(Extensions extensions, ImmutableArray<AdditionalText> additional, AnalyzerConfigOptionsProvider options, CSharpCommandLineArguments arguments)
    {
        (_any, _own, _parse, _checksums) = (!extensions.Generators.IsEmpty, extensions.Own, arguments.ParseOptions, arguments.ChecksumAlgorithm);
        _driver = CSharpGeneratorDriver.Create(extensions.Generators, additional, _parse, options, DriverOptions(arguments));
    }

    /// <summary>What they make of a state of the project, once for each: what is found out about a compilation, as its declarations, is kept with it.</summary>
    /// <exception cref="ReplayDoubtException">One of the tree threw, which it may not do for the compiler: there it may find more, and has run on nothing before.</exception>
    public Generated Of(CSharpCompilation sources, CancellationToken cancellation)
    {
        if (_last is { } last && last.Of == sources)
            return last.Made;
        var made = Run(sources, cancellation);
        if (!_own.IsEmpty && _driver.GetRunResult().Results.FirstOrDefault(result => result.Exception is not null && _own.Contains(result.Generator)) is { Exception: { } thrown } failed)
            throw new ReplayDoubtException($"{failed.Generator.GetGeneratorType().Name}, a generator of the tree, threw: {thrown.Message}");
        _last = (sources, made);
        return made;
    }

    /// <summary>
    /// What they make of texts that nobody has saved; nothing of it is kept but what they hold ready themselves. Those of the tree are not shown such texts, as they may keep something that shows later: what all have made before
    /// is taken to be what they make, as it is for each delta.
    /// </summary>
    /// <param name="sources">With such a text.</param>
    /// <param name="before">The state before.</param>
    /// <param name="made">With what they have made of that.</param>
    /// <param name="cancellation">Breaks it off.</param>
    public CSharpCompilation Practise(CSharpCompilation sources, CSharpCompilation before, CSharpCompilation made, CancellationToken cancellation) =>
        _own.IsEmpty ? Run(sources, cancellation).Compilation : sources.AddSyntaxTrees(made.SyntaxTrees.Skip(before.SyntaxTrees.Length));

    private Generated Run(CSharpCompilation sources, CancellationToken cancellation)
    {
        if (!_any)
            return new Generated(sources, [], []);
        _driver = _driver.RunGeneratorsAndUpdateCompilation(sources, out var with, out var told, cancellation);
        if (OfGenerated is not null)
            return new Generated((CSharpCompilation)with, [.. with.SyntaxTrees.Skip(sources.SyntaxTrees.Length)], told);
        return new Generated(WithChecksums((CSharpCompilation)with, with.SyntaxTrees.Skip(sources.SyntaxTrees.Length), cancellation, out var trees), trees, told);
    }

    private static GeneratorDriverOptions DriverOptions(CSharpCommandLineArguments arguments)
    {
        object options = new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: false, arguments.OutputDirectory);
        OfGenerated?.SetValue(options, arguments.ChecksumAlgorithm);
        return (GeneratorDriverOptions)options;
    }

    /// <summary>Generators leave the algorithm of their texts' checksums to chance; the compiler sets its own. Of a compiler that has no such option: of what generators make at their initialization it leaves it, which is not to be told from the rest.</summary>
    private CSharpCompilation WithChecksums(CSharpCompilation compilation, IEnumerable<SyntaxTree> generated, CancellationToken cancellation, out IReadOnlyList<SyntaxTree> trees)
    {
        var own = new List<SyntaxTree>();
        foreach (var tree in generated)
        {
            var text = tree.GetText(cancellation);
            if (text.ChecksumAlgorithm == _checksums)
            {
                own.Add(tree);
                continue;
            }
            var same = _withChecksum.GetValue(tree, _ => CSharpSyntaxTree.ParseText(SourceText.From(text.ToString(), text.Encoding, _checksums), _parse, tree.FilePath));
            compilation = compilation.ReplaceSyntaxTree(tree, same);
            own.Add(same);
        }
        trees = own;
        return compilation;
    }
}

/// <summary>A state of the project, with what generators made of it.</summary>
/// <param name="Compilation">Its own files and theirs.</param>
/// <param name="Trees">Theirs.</param>
/// <param name="Told">Their diagnostics.</param>
internal sealed record Generated(CSharpCompilation Compilation, IReadOnlyList<SyntaxTree> Trees, ImmutableArray<Diagnostic> Told);
