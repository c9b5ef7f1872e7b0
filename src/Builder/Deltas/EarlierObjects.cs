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
        ["HandleNull"] = Found,
    };

    private const string Filled = "collections that states hold were filled by";
    private const string Ended = "what runs is ended by";
    private const string Found = "serializers keep what they have found out by";
    private const string Finalizer = "~";
    private const string Operator = "operator";
    private const string ToText = "ToString";
    private const string PrintMembers = "PrintMembers";

    /// <summary>Conversions are not to be seen, nor who makes a text of what it is given.</summary>
    private static readonly string[] Hidden = [Operator, ToText, "TryFormat"];

    /// <summary>Implied by collections, of which a service seldom has its own.</summary>
    private static readonly HashSet<string> OfCollections = new(StringComparer.Ordinal) { "Add", "Current", "MoveNext", "MoveNextAsync", "Count", "Length", "Slice" };

    /// <summary>Types of the platform and of WatchReload whose methods nobody overrides: what is called on one of these is no code of the service, unless it is an extension.</summary>
    private static readonly HashSet<string> Finals = new(StringComparer.Ordinal)
    {
        "CancellationTokenSource", "CancellationToken", "CancellationTokenRegistration", "Timer", "PeriodicTimer", "SemaphoreSlim", "ManualResetEventSlim", "CountdownEvent", "Lock", "TaskCompletionSource", "Task", "ValueTask", "Thread",
        "Dictionary", "List", "HashSet", "Queue", "Stack", "SortedDictionary", "SortedSet", "PriorityQueue", "ConcurrentDictionary", "ConcurrentQueue", "ConcurrentBag", "ConcurrentStack", "ImmutableArray", "ImmutableList",
        "ImmutableDictionary", "FrozenDictionary", "FrozenSet", "StringBuilder", "Stopwatch", "ActorRef", "ReplyTo",
    };


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
        var (objects, all) = (new EarlierObjects(), trees.Select(tree => MembersOf(tree, cancellation)).ToList());
        var roots = Roots.Where(root => all.Exists(members => members.ByName.ContainsKey(root.Key))).Select(root => root.Key).ToList();
        foreach (var root in roots)
            objects._reached[root] = $"{Roots[root]} {(root == Finalizer ? "a finalizer" : root)}";
        if (roots.Count == 0)
            return objects;
        var mentions = all.SelectMany(members => members.ByName.Append(new(ToText, members.Printed))).ToLookup(member => member.Key, member => member.Value, StringComparer.Ordinal);
        var hasCollections = mentions.Contains("GetEnumerator");
        foreach (var root in roots)
            objects.Reach(root, mentions, MayBeOwn);
        return objects;

        bool MayBeOwn(Mention mention) => mention.On is { } on ? all.Exists(members => members.Types.Contains(on) || members.Extensions.Contains(mention.Name)) : !mention.IsImplied || hasCollections || !OfCollections.Contains(mention.Name);
    }

    /// <summary>Why the body of a member cannot be replaced; null when it can.</summary>
    public string? Doubt(IMethodSymbol method)
    {
        var name = NameOf(method);
        return !_reached.TryGetValue(name, out var why) ? null
            : why.EndsWith($" {name}", StringComparison.Ordinal) ? why
            : $"{why}, which may call {(name == Operator ? method.AssociatedSymbol?.Name ?? method.Name : name)}";
    }

    /// <summary>Whether a method, or another member that has code, is called so.</summary>
    public static bool Declares(SyntaxTree tree, string member, CancellationToken cancellation) => MembersOf(tree, cancellation).ByName.ContainsKey(member);

    private static Members MembersOf(SyntaxTree tree, CancellationToken cancellation) => _known.GetValue(tree, _ => Read(tree.GetRoot(cancellation)));

    private void Reach(string root, ILookup<string, HashSet<Mention>> mentions, Func<Mention, bool> mayBeOwn)
    {
        var left = new Stack<string>([root]);
        while (left.TryPop(out var name))
        {
            foreach (var mentioned in mentions[name].SelectMany(names => names).Where(mayBeOwn))
            {
                if (_reached.TryAdd(mentioned.Name, _reached[root]))
                    left.Push(mentioned.Name);
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
        var members = new Dictionary<string, HashSet<Mention>>(StringComparer.Ordinal);
        var (types, extensions) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        var printed = new HashSet<Mention>();
        foreach (var member in root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax).OfType<MemberDeclarationSyntax>())
        {
            if (member is BaseTypeDeclarationSyntax type)
                types.Add(type.Identifier.ValueText);
            if (member is MethodDeclarationSyntax { ParameterList.Parameters: [var first, ..] } method && first.Modifiers.Any(SyntaxKind.ThisKeyword))
                extensions.Add(method.Identifier.ValueText);
            if (member is RecordDeclarationSyntax record)
                printed.UnionWith(Printed(record));
            foreach (var (name, code) in CodeOf(member))
            {
                if (!members.TryGetValue(name, out var mentions))
                    members[name] = mentions = [];
                mentions.UnionWith(Mentions(code));
            }
        }
        return new Members(members, printed, types, extensions);
    }

    /// <summary>What the text of a record is made of, when it is not the record itself that says.</summary>
    private static IEnumerable<Mention> Printed(RecordDeclarationSyntax record) => record.Members.OfType<MethodDeclarationSyntax>().Any(method => method.Identifier.ValueText == ToText) ? []
        : record.Members.OfType<MethodDeclarationSyntax>().Any(method => method.Identifier.ValueText == PrintMembers) ? [new Mention(PrintMembers, null)]
        : record.Members.OfType<PropertyDeclarationSyntax>().Where(property => property.Modifiers.Any(SyntaxKind.PublicKeyword) && !property.Modifiers.Any(SyntaxKind.StaticKeyword)).Select(property => new Mention(property.Identifier.ValueText, null));

    /// <summary>Its code by the names that lead to it. By its type's name what runs when one is made.</summary>
    private static IEnumerable<(string Name, SyntaxNode Code)> CodeOf(MemberDeclarationSyntax member)
    {
        if (NameOf(member) is { } name)
            yield return (name, member);
        if (member is PropertyDeclarationSyntax { Initializer: { } initializer, Parent: BaseTypeDeclarationSyntax owner })
            yield return (owner.Identifier.ValueText, initializer);
        if (member is TypeDeclarationSyntax { BaseList: { } bases } type)
            yield return (type.Identifier.ValueText, bases);
    }

    private static IEnumerable<Mention> Mentions(SyntaxNode code) => code.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => new Mention(token.ValueText, CalledOn(token)))
        .Concat(code.DescendantNodes().SelectMany(Implied).Concat(Hidden).Select(name => new Mention(name, null, IsImplied: true)));

    /// <summary>Which of the types of <see cref="Finals"/> a method is called on, when that stands nearby: of a field, a property or a parameter. Null: it may be any.</summary>
    private static string? CalledOn(SyntaxToken called)
    {
        if (called.Parent is not SimpleNameSyntax { Parent: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax on, Parent: InvocationExpressionSyntax } access } name || access.Name != name)
            return null;
        var text = on.Identifier.ValueText;
        var member = on.FirstAncestorOrSelf<MemberDeclarationSyntax>();
        if (member is null || member.DescendantNodes().Any(inner => Hides(inner, text)))
            return null;
        for (var outer = member.Parent; outer is TypeDeclarationSyntax type; outer = outer.Parent)
        {
            var declared = type.Members.Select(one => DeclaredBy(one, text)).FirstOrDefault(found => found is not null) ?? type.ParameterList?.Parameters.FirstOrDefault(parameter => parameter.Identifier.ValueText == text)?.Type;
            if (declared is not null)
                return (declared is NullableTypeSyntax nullable ? nullable.ElementType : declared) is SimpleNameSyntax simple && Finals.Contains(simple.Identifier.ValueText) ? simple.Identifier.ValueText : null;
        }
        return null;
    }

    private static TypeSyntax? DeclaredBy(MemberDeclarationSyntax member, string name) => member switch
    {
        BaseFieldDeclarationSyntax field when field.Declaration.Variables.Any(variable => variable.Identifier.ValueText == name) => field.Declaration.Type,
        PropertyDeclarationSyntax property when property.Identifier.ValueText == name => property.Type,
        _ => null,
    };

    /// <summary>Another thing of that name, within a member.</summary>
    private static bool Hides(SyntaxNode inner, string name) => inner switch
    {
        VariableDeclaratorSyntax variable => variable.Identifier.ValueText == name,
        SingleVariableDesignationSyntax variable => variable.Identifier.ValueText == name,
        ParameterSyntax parameter => parameter.Identifier.ValueText == name,
        ForEachStatementSyntax loop => loop.Identifier.ValueText == name,
        _ => false,
    };

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

    /// <param name="Name">Of what is mentioned.</param>
    /// <param name="On">The one of <see cref="Finals"/> that it is called on; null when it may be called on any type.</param>
    /// <param name="IsImplied">It is not written.</param>
    private readonly record struct Mention(string Name, string? On, bool IsImplied = false);

    /// <param name="ByName">What the code mentions that a name leads to.</param>
    /// <param name="Printed">What the compiler's <c>ToString</c> of records asks for.</param>
    /// <param name="Types">Simple names of those that are declared.</param>
    /// <param name="Extensions">Names of extension methods.</param>
    private sealed record Members(IReadOnlyDictionary<string, HashSet<Mention>> ByName, HashSet<Mention> Printed, IReadOnlySet<string> Types, IReadOnlySet<string> Extensions);
}
