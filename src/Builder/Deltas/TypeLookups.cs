using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WatchReload.Builder.Deltas;

/// <summary>
/// Code that comes to types otherwise than by naming them, and code that asks a type for its name. A type that is made anew stands beside the one before, under another name in metadata: a load has
/// neither. What is not known here is taken for such code.
/// </summary>
internal static class TypeLookups
{
    private static readonly HashSet<string> Lookups = new(StringComparer.Ordinal)
    {
        "GetTypes", "FindTypes", "ResolveType", "ResolveMember", "GetExportedTypes", "ExportedTypes", "DefinedTypes", "GetForwardedTypes", "GetNestedType", "GetNestedTypes", "CreateInstanceFrom",
        "AddControllers", "AddControllersWithViews", "AddMvc", "AddMvcCore", "AddRazorPages", "AddRazorComponents", "AddServerSideBlazor", "AddHttpClient", "AddTypedClient", "IStringLocalizer", "IHtmlLocalizer", "IStringLocalizerFactory", "AddLocalization", "DeclaringType", "ReflectedType", "ImplementationType", "ServiceType", "EqualityContract", "PropertyType", "FieldType", "ReturnType", "ParameterType", "GetCurrentMethod", "StackFrame", "ThrowIf",
        "EventSource", "XmlSerializer", "DataContractSerializer", "DataContractJsonSerializer",
    };

    /// <summary>What makes objects, or calls methods, that it knows by reflection.</summary>
    private static readonly HashSet<string> Readers = new(StringComparer.Ordinal)
    {
        "Deserialize", "DeserializeAsync", "DeserializeAsyncEnumerable", "ReadFromJsonAsync", "GetFromJsonAsync", "GetFromJsonAsAsyncEnumerable", "DefaultValue", "HasDefaultValue", "GetParameters", "GetConstructors", "GetConstructor",
        "ActivatorUtilities", "Bind", "BindConfiguration", "Get", "GetRequiredSection", "dynamic", "CreateInstance", "MapGet", "MapPost", "MapPut", "MapDelete", "MapPatch", "MapMethods", "MapFallback", "MapHub",
    };

    /// <summary>What an assembly may be asked without a look at its types.</summary>
    private static readonly string[] OfAssembly = ["GetName", "GetCustomAttribute", "GetCustomAttributes", "IsDefined", "Location", "FullName", "GetManifestResourceStream", "GetManifestResourceNames", "GetManifestResourceInfo"];

    /// <summary>Looks types' members up by their names, in types that are named in its code; what it says of them is made anew with them, or it says another thing then, and that is a doubt.</summary>
    private const string OfSerializers = "System.Text.Json.SourceGeneration";

    // By tree: an edit makes one tree another, and the others stay the same objects.
    private static readonly ConditionalWeakTable<SyntaxTree, Found> _known = [];

    /// <summary>What there is in the code of the service, or was in what may still run, that may come upon one of these types; null when there is nothing.</summary>
    /// <param name="from">What the delta is made against.</param>
    /// <param name="now">What it leads to.</param>
    /// <param name="around">Of the project.</param>
    /// <param name="names">Simple names of the types.</param>
    /// <param name="cancellation">Breaks it off.</param>
    public static string? First(DeltaPoint from, CSharpCompilation now, DeltaSurroundings around, IReadOnlySet<string> names, CancellationToken cancellation)
    {
        if (from.Replaced.FirstOrDefault(Lookups.Contains) is { } replaced)
            return $"{replaced}, in code that deltas have replaced, may come upon types otherwise than by their names in code";
        foreach (var tree in from.Compilation.SyntaxTrees.Concat(now.SyntaxTrees).Concat(around.Others()))
        {
            if (tree.FilePath.Contains(OfSerializers, StringComparison.Ordinal))
                continue;
            var found = _known.GetValue(tree, _ => Read(tree.GetRoot(cancellation)));
            if (found.Lookup is not null)
                return found.Lookup;
            if (found.Taken.FirstOrDefault(names.Contains) is { } taken)
                return $"typeof({taken}) may be asked for its name";
        }
        return null;
    }

    /// <summary>Who looks for the defaults of parameters; null when nobody does.</summary>
    public static string? OfDefaults(IEnumerable<SyntaxTree> trees, CancellationToken cancellation) => trees.SelectMany(tree => KnownNames.Of(tree, cancellation)).FirstOrDefault(Readers.Contains);

    private static Found Read(SyntaxNode root)
    {
        string? lookup = null;
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in root.DescendantNodes().OfType<SimpleNameSyntax>())
        {
            var text = name.Identifier.ValueText;
            if (Lookups.Contains(text) || text is "GetType" && !IsCompared(name) || IsOfAssembly(text) && !IsHarmless(name))
                lookup ??= $"{text} may come upon types otherwise than by their names in code";
        }
        foreach (var one in root.DescendantNodes().OfType<TypeOfExpressionSyntax>())
        {
            if (one.Parent is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression } || one.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Assembly" } || one.FirstAncestorOrSelf<AttributeSyntax>() is not null)
                continue;
            var names = one.Type.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Select(name => name.Identifier.ValueText).ToList();
            if (names.Exists(name => IsParameter(one, name)))
                lookup ??= $"{one} may be asked for its name";
            taken.UnionWith(names);
        }
        return new Found(lookup, taken);
    }

    private static bool IsParameter(SyntaxNode node, string name) => node.Ancestors().Any(outer => outer switch
    {
        MethodDeclarationSyntax method => method.TypeParameterList,
        LocalFunctionStatementSyntax local => local.TypeParameterList,
        TypeDeclarationSyntax type => type.TypeParameterList,
        _ => null,
    } is { } parameters && parameters.Parameters.Any(parameter => parameter.Identifier.ValueText == name));

    /// <summary>An object's own type, held against another.</summary>
    private static bool IsCompared(SimpleNameSyntax name) => Call(name) is { ArgumentList.Arguments.Count: 0 } call
        && (call.Parent is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression }
            || call.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Assembly" });

    private static bool IsOfAssembly(string name) => (name.Contains("Assembly", StringComparison.Ordinal) || name.Contains("Assemblies", StringComparison.Ordinal) || name == "AppDomain") && !name.EndsWith("Attribute", StringComparison.Ordinal);

    private static bool IsHarmless(SimpleNameSyntax name)
    {
        if (name.FirstAncestorOrSelf<AttributeListSyntax>() is not null || name.FirstAncestorOrSelf<UsingDirectiveSyntax>() is not null)
            return true;
        SyntaxNode one = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;
        // Assembly.GetExecutingAssembly() is the one for the other.
        if (one == name && name.Parent is MemberAccessExpressionSyntax { Name: { } method } && method.Identifier.ValueText is "GetExecutingAssembly" or "GetEntryAssembly" or "GetCallingAssembly")
            return true;
        if (one.Parent is InvocationExpressionSyntax call && call.Expression == one)
            one = call;
        return one.Parent switch
        {
            MemberAccessExpressionSyntax asked => asked.Expression == one && OfAssembly.Contains(asked.Name.Identifier.ValueText),
            ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax given } => given.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "GetCustomAttribute" or "GetCustomAttributes" or "IsDefined" },
            _ => false,
        };
    }

    private static InvocationExpressionSyntax? Call(SimpleNameSyntax name) => name.Parent switch
    {
        MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax call } access when access.Name == name => call,
        MemberBindingExpressionSyntax { Parent: InvocationExpressionSyntax call } => call,
        InvocationExpressionSyntax call => call,
        _ => null,
    };

    private sealed record Found(string? Lookup, IReadOnlySet<string> Taken);
}
