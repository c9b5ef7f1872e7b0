using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;
using WatchReload.Builder.Outputs;

namespace WatchReload.Builder.Deltas;

/// <summary>Types that come with an edit, in files that were there or in new ones.</summary>
/// <remarks>
/// Theory of operation. The name of such a type is new to all code of the service (<see cref="KnownNames"/>), and so are those of its extension methods and of its namespace. So nothing that stays can come to mean
/// it: what mentions it is edited with it. It is emitted under its own name, and there is no other of that name. What is left are those who find types without their names being written, and these
/// are doubts as they are where types are made anew (<see cref="TypeLookups"/>).
/// </remarks>
internal sealed class AddedTypes
{
    /// <summary>By which code that Configure calls tells what a version is made of.</summary>
    private static readonly HashSet<string> Registering = new(StringComparer.Ordinal) { "IServiceCollection", "ServiceCollection", "IServiceBuilder", "IServiceProvider", "ServiceDescriptor" };

    private readonly DeltaPoint _from;
    private readonly CSharpCompilation _now;
    private readonly DeltaSurroundings _around;
    private readonly CancellationToken _cancellation;
    private readonly List<TypeText> _texts = [];
    private readonly List<INamedTypeSymbol> _types = [];

    /// <param name="changed">The source files that are others, each before and now.</param>
    /// <param name="files">Those that were not there.</param>
    /// <param name="from">What the delta is made against.</param>
    /// <param name="now">What it leads to.</param>
    /// <param name="around">Of the project.</param>
    /// <param name="cancellation">Breaks it off.</param>
    public AddedTypes(IEnumerable<(SyntaxTree Before, SyntaxTree After)> changed, IReadOnlyList<SyntaxTree> files, DeltaPoint from, CSharpCompilation now, DeltaSurroundings around, CancellationToken cancellation)
    {
        (_from, _now, _around, _cancellation) = (from, now, around, cancellation);
        foreach (var (before, after) in changed)
        {
            var were = TypeTexts.Of(before, cancellation).Types.Select(type => type.Name).ToHashSet(StringComparer.Ordinal);
            _texts.AddRange(TypeTexts.Of(after, cancellation).Types.Where(type => !were.Contains(type.Name)));
        }
        _texts.AddRange(files.SelectMany(file => TypeTexts.Of(file, cancellation).Types));
        Names = _texts.Select(text => text.Name).ToHashSet(StringComparer.Ordinal);
        Doubt = files.Select(OfFile).FirstOrDefault(doubt => doubt is not null) ?? (_texts.Count > 0 ? Find() : null);
    }

    /// <summary>Why they cannot come by a delta, by what they are called and who could find them; null when they can.</summary>
    public string? Doubt { get; }

    /// <summary>Their full names.</summary>
    public IReadOnlySet<string> Names { get; }

    /// <summary>Complete when <see cref="Take"/> has no doubt.</summary>
    public IReadOnlyList<INamedTypeSymbol> Types => _types;

    /// <summary>What the compiler is told.</summary>
    public IEnumerable<SemanticEdit> Edits => _types.Select(type => new SemanticEdit(SemanticEditKind.Insert, null, type));

    /// <summary>One that a node looks at as it makes a version, and may refuse: what comes with it must not have touched what runs. Null when there is none.</summary>
    /// <param name="edited">The members that are edited or come beside them.</param>
    public string? Refusable(IEnumerable<SyntaxNode> edited)
    {
        if (_types.Count == 0)
            return null;
        if (_types.SelectMany(EmittedTypes.WithNested).FirstOrDefault(type => Ancestors(type).Any(IsOfNode) || type.GetAttributes().Any(IsOfNode)) is { } one)
            return $"{one.Name} may be refused, and what comes with it";
        return edited.SelectMany(SyntaxTexts.Identifiers).FirstOrDefault(Registering.Contains) is { } services ? $"what is registered by {services} may be refused" : null;
    }

    private bool IsOfNode(AttributeData attribute) => attribute.AttributeClass is { } type && IsOfNode(type);

    private static IEnumerable<INamedTypeSymbol> Ancestors(INamedTypeSymbol type)
    {
        for (var one = type.BaseType; one is not null; one = one.BaseType)
            yield return one;
        foreach (var one in type.AllInterfaces)
            yield return one;
    }

    /// <summary>Behaviors, and what may stand where a state or a message has something of the service that was there.</summary>
    private bool IsOfNode(INamedTypeSymbol type) => !_types.Contains(type, SymbolEqualityComparer.Default) && type.ContainingAssembly?.Name is { } name && (name == OutputClassifier.ActorsAssembly || _around.Hot.Contains(name) || name == _now.AssemblyName);

    /// <summary>Why they cannot come by a delta, by what they are; null when they can.</summary>
    public string? Take(ServiceEdit service, bool warningsAreErrors) => Names.Select(name => Add(name, service, warningsAreErrors)).FirstOrDefault(doubt => doubt is not null);

    private string? Add(string name, ServiceEdit service, bool warningsAreErrors)
    {
        if (_now.Assembly.GetTypeByMetadataName(name) is not { } type)
            return $"{name} is not found";
        _types.Add(type);
        return service.IsIn(type) ? $"{type.Name} configures the service"
            : StandIn.Is(type) ? $"{type.Name} stands in for a type of the platform"
            : EmittedTypes.WithNested(type).SelectMany(one => one.GetMembers()).OfType<IMethodSymbol>().Any(BodyDoubt.RunsAtLoad) ? $"{type.Name} runs when the assembly is loaded"
            : _around.IsReferenced && Visibility.IsSeenOutside(type, _now) ? $"{type.Name} can be seen by other projects"
            : warningsAreErrors ? StrictDoubt.OfType(_from.Compilation, _now, type, _cancellation)
            : null;
    }

    private string? Find()
    {
        var known = _from.Compilation.SyntaxTrees.SelectMany(tree => TypeTexts.Of(tree, _cancellation).Types).Select(type => type.Name).FirstOrDefault(Names.Contains);
        if (known is not null)
            return $"{known} was declared elsewhere"; // a part of it, or it has moved
        if (_texts.Find(text => text.Obstacle is not null) is { } hindered)
            return hindered.Obstacle;
        if (_texts.SelectMany(text => text.CalledAs).FirstOrDefault(IsKnown) is { } taken)
            return $"code has the name {taken} already, which comes with an added type";
        return TypeLookups.First(_from, _now, _around, TypeText.NamesIn(_texts.Select(text => text.Declaration)), _cancellation)
            ?? _around.PackageOf(_from.Uses);
    }

    private bool IsKnown(string name) => _from.Knows(name, _cancellation) || KnownNames.Has(_around.Others(), name, _cancellation);

    /// <summary>A new file has types alone, and what concerns the file itself.</summary>
    private string? OfFile(SyntaxTree file)
    {
        var root = (CompilationUnitSyntax)file.GetRoot(_cancellation);
        var name = Path.GetFileName(file.FilePath);
        return root.AttributeLists.Count > 0 || root.Externs.Count > 0 || root.Usings.Any(one => one.GlobalKeyword.IsKind(SyntaxKind.GlobalKeyword)) ? $"{name} concerns more than itself"
            : root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax).OfType<MemberDeclarationSyntax>().Any(member => member is not (BaseNamespaceDeclarationSyntax or BaseTypeDeclarationSyntax or DelegateDeclarationSyntax)) ? $"{name} has more than types"
            : root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax).OfType<BaseNamespaceDeclarationSyntax>().SelectMany(space => NewParts(space)).FirstOrDefault(IsKnown) is { } taken ? $"code has the name {taken} already, which a namespace has now"
            : null;
    }

    /// <summary>What a namespace is called, from where it is new.</summary>
    private IEnumerable<string> NewParts(BaseNamespaceDeclarationSyntax declared)
    {
        INamespaceSymbol? there = _from.Compilation.GlobalNamespace;
        foreach (var part in declared.AncestorsAndSelf().OfType<BaseNamespaceDeclarationSyntax>().Reverse().SelectMany(space => SyntaxTexts.Identifiers(space.Name)))
        {
            there = there?.GetNamespaceMembers().FirstOrDefault(inner => inner.Name == part);
            if (there is null)
                yield return part;
        }
    }
}
