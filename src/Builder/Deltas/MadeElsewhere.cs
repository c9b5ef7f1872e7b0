using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace WatchReload.Builder.Deltas;

/// <summary>
/// Whether a static's initializer runs frameworks and packages alone, and of the service nothing but constructors that only take what they are given: then it comes to the same whatever bodies say. Frameworks come back to the service
/// through the objects that they are given, which they may ask for their text, their hash or their order.
/// </summary>
internal sealed class MadeElsewhere(CSharpCompilation compilation, StaticValues values, CancellationToken cancellation)
{
    private const int Deepest = 8;
    private const string ImmutableArray = "ImmutableArray";

    /// <summary>What these find out by the service's types is told apart (<see cref="EarlierObjects"/>), and their constructors run nothing of those that derive but <c>HandleNull</c>, which is too.</summary>
    private static readonly HashSet<string> Serializing = new(StringComparer.Ordinal) { "JsonConverter", "JsonConverterFactory", "JsonNamingPolicy", "IJsonTypeInfoResolver" };

    private readonly Dictionary<ITypeSymbol, bool> _mute = new(SymbolEqualityComparer.Default);
    private ISymbol? _outside;

    /// <summary>Why it may come to something else in a load; null when it comes to the same.</summary>
    /// <param name="initializer">Of a static.</param>
    /// <param name="name">The static's.</param>
    public string? Doubt(SyntaxNode initializer, string name)
    {
        _outside = null;
        return Is(initializer, 0) ? null
            : _outside is { } asked ? $"the static {name} is what {asked.ContainingType.Name}{(asked is IMethodSymbol { MethodKind: MethodKind.Constructor } ? "" : "." + asked.Name)} has answered, which a load asks again"
            : $"the static {name} is computed by code of the service";
    }

    private bool Is(SyntaxNode initializer, int depth)
    {
        if (depth > Deepest)
            return false;
        cancellation.ThrowIfCancellationRequested();
        var model = compilation.GetSemanticModel(initializer.SyntaxTree);
        var roots = initializer is PrimaryConstructorBaseTypeSyntax taken ? taken.ArgumentList.Arguments.Select(argument => (SyntaxNode)argument.Expression) : [initializer];
        return initializer.DescendantNodes().OfType<ExpressionSyntax>().All(expression => IsOfOthers(expression, model, depth) && !IsAsked(expression, initializer, model))
            && roots.All(root => model.GetOperation(root, cancellation) is { } operation && operation.DescendantsAndSelf().All(IsKeptToItself));
    }

    private bool IsAsked(ExpressionSyntax expression, SyntaxNode initializer, SemanticModel model)
    {
        if (model.GetSymbolInfo(expression, cancellation).Symbol is not { } symbol || !OutsideWorld.Is(symbol) || OutsideWorld.IsAskedLater(expression, initializer))
            return false;
        _outside = symbol;
        return true;
    }

    /// <summary>What it names is not of the service, or nothing that runs.</summary>
    private bool IsOfOthers(ExpressionSyntax expression, SemanticModel model, int depth)
    {
        var found = model.GetSymbolInfo(expression, cancellation);
        if (expression is TypeOfExpressionSyntax taken && CodeInspection.MayFollow(taken))
            return false;
        return found.CandidateSymbols.IsEmpty && found.Symbol switch
        {
            ISymbol symbol when CodeInspection.Is(symbol) => false,
            null or INamespaceOrTypeSymbol or ILocalSymbol or IParameterSymbol or IRangeVariableSymbol or IDiscardSymbol or ILabelSymbol => true,
            ISymbol symbol when !values.IsHot(symbol) => true,
            IFieldSymbol field => field.IsConst || field is { IsStatic: true, IsReadOnly: true },
            IPropertySymbol { IsStatic: true, SetMethod: null } property => property.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax(cancellation) is PropertyDeclarationSyntax declared && StaticState.IsAuto(declared)),
            IMethodSymbol { MethodKind: MethodKind.Constructor } constructor => IsPlain(constructor, depth),
            IMethodSymbol { MethodKind: MethodKind.AnonymousFunction } => true,
            _ => false,
        };
    }

    /// <summary>A constructor without a body, of a type whose initializers, and those of its bases, are made elsewhere too.</summary>
    private bool IsPlain(IMethodSymbol constructor, int depth)
    {
        var type = constructor.ContainingType;
        if (type.Locations.All(location => !location.IsInSource) || constructor.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax(cancellation) is ConstructorDeclarationSyntax))
            return false;
        return type.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellation)).OfType<TypeDeclarationSyntax>().All(declared =>
            declared.Members.Where(member => !member.Modifiers.Any(SyntaxKind.StaticKeyword)).SelectMany(Initializers).All(initializer => Is(initializer, depth + 1))
            && (declared.BaseList is null || declared.BaseList.Types.OfType<PrimaryConstructorBaseTypeSyntax>().All(taken => Is(taken, depth + 1))))
            && IsBasePlain(type, depth);
    }

    private bool IsBasePlain(INamedTypeSymbol type, int depth)
    {
        if (type.BaseType is not { SpecialType: not (SpecialType.System_Object or SpecialType.System_ValueType) } derived)
            return true;
        if (!values.IsHot(derived))
            return IsSerializing(derived); // others may call what is overridden
        var taken = type.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellation)).OfType<TypeDeclarationSyntax>()
            .SelectMany(declared => declared.BaseList?.Types.OfType<PrimaryConstructorBaseTypeSyntax>() ?? []).FirstOrDefault();
        var constructor = taken is not null
            ? compilation.GetSemanticModel(taken.SyntaxTree).GetSymbolInfo(taken, cancellation).Symbol as IMethodSymbol
            : derived.InstanceConstructors.FirstOrDefault(one => one.Parameters.All(parameter => parameter.IsOptional || parameter.IsParams));
        return constructor is not null && depth < Deepest && IsPlain(constructor.OriginalDefinition, depth + 1);
    }

    private static IEnumerable<SyntaxNode> Initializers(MemberDeclarationSyntax member) => member switch
    {
        FieldDeclarationSyntax field => field.Declaration.Variables.Select(variable => variable.Initializer).OfType<SyntaxNode>(),
        PropertyDeclarationSyntax { Initializer: { } initializer } => [initializer],
        _ => [],
    };

    /// <summary>Whether it gives no object of the service to anybody who may call it.</summary>
    private bool IsKeptToItself(IOperation operation) => operation switch
    {
        IConversionOperation { OperatorMethod: { } method } conversion => !values.IsHot(method) && IsMute(conversion.Operand),
        IInvocationOperation { TargetMethod: { } method } call => values.IsHot(method) ? !call.IsImplicit
            : IsArray(method) ? call.Arguments.All(argument => !IsOwnCollection(argument.Value))
            : Asked(method.ContainingType, method.TypeArguments).All(IsMute) && IsMute(call.Instance) && (method.IsStatic ? call.Arguments : Asked(method.ContainingType, call.Arguments)).All(argument => IsMute(argument.Value)),
        IObjectCreationOperation { Constructor: { } made } creation => values.IsHot(made) || creation.Arguments.All(argument => IsMute(argument.Value)),
        IPropertyReferenceOperation property => values.IsHot(property.Property) || IsMute(property.Instance) && property.Arguments.All(argument => IsMute(argument.Value)),
        IInterpolationOperation interpolation => IsMute(interpolation.Expression),
        IBinaryOperation binary => binary.OperatorMethod is { } method && values.IsHot(method) || IsMute(binary.LeftOperand) && IsMute(binary.RightOperand),
        ITupleBinaryOperation tuples => IsMute(tuples.LeftOperand) && IsMute(tuples.RightOperand),
        ICollectionExpressionOperation collection => collection.Type is IArrayTypeSymbol or { Name: ImmutableArray } || (collection.ConstructMethod is not { } method || !values.IsHot(method)) && collection.Elements.All(IsMute),
        ISpreadOperation spread => IsMute(spread.Operand),
        IForEachLoopOperation loop => IsMute(loop.Collection),
        IIsPatternOperation pattern => IsMute(pattern.Value),
        ISwitchExpressionOperation choice => IsMute(choice.Value),
        IWithOperation or IAwaitOperation or IUsingOperation or IUsingDeclarationOperation or IDynamicInvocationOperation or IDynamicMemberReferenceOperation or IDynamicObjectCreationOperation or IDynamicIndexerAccessOperation => false,
        _ => true,
    };

    /// <summary>Dictionaries ask their keys, and no values.</summary>
    private static IEnumerable<T> Asked<T>(INamedTypeSymbol type, ImmutableArray<T> given) => given.Length == 2 && type.Name.Contains("Dictionary", StringComparison.Ordinal) ? given.Take(1) : given;

    /// <summary>To go through it runs code of the service.</summary>
    private bool IsOwnCollection(IOperation given)
    {
        while (given is IConversionOperation conversion)
            given = conversion.Operand;
        return given.Type is INamedTypeSymbol type && values.IsHot(type) && type.AllInterfaces.Any(one => one.SpecialType == SpecialType.System_Collections_IEnumerable);
    }

    private static bool IsSerializing(INamedTypeSymbol type) => Serializing.Contains(type.Name) && type.ContainingNamespace.ToDisplayString().StartsWith("System.Text.Json", StringComparison.Ordinal);

    /// <summary>Makes arrays of what it is given, and asks it for nothing.</summary>
    private static bool IsArray(IMethodSymbol method) => method.ContainingType.Name == ImmutableArray && method.Name is "Create" or "CreateRange" or "ToImmutableArray";

    private bool IsMute(IOperation? given)
    {
        while (given is IConversionOperation { OperatorMethod: null } conversion)
            given = conversion.Operand;
        return given switch
        {
            null => true,
            // What it holds may be anything.
            IFieldReferenceOperation { Field: var field } when values.IsHot(field) && IsOpen(field.Type) => false,
            IPropertyReferenceOperation { Property: var property } when values.IsHot(property) && IsOpen(property.Type) => false,
            IObjectCreationOperation { Type: INamedTypeSymbol type } when values.IsHot(type) => IsMuteItself(type),
            IArrayCreationOperation array => array.Initializer is null || array.Initializer.ElementValues.All(IsMute),
            _ => IsMute(given.Type),
        };
    }

    private static bool IsOpen(ITypeSymbol type) => type is IArrayTypeSymbol array ? IsOpen(array.ElementType) : type.SpecialType is SpecialType.System_Object || type.TypeKind is TypeKind.Interface or TypeKind.Dynamic;

    /// <summary>Whether nothing that holds a value of the type can come to code of the service by it.</summary>
    private bool IsMute(ITypeSymbol? type)
    {
        switch (type)
        {
            case null or { TypeKind: TypeKind.Enum or TypeKind.Delegate or TypeKind.Error }:
                return true; // what a delegate runs stands in the initializer itself
            case ITypeParameterSymbol or IDynamicTypeSymbol:
                return false;
            case IArrayTypeSymbol array:
                return IsMute(array.ElementType);
            case INamedTypeSymbol named when values.IsHot(named):
                return (named.IsSealed || named.IsValueType) && IsMuteItself(named);
            case INamedTypeSymbol named:
                return Asked(named, named.TypeArguments).All(IsMute);
            default:
                return true;
        }
    }

    private bool IsMuteItself(INamedTypeSymbol type)
    {
        if (_mute.TryGetValue(type, out var known))
            return known;
        _mute[type] = true; // within itself it is as its other members
        if (type.AllInterfaces.Concat(FrameworkBases(type)).Any(IsSerializing))
            return true;
        return _mute[type] = type.AllInterfaces.All(one => values.IsHot(one) || type.IsRecord && one.Name == "IEquatable")
            && Bases(type).All(one => values.IsHot(one) && one.GetMembers().All(IsMute));
    }

    private IEnumerable<INamedTypeSymbol> FrameworkBases(INamedTypeSymbol type) => Bases(type).Where(one => !values.IsHot(one));

    private static IEnumerable<INamedTypeSymbol> Bases(INamedTypeSymbol type)
    {
        for (var one = type; one is { SpecialType: not (SpecialType.System_Object or SpecialType.System_ValueType) }; one = one.BaseType)
            yield return one;
    }

    /// <summary>A member that frameworks come to by overrides, interfaces or reflection runs code of the service.</summary>
    private bool IsMute(ISymbol member) => member switch
    {
        { IsStatic: true } => true,
        IFieldSymbol field => IsMute(field.Type),
        IMethodSymbol { IsImplicitlyDeclared: true } or IMethodSymbol { MethodKind: MethodKind.Constructor } => true,
        IMethodSymbol { MethodKind: MethodKind.PropertyGet or MethodKind.PropertySet or MethodKind.EventAdd or MethodKind.EventRemove } => true, // as the property
        IMethodSymbol { MethodKind: MethodKind.Ordinary, IsOverride: false } => true,
        IMethodSymbol => false,
        IPropertySymbol { IsImplicitlyDeclared: true } => true,
        IPropertySymbol property => !property.IsOverride && property.DeclaringSyntaxReferences.All(reference => reference.GetSyntax(cancellation) is ParameterSyntax or PropertyDeclarationSyntax && (reference.GetSyntax(cancellation) is not PropertyDeclarationSyntax declared || StaticState.IsAuto(declared))),
        _ => true,
    };
}
