using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;
using WatchReload.Builder.Outputs;
using WatchReload.Control;

namespace WatchReload.Builder.Deltas;

/// <summary>Types that are made anew by a delta, where one of them is declared otherwise than before: as a load makes all of them anew.</summary>
/// <remarks>
/// Theory of operation. The compiler emits a type that is edited as another type beside the one before, and with it every type that mentions one of these, by its name, anywhere: in a declaration or in a
/// body. So what is new is mentioned by nothing that stays, and mentions what is new alone: code of before never meets a type of now, nor the other way round, and each side is what it would be in an
/// assembly of its own. That no name is overlooked needs no model of binding: an expression can be of a type only if the type's name is written there, or in the declaration of what the expression comes
/// from, and that declaration's own type is then among these. What is found without a name being written is a doubt: extension methods that the language calls, <c>using static</c>, generators, and whoever
/// looks through an assembly (<see cref="TypeLookups"/>).
/// The one type that mentions others and stays is the service: the node calls <c>Configure</c> and <c>CodeChange</c> once for each version, and of these the bodies are replaced.
/// So nothing that runs is touched, and what is new may be refused after it was applied.
/// </remarks>
internal sealed class RemadeTypes(DeltaPoint from, CSharpCompilation now, DeltaSurroundings around, CallerLines lines, bool warningsAreErrors, CancellationToken cancellation)
{
    private const string Service = "WatchReload.Actors.IService";
    private const int LargestText = 400_000;
    private static readonly SharedFrameworks Platform = new();
    private readonly List<SemanticEdit> _edits = [];
    private readonly List<SyntaxNode> _bodies = [];

    /// <summary>What the compiler is told. Complete when <see cref="Find"/> has no doubt.</summary>
    public IReadOnlyList<SemanticEdit> Edits => _edits;

    /// <summary>Why it cannot be done; null when it can.</summary>
    /// <param name="changed">The source files that are others, each before and now.</param>
    public string? Find(IEnumerable<(SyntaxTree Before, SyntaxTree After)> changed)
    {
        var edited = new Dictionary<string, List<TypeText>>(StringComparer.Ordinal);
        var same = new List<SyntaxNode>();
        foreach (var (before, after) in changed)
        {
            if (Compare(TypeTexts.Of(before, cancellation), TypeTexts.Of(after, cancellation), edited, same) is { } doubt)
                return $"{doubt} in {Path.GetFileName(after.FilePath)}";
        }
        if (edited.Count == 0)
            return "no type is declared otherwise";
        var trees = now.SyntaxTrees.Select(tree => TypeTexts.Of(tree, cancellation)).ToList();
        return Spread(edited, trees.SelectMany(tree => tree.Types).ToLookup(type => type.Name, StringComparer.Ordinal), [.. trees.SelectMany(tree => tree.OutsideMentions)], same);
    }

    /// <summary>Their full names.</summary>
    public IReadOnlyList<string> Names => [.. _edits.Where(edit => edit.Kind == SemanticEditKind.Replace).Select(edit => CapturedParameters.MetadataName((INamedTypeSymbol)edit.NewSymbol!))];

    /// <summary>Defaults of their constructors' parameters, which a node may not find in the delta.</summary>
    public IReadOnlyList<ParameterDefault> Defaults => [.. AllDefaults().Where(same => same.Count() == 1).Select(same => same.First())];

    private IEnumerable<IGrouping<(string, string Parameter, string), ParameterDefault>> AllDefaults() => AllRemade().SelectMany(type => type.InstanceConstructors.SelectMany(constructor => constructor.Parameters)
        .Where(parameter => parameter.HasExplicitDefaultValue && IsTold(parameter))
        .Select(parameter => ParameterDefault.Of(CapturedParameters.MetadataName(type), parameter.Name, string.Join(',', ((IMethodSymbol)parameter.ContainingSymbol).Parameters.Select(one => one.Name)), parameter.ExplicitDefaultValue)))
        .GroupBy(one => (one.Type, one.Parameter, one.Among));

    /// <summary>Why what was emitted has not the effect of a load; null when it has.</summary>
    /// <param name="metadata">Of the delta.</param>
    public string? OfEmitted(byte[] metadata)
    {
        if (DeltaTables.Missed(metadata) is { } missed)
            return missed;
        if (DeltaTables.ConstantsIn(metadata) is > 0 and var more && from.Constants + more > DeltaTables.FoundConstants && OfConstants() is { } constants)
            return constants;
        return DeltaTables.UsesIn(metadata, now).FirstOrDefault(IsPackage) is { } package ? $"{package} may go by the names of types" : null;
    }

    /// <summary>Where the runtime does not find constants of deltas: what would be missed. The node is told of defaults of constructors.</summary>
    private string? OfConstants()
    {
        var all = AllRemade().ToList();
        if (all.Find(type => type.TypeKind == TypeKind.Enum) is { } named)
            return $"the runtime would not find the names of {named.Name}";
        var texts = all.SelectMany(type => type.DeclaringSyntaxReferences).Select(reference => reference.GetSyntax(cancellation)).ToList();
        if (texts.Exists(text => text.DescendantNodes().Any(node => node is ParenthesizedLambdaExpressionSyntax lambda && lambda.ParameterList.Parameters.Any(parameter => parameter.Default is not null))))
            return "the runtime would not find the default of a lambda's parameter";
        if (AllDefaults().FirstOrDefault(same => same.Count() > 1) is { } several)
            return $"{several.Key.Parameter} has several defaults";
        if (all.Find(type => type is { TypeKind: TypeKind.Class, IsRecord: false } && type.InstanceConstructors.Any(constructor => constructor.Parameters.Any(parameter => parameter.HasExplicitDefaultValue))) is { } injected)
            return $"the runtime would not find the defaults of parameters, which whoever makes {injected.Name} may look for";
        if (all.SelectMany(type => type.InstanceConstructors).SelectMany(constructor => constructor.Parameters).FirstOrDefault(parameter => parameter.HasExplicitDefaultValue && !IsTold(parameter)) is { } untold)
            return $"the runtime would not find the default of {untold.Name}";
        return texts.Exists(text => text.DescendantNodes().OfType<ParameterSyntax>().Any(parameter => parameter.Default is not null)) && TypeLookups.OfDefaults(now.SyntaxTrees.Concat(around.Others()), cancellation) is { } reader
            ? $"the runtime would not find the defaults of parameters, which {reader} may look for"
            : null;
    }

    private static bool IsTold(IParameterSymbol parameter) => parameter.ExplicitDefaultValue is null || Type.GetTypeCode(parameter.ExplicitDefaultValue.GetType()) != TypeCode.Object;

    private IEnumerable<INamedTypeSymbol> AllRemade() => _edits.Where(edit => edit.Kind == SemanticEditKind.Replace).SelectMany(edit => WithNested((INamedTypeSymbol)edit.NewSymbol!));

    private static IEnumerable<INamedTypeSymbol> WithNested(INamedTypeSymbol type) => type.GetTypeMembers().SelectMany(WithNested).Prepend(type);

    private static string? Compare(TypeTexts before, TypeTexts after, Dictionary<string, List<TypeText>> edited, List<SyntaxNode> same)
    {
        if (!before.Outside.SequenceEqual(after.Outside, StringComparer.Ordinal))
            return "something outside of types changed, or a type came or went,";
        foreach (var (old, type) in before.Types.Zip(after.Types))
        {
            if (old.Name != type.Name)
                return "a type came or went";
            if (!SyntaxFactory.AreEquivalent(old.Declaration, type.Declaration, topLevel: false))
            {
                if (!edited.TryGetValue(type.Name, out var was))
                    edited[type.Name] = was = [];
                was.Add(old);
            }
            else if (Line(old.Declaration) != Line(type.Declaration) || old.Declaration.ToString() != type.Declaration.ToString())
                same.Add(type.Declaration);
        }
        return null;
    }

    private static int Line(SyntaxNode node) => node.SyntaxTree.GetText().Lines.GetLineFromPosition(node.SpanStart).LineNumber;

    /// <summary>From the types that are edited to all that mention one of them.</summary>
    /// <param name="edited">Each with its declarations before: what code came to it by may be gone.</param>
    /// <param name="types">All there are now, by name.</param>
    /// <param name="outside">Identifiers outside of types.</param>
    /// <param name="moved">Types that are the same, but for their place.</param>
    private string? Spread(Dictionary<string, List<TypeText>> edited, ILookup<string, TypeText> types, HashSet<string> outside, List<SyntaxNode> moved)
    {
        var remade = new HashSet<string>(edited.Keys.Where(name => !IsService(name)), StringComparer.Ordinal);
        var services = edited.Keys.Where(IsService).ToHashSet(StringComparer.Ordinal);
        var called = new HashSet<string>(StringComparer.Ordinal);
        var next = new Queue<string>(remade);
        var size = 0;
        while (next.TryDequeue(out var name))
        {
            cancellation.ThrowIfCancellationRequested();
            var names = new HashSet<string>(StringComparer.Ordinal);
            if ((size += types[name].Sum(part => part.Declaration.FullSpan.Length)) > LargestText)
                return "too much depends on what is edited";
            foreach (var part in types[name].Concat(edited.GetValueOrDefault(name) ?? []))
            {
                if (part.Obstacle is { } obstacle)
                    return edited.ContainsKey(name) ? obstacle : $"{obstacle}, and mentions what is edited";
                names.UnionWith(part.CalledAs);
            }
            names.ExceptWith(called); // who mentions those is there
            called.UnionWith(names);
            if (names.Count == 0)
                continue;
            foreach (var other in types.Where(other => !remade.Contains(other.Key) && !services.Contains(other.Key) && other.Any(part => names.Any(part.Mentions.Contains))))
            {
                if (IsService(other.Key))
                    services.Add(other.Key);
                else if (remade.Add(other.Key))
                    next.Enqueue(other.Key);
            }
        }
        if (called.FirstOrDefault(outside.Contains) is { } mentioned)
            return $"{mentioned} is mentioned outside of types";
        var texts = remade.SelectMany(name => types[name]).ToList();
        if (lines.First(moved.Where(node => !texts.Exists(text => text.Declaration == node))) is not null)
            return "code that may tell its line has moved";
        if (from.Uses.Concat(around.Uses?.Invoke() ?? []).FirstOrDefault(IsPackage) is { } package)
            return $"{package} may go by the names of types";
        var all = texts.SelectMany(text => text.Declaration.DescendantNodesAndSelf(node => node is TypeDeclarationSyntax)).OfType<MemberDeclarationSyntax>()
            .Where(node => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax).Select(TypeText.NameOf).ToHashSet(StringComparer.Ordinal);
        return TypeLookups.First(now.SyntaxTrees.Concat(around.Others()), all, cancellation)
            ?? remade.Select(Remake).FirstOrDefault(doubt => doubt is not null)
            ?? services.Select(name => Reconfigure(name, called)).FirstOrDefault(doubt => doubt is not null);
    }

    private bool IsService(string name) => IsService(now.Assembly.GetTypeByMetadataName(name));

    private static bool IsService(INamedTypeSymbol? type) => type?.AllInterfaces.Any(implemented => implemented.ToDisplayString() == Service) == true;

    /// <summary>One that was the service or is it now, or has it within.</summary>
    private bool HasService(INamedTypeSymbol type) => WithNested(type).Any(IsService)
        || from.Compilation.Assembly.GetTypeByMetadataName(CapturedParameters.MetadataName(type)) is { } before && WithNested(before).Any(IsService);

    /// <summary>What the node calls for each version.</summary>
    private static bool IsOfVersion(IMethodSymbol method) => method.ContainingType.AllInterfaces.Where(implemented => implemented.ToDisplayString() == Service).SelectMany(implemented => implemented.GetMembers())
        .Any(member => SymbolEqualityComparer.Default.Equals(method.ContainingType.FindImplementationForInterfaceMember(member), method));

    private string? Remake(string name)
    {
        if (now.Assembly.GetTypeByMetadataName(name) is not { } type)
            return $"{name} is not found";
        if (HasService(type))
            return $"{type.Name} configures the service";
        var space = type.ContainingNamespace.ToDisplayString();
        if (space is "System" or "Microsoft" || space.StartsWith("System.", StringComparison.Ordinal) || space.StartsWith("Microsoft.", StringComparison.Ordinal))
            return $"{type.Name} stands in for a type of the platform";
        if (around.IsReferenced && (type.DeclaredAccessibility == Accessibility.Public || now.Assembly.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "InternalsVisibleToAttribute")))
            return $"{type.Name} can be seen by other projects";
        if (warningsAreErrors && OfWarnings(type) is { } doubt)
            return doubt;
        _edits.Add(new SemanticEdit(SemanticEditKind.Replace, null, type));
        return null;
    }

    /// <summary>Where warnings are errors.</summary>
    private string? OfWarnings(INamedTypeSymbol type) => Unused(type)
        ?? type.DeclaringSyntaxReferences.Select(reference => StrictDoubt.Of(now, reference.GetSyntax(cancellation), cancellation)).FirstOrDefault(doubt => doubt is not null);

    /// <summary>A field or an event that is mentioned more often or less: nobody may use it now, which is told of a whole project alone.</summary>
    private string? Unused(INamedTypeSymbol type)
    {
        var declared = Texts(type);
        var before = from.Compilation.Assembly.GetTypeByMetadataName(CapturedParameters.MetadataName(type)) is { } was ? Texts(was) : [];
        return WithNested(type).SelectMany(one => one.GetMembers()).FirstOrDefault(member => member is IFieldSymbol { IsImplicitlyDeclared: false } or IEventSymbol
            && declared.Sum(node => Count(node, member.Name)) != before.Sum(node => Count(node, member.Name))) is { } unused
            ? $"{unused.Name} may be unused, which would be an error"
            : null;

        List<SyntaxNode> Texts(INamedTypeSymbol one) => [.. one.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellation))];
    }

    private static int Count(SyntaxNode node, string name) => node.DescendantTokens().Count(token => token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText == name);

    /// <summary>Of a service the bodies that the node runs for each version are replaced; all else of it must be the same, and mention nothing that is new.</summary>
    private string? Reconfigure(string name, HashSet<string> called)
    {
        if (from.Compilation.Assembly.GetTypeByMetadataName(name) is not { } before || now.Assembly.GetTypeByMetadataName(name) is not { } after)
            return $"{name} is not found";
        if (before.DeclaringSyntaxReferences is not [var one] || after.DeclaringSyntaxReferences is not [var other])
            return $"{after.Name} is declared in parts";
        var (old, current) = ((TypeDeclarationSyntax)one.GetSyntax(cancellation), (TypeDeclarationSyntax)other.GetSyntax(cancellation));
        if (old.Members.Count != current.Members.Count || !SyntaxFactory.AreEquivalent(old.WithMembers([]), current.WithMembers([]), topLevel: false) || Mentions(current.WithMembers([]), called))
            return $"{after.Name} configures the service";
        var moved = new List<SyntaxNode>();
        foreach (var (was, becomes) in old.Members.Zip(current.Members))
        {
            var isSame = SyntaxFactory.AreEquivalent(was, becomes, topLevel: false);
            if (isSame && !Mentions(becomes, called))
            {
                if (Line(was) != Line(becomes))
                    moved.Add(becomes);
                continue;
            }
            if (was is not MethodDeclarationSyntax method || becomes is not MethodDeclarationSyntax edited
                || BodyEdit.BodyOf(method) is not { } body || BodyEdit.BodyOf(edited) is not { } replaced
                || !SyntaxFactory.AreEquivalent(Head(method), Head(edited), topLevel: false) || Mentions(Head(edited), called))
                return $"{after.Name} configures the service";
            if (Symbol(from.Compilation, method) is not { } symbol || Symbol(now, edited) is not { } next)
                return "a member is not what it was";
            if (!IsOfVersion(symbol) || !IsOfVersion(next))
                return $"{after.Name} configures the service";
            if (warningsAreErrors && (Unused(after) ?? StrictDoubt.Of(now, edited, cancellation)) is { } strict)
                return strict;
            if (replaced.DescendantNodes().Any(node => node is LocalFunctionStatementSyntax { TypeParameterList: not null }))
                return $"{next.Name} has a generic local function";
            if (!BaselineChain.Forgets && from.Generation > 0 && BodyDoubt.HasInnerFunctions(body))
                return $"the compiler may end lambdas of {next.Name} that are in use";
            _edits.Add(new SemanticEdit(SemanticEditKind.Update, symbol, next, syntaxMap: null, runtimeRudeEdit: null, default(MethodInstrumentation)));
            _bodies.AddRange([body, replaced]);
        }
        if (lines.First(moved) is not null)
            return "code that may tell its line has moved";
        return CapturedParameters.FirstDifference(from.Compilation, now, after, _bodies, cancellation) is { } captured ? $"{after.Name} may keep the parameter {captured} of its constructor now, or not any more" : null;
    }

    private IMethodSymbol? Symbol(CSharpCompilation compilation, MethodDeclarationSyntax method) => compilation.GetSemanticModel(method.SyntaxTree).GetDeclaredSymbol(method, cancellation);

    private static MethodDeclarationSyntax Head(MethodDeclarationSyntax method) => method.WithBody(null).WithExpressionBody(null).WithSemicolonToken(default);

    private static bool Mentions(SyntaxNode node, HashSet<string> names) => node.DescendantTokens().Any(token => token.IsKind(SyntaxKind.IdentifierToken) && names.Contains(token.ValueText));

    private bool IsPackage(string assembly) => assembly != OutputClassifier.ActorsAssembly && assembly != now.AssemblyName && !around.Hot.Contains(assembly) && Platform.VersionOf(assembly) is null;
}
