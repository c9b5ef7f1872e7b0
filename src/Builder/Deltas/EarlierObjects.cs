using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WatchReload.Builder.Deltas;

/// <summary>
/// Bodies that objects from before the edit depend on. A load leaves those objects to the code that they were made by, or makes them anew: it fills collections again, which goes by equality and order; what it
/// ends, it ends by the code that began it; what serializers have found out of converters is of types that go. Under a delta the new body comes upon what the old one has made.
/// </summary>
/// <remarks>
/// By names, as in <see cref="KnownNames"/>: from members that are called so without being written, to all that has a name which these mention, and so on. Virtual and interface calls are among them; what
/// reaches a body through a delegate that somebody keeps is not.
/// </remarks>
internal sealed class EarlierObjects
{
    private static readonly Dictionary<string, string> Roots = new(StringComparer.Ordinal)
    {
        ["Equals"] = Filled,
        ["GetHashCode"] = Filled,
        ["CompareTo"] = Filled,
        ["Compare"] = Filled,
        ["StopAsync"] = Ended,
        ["StoppingAsync"] = Ended,
        ["StoppedAsync"] = Ended,
        ["Dispose"] = Ended,
        ["DisposeAsync"] = Ended,
        [Finalizer] = Ended,
        ["CanConvert"] = Found,
        ["CreateConverter"] = Found,
        ["ConvertName"] = Found,
        ["GetTypeInfo"] = Found,
    };

    private const string Filled = "collections that states hold were filled by";
    private const string Ended = "what runs is ended by";
    private const string Found = "serializers keep what they have found out by";
    private const string Finalizer = "~";
    private const string Operator = "operator";

    // By tree: an edit makes one tree another, and the others stay the same objects.
    private static readonly ConditionalWeakTable<SyntaxTree, Members> _known = [];
    private readonly Dictionary<string, string> _reached = new(StringComparer.Ordinal);

    private EarlierObjects()
    {
    }

    /// <param name="trees">All code of the service, as it is loaded.</param>
    /// <param name="cancellation">Breaks it off.</param>
    public static EarlierObjects Of(IEnumerable<SyntaxTree> trees, CancellationToken cancellation)
    {
        var (objects, all) = (new EarlierObjects(), trees.Select(tree => _known.GetValue(tree, _ => Read(tree.GetRoot(cancellation)))).ToList());
        var roots = Roots.Where(root => all.Exists(members => members.ByName.ContainsKey(root.Key))).Select(root => root.Key).ToList();
        foreach (var root in roots)
            objects._reached[root] = $"{Roots[root]} {(root == Finalizer ? "a finalizer" : root)}";
        if (roots.Count == 0)
            return objects;
        var mentions = all.SelectMany(members => members.ByName).ToLookup(member => member.Key, member => member.Value, StringComparer.Ordinal);
        foreach (var root in roots)
            objects.Reach(root, mentions);
        return objects;
    }

    /// <summary>Why the body of a member cannot be replaced; null when it can.</summary>
    public string? Doubt(IMethodSymbol method)
    {
        var name = NameOf(method);
        return !_reached.TryGetValue(name, out var why) ? null
            : why.EndsWith($" {name}", StringComparison.Ordinal) ? why
            : $"{why}, which may call {(name == Operator ? method.AssociatedSymbol?.Name ?? method.Name : name)}";
    }

    private void Reach(string root, ILookup<string, HashSet<string>> mentions)
    {
        var left = new Stack<string>([root]);
        while (left.TryPop(out var name))
        {
            foreach (var mentioned in mentions[name].SelectMany(names => names))
            {
                if (_reached.TryAdd(mentioned, _reached[root]))
                    left.Push(mentioned);
            }
        }
    }

    private static string NameOf(IMethodSymbol method) => method switch
    {
        { MethodKind: MethodKind.UserDefinedOperator or MethodKind.Conversion } or { AssociatedSymbol: IPropertySymbol { IsIndexer: true } } => Operator,
        { AssociatedSymbol: { } member } => Simple(member.Name),
        _ => Simple(method.Name),
    };

    /// <summary>Of an explicit implementation the last part.</summary>
    private static string Simple(string name) => name[(name.LastIndexOf('.') + 1)..];

    private static Members Read(SyntaxNode root)
    {
        var members = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var member in root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax).OfType<MemberDeclarationSyntax>())
        {
            if (NameOf(member) is not { } name)
                continue;
            if (!members.TryGetValue(name, out var mentions))
                members[name] = mentions = new HashSet<string>(StringComparer.Ordinal);
            mentions.UnionWith(SyntaxTexts.Identifiers(member));
            mentions.UnionWith(member.DescendantNodes().SelectMany(Implied));
            mentions.Add(Operator); // conversions are not to be seen
        }
        return new Members(members);
    }

    /// <summary>What the language calls without its name.</summary>
    private static string[] Implied(SyntaxNode node) => node switch
    {
        CommonForEachStatementSyntax => ["GetEnumerator", "GetAsyncEnumerator", "MoveNext", "MoveNextAsync", "Current", "Dispose", "DisposeAsync", "Deconstruct"],
        UsingStatementSyntax or LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 } => ["Dispose", "DisposeAsync"],
        AwaitExpressionSyntax => ["GetAwaiter", "IsCompleted", "OnCompleted", "UnsafeOnCompleted", "GetResult"],
        InterpolatedStringExpressionSyntax or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } => ["ToString"],
        CollectionExpressionSyntax or InitializerExpressionSyntax { RawKind: (int)SyntaxKind.CollectionInitializerExpression } => ["Add"],
        ListPatternSyntax or RangeExpressionSyntax or PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.IndexExpression } => ["Length", "Count", "Slice"],
        AssignmentExpressionSyntax { Left: TupleExpressionSyntax or DeclarationExpressionSyntax } or PositionalPatternClauseSyntax => ["Deconstruct"],
        QueryExpressionSyntax => ["Cast", "Where", "Select", "SelectMany", "Join", "GroupJoin", "OrderBy", "OrderByDescending", "ThenBy", "ThenByDescending", "GroupBy"],
        _ => [],
    };

    private static string? NameOf(MemberDeclarationSyntax member) => member switch
    {
        MethodDeclarationSyntax method => method.Identifier.ValueText,
        PropertyDeclarationSyntax property => property.Identifier.ValueText,
        EventDeclarationSyntax one => one.Identifier.ValueText,
        OperatorDeclarationSyntax or ConversionOperatorDeclarationSyntax or IndexerDeclarationSyntax => Operator,
        DestructorDeclarationSyntax => Finalizer,
        // What runs when one is made.
        ConstructorDeclarationSyntax constructor => constructor.Identifier.ValueText,
        BaseFieldDeclarationSyntax { Parent: BaseTypeDeclarationSyntax type } => type.Identifier.ValueText,
        _ => null,
    };

    private sealed record Members(IReadOnlyDictionary<string, HashSet<string>> ByName);
}
