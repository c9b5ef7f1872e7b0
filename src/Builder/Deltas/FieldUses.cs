using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WatchReload.Builder.Deltas;

/// <summary>How names are used in texts, without what they mean: what may be a field's and what may be another's are told apart.</summary>
internal sealed class FieldUses
{
    // By tree: an edit makes one tree another, and the others stay the same objects.
    private static readonly ConditionalWeakTable<SyntaxTree, List<string>> _open = [];

    private readonly Dictionary<string, Use> _uses = new(StringComparer.Ordinal);

    public FieldUses(IEnumerable<SyntaxNode> texts)
    {
        foreach (var token in texts.SelectMany(text => text.DescendantTokens()).Where(token => token.IsKind(SyntaxKind.IdentifierToken)))
            _uses[token.ValueText] = this[token.ValueText].With(token.Parent!);
    }

    public Use this[string name] => _uses.GetValueOrDefault(name);

    /// <summary>Nothing can be said against it: it is read, and assigned, and nothing else has its name.</summary>
    /// <param name="name">Of a field or an event.</param>
    /// <param name="isEvent">Which need not be assigned.</param>
    public bool AreAll(string name, bool isEvent) => this[name] is { Read: > 0, Declared: 1 } use && (isEvent || use.Written > 0);

    /// <summary>Fields that code outside of their types can assign, and that have no value from the start.</summary>
    public static IReadOnlyList<string> AssignedElsewhere(SyntaxTree tree, CancellationToken cancellation) => _open.GetValue(tree, _ => [.. tree.GetRoot(cancellation)
        .DescendantNodes(node => node is not MemberDeclarationSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax).OfType<FieldDeclarationSyntax>()
        .Where(field => field.Modifiers.Any(modifier => modifier.Kind() is SyntaxKind.PublicKeyword or SyntaxKind.InternalKeyword or SyntaxKind.ProtectedKeyword) && !field.Modifiers.Any(SyntaxKind.ConstKeyword))
        .SelectMany(field => field.Declaration.Variables).Where(variable => variable.Initializer is null).Select(variable => variable.Identifier.ValueText)]);

    /// <summary>How often a name is read, assigned and declared. What takes part of it, or adds to it, is told apart as the compiler does where it says something.</summary>
    /// <param name="Read">By its name alone, or after <c>this</c>.</param>
    /// <param name="Written">Likewise.</param>
    /// <param name="Declared">Whatever has the name.</param>
    /// <param name="Other">After another expression, or where an object is made or matched: it may be a member of another type.</param>
    internal readonly record struct Use(int Read, int Written, int Declared, int Other)
    {
        public Use With(SyntaxNode named) => named switch
        {
            VariableDeclaratorSyntax { Initializer: not null } => this with { Declared = Declared + 1, Written = Written + 1 },
            IdentifierNameSyntax name when IsInNameof(name) => this,
            SimpleNameSyntax name when MayBeOfOthers(name) => this with { Other = Other + 1 },
            IdentifierNameSyntax name when IsAssigned(name) => this with { Written = Written + 1 },
            SimpleNameSyntax => this with { Read = Read + 1 },
            _ => this with { Declared = Declared + 1 },
        };

        /// <summary>By an assignment, as an argument by <c>out</c>, or among what a deconstruction assigns; adding a handler is one too.</summary>
        private static bool IsAssigned(IdentifierNameSyntax name)
        {
            ExpressionSyntax whole = Whole(name);
            while (whole.Parent is ArgumentSyntax { Parent: TupleExpressionSyntax tuple })
                whole = tuple;
            return whole.Parent switch
            {
                AssignmentExpressionSyntax assignment => assignment.Left == whole && assignment.Kind() is SyntaxKind.SimpleAssignmentExpression or SyntaxKind.AddAssignmentExpression or SyntaxKind.SubtractAssignmentExpression,
                ArgumentSyntax argument => argument.RefKindKeyword.IsKind(SyntaxKind.OutKeyword),
                _ => false,
            };
        }

        private static ExpressionSyntax Whole(SimpleNameSyntax name) => name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;

        /// <summary>A member of another type, or a type: those begin with a capital where something stands behind their dot.</summary>
        private static bool MayBeOfOthers(SimpleNameSyntax name) => SyntaxFacts.IsInTypeOnlyContext(name)
            || name.Parent is MemberAccessExpressionSyntax access && access.Expression == name && char.IsUpper(name.Identifier.ValueText[0])
            || Whole(name) is MemberAccessExpressionSyntax { Expression: not ThisExpressionSyntax }
            || name.Parent is MemberBindingExpressionSyntax or NameColonSyntax or ExpressionColonSyntax or NameEqualsSyntax
            || name.Parent is AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } given && given.Left == name;

        private static bool IsInNameof(IdentifierNameSyntax name) => name.FirstAncestorOrSelf<ArgumentSyntax>()?.Parent?.Parent is InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" } };
    }
}
