using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WatchReload.Builder.Deltas;

/// <summary>Why a body cannot be replaced in a loaded assembly with the same effect as loading it anew.</summary>
internal static class BodyDoubt
{
    private const string Service = "WatchReload.Actors.IService";
    private const string CodeChange = "CodeChange";

    public static string? Of(BodyEdit edit, IMethodSymbol method)
    {
        var name = method.Name;
        var (old, now) = (BodyEdit.BodyOf(edit.Old)!, BodyEdit.BodyOf(edit.New)!);
        if (OfPlace(method, now) is { } doubt)
            return doubt;
        if (HasYield(old) != HasYield(now))
            return $"{name} became an iterator, or ceased to be one";
        return edit.New is AccessorDeclarationSyntax or PropertyDeclarationSyntax && Mentions(old, "field") != Mentions(now, "field")
            ? $"{name} may have a field now, or none"
            : null;
    }

    public static bool RunsAtLoad(IMethodSymbol method) => method.Name == "Main" || method.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "ModuleInitializerAttribute");

    /// <summary>By what the method is, and where: of a body that is replaced as of one that is added.</summary>
    public static string? OfPlace(IMethodSymbol method, SyntaxNode body)
    {
        var (type, name) = (method.ContainingType, method.Name);
        if (method.IsGenericMethod)
            return $"{name} is generic";
        for (var outer = type; outer is not null; outer = outer.ContainingType)
        {
            if (outer.IsGenericType)
                return $"{outer.Name} is generic";
        }
        if (type.TypeKind == TypeKind.Interface)
            return $"{type.Name} is an interface";
        if (method.MethodKind is not (MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation or MethodKind.PropertyGet or MethodKind.PropertySet or MethodKind.EventAdd or MethodKind.EventRemove or MethodKind.UserDefinedOperator or MethodKind.Conversion))
            return $"{name} is none of the members whose bodies can be replaced";
        if (RunsAtLoad(method))
            return $"{name} runs when the assembly is loaded";
        if (name != CodeChange && type.AllInterfaces.Any(implemented => implemented.ToDisplayString() == Service))
            return $"{type.Name} configures the service"; // it may fail, and then the code must not have been touched
        return body.DescendantNodes().Any(node => node is LocalFunctionStatementSyntax { TypeParameterList: not null })
            ? $"{name} has a generic local function"
            : null;
    }

    /// <summary>Functions within the body, that somebody may hold or be in the middle of.</summary>
    public static bool HasInnerFunctions(SyntaxNode body) => body.DescendantNodes().Any(node => node is LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax or QueryExpressionSyntax);

    private static bool HasYield(SyntaxNode body) => body.DescendantNodes(node => node is not (LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax)).Any(node => node is YieldStatementSyntax);

    private static bool Mentions(SyntaxNode body, string name) => body.DescendantTokens().Any(token => token.ValueText == name);
}
