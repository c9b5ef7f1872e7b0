using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WatchReload.Analyzers;

/// <summary>
/// Parameters of a primary constructor that something assigns after the constructor. Told by names: that needs no binding of bodies, which would cost more
/// than all other rules together.
/// </summary>
internal static class AssignedParameters
{
    public static IEnumerable<IParameterSymbol> Of(INamedTypeSymbol type)
    {
        if (type.IsRecord) yield break;
        foreach (var (parameter, bodies) in Primary(type))
        {
            if (bodies.Any(body => Uses(body, parameter.Name).Any(IsWrite))) yield return parameter;
        }
    }

    private static IEnumerable<(IParameterSymbol Parameter, List<SyntaxNode> Bodies)> Primary(INamedTypeSymbol type)
    {
        var constructor = type.InstanceConstructors.FirstOrDefault(c => c.DeclaringSyntaxReferences.Any(r => r.GetSyntax() is TypeDeclarationSyntax));
        if (constructor is null || constructor.Parameters.IsEmpty) yield break;
        var bodies = type.DeclaringSyntaxReferences.Select(r => r.GetSyntax()).OfType<TypeDeclarationSyntax>().SelectMany(d => d.Members).SelectMany(Bodies).ToList();
        foreach (var parameter in constructor.Parameters) yield return (parameter, bodies);
    }

    // Initializers run in the constructor, unless they are lambdas.
    private static IEnumerable<SyntaxNode> Bodies(MemberDeclarationSyntax member) => member switch
    {
        BaseTypeDeclarationSyntax or DelegateDeclarationSyntax => [],
        BaseFieldDeclarationSyntax field => Lambdas(field),
        PropertyDeclarationSyntax { Initializer: { } initializer } property => property.AccessorList is { } accessors ? [accessors, .. Lambdas(initializer)] : Lambdas(initializer),
        _ => [member],
    };

    private static IEnumerable<SyntaxNode> Lambdas(SyntaxNode node) => node.DescendantNodes().OfType<AnonymousFunctionExpressionSyntax>();

    private static IEnumerable<IdentifierNameSyntax> Uses(SyntaxNode body, string name)
    {
        if (Hides(body, name)) return [];
        return body.DescendantNodes().OfType<IdentifierNameSyntax>().Where(i => i.Identifier.ValueText == name && !IsMemberName(i));
    }

    private static bool Hides(SyntaxNode body, string name) => body.DescendantNodesAndSelf().Any(n => n switch
    {
        ParameterSyntax p => p.Identifier.ValueText == name,
        VariableDeclaratorSyntax v => v.Identifier.ValueText == name,
        SingleVariableDesignationSyntax d => d.Identifier.ValueText == name,
        ForEachStatementSyntax f => f.Identifier.ValueText == name,
        _ => false,
    });

    private static bool IsMemberName(IdentifierNameSyntax name) => name.Parent switch
    {
        MemberAccessExpressionSyntax access => access.Name == name,
        MemberBindingExpressionSyntax or NameColonSyntax or NameEqualsSyntax => true,
        AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax { RawKind: (int)SyntaxKind.ObjectInitializerExpression or (int)SyntaxKind.WithInitializerExpression } } assignment => assignment.Left == name,
        _ => false,
    };

    private static bool IsWrite(IdentifierNameSyntax name) => name.Parent switch
    {
        AssignmentExpressionSyntax assignment => assignment.Left == name,
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression } => true,
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostIncrementExpression or (int)SyntaxKind.PostDecrementExpression } => true,
        ArgumentSyntax { RefOrOutKeyword.RawKind: not (int)SyntaxKind.None and not (int)SyntaxKind.InKeyword } => true,
        _ => false,
    };
}
