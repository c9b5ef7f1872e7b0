using System.Reflection.Metadata;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WatchReload.Builder.Deltas;

/// <summary>
/// The names of what takes its caller's line (<c>[CallerLineNumber]</c>). A member that has moved to other lines and may call one of them would have to be compiled again; all
/// others are the same code wherever they stand.
/// </summary>
internal sealed class CallerLines
{
    private const string Attribute = "CallerLineNumberAttribute";
    private const string InSource = "CallerLineNumber";
    private static readonly HashSet<string> WithoutAName = new(StringComparer.Ordinal) { "Invoke", "get_Item", "set_Item", "Add", "Deconstruct", "GetEnumerator", "GetAwaiter" };
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly bool _isAnywhere;
    private readonly bool _hasConstructors;

    public CallerLines(CSharpCompilation compilation, CancellationToken cancellation)
    {
        // Whoever declares one in the project itself has every move compiled again.
        _isAnywhere = compilation.SyntaxTrees.Any(tree => tree.GetText(cancellation).ToString().Contains(InSource, StringComparison.Ordinal));
        foreach (var reference in compilation.References.OfType<PortableExecutableReference>())
        {
            if (!_isAnywhere && reference.GetMetadata() is AssemblyMetadata assembly)
                Read(assembly.GetModules()[0].GetMetadataReader(), ref _hasConstructors);
        }
        _isAnywhere |= _names.Overlaps(WithoutAName);
    }

    /// <summary>The first of these members that may tell somebody its line.</summary>
    public SyntaxNode? First(IEnumerable<SyntaxNode> members) => members.FirstOrDefault(member =>
        _isAnywhere
        || member.DescendantTokens().Any(token => token.IsKind(SyntaxKind.IdentifierToken) && _names.Contains(token.ValueText))
        || _hasConstructors && member.DescendantNodes().Any(node => node is ImplicitObjectCreationExpressionSyntax or ConstructorInitializerSyntax));

    private void Read(MetadataReader metadata, ref bool hasConstructors)
    {
        if (!metadata.CustomAttributes.Any(handle => IsCallerLine(metadata, metadata.GetCustomAttribute(handle))))
            return;
        foreach (var handle in metadata.MethodDefinitions)
        {
            var method = metadata.GetMethodDefinition(handle);
            if (!method.GetParameters().Any(parameter => metadata.GetParameter(parameter).GetCustomAttributes().Any(attribute => IsCallerLine(metadata, metadata.GetCustomAttribute(attribute)))))
                continue;
            var name = metadata.GetString(method.Name);
            if (name != ".ctor")
            {
                _names.Add(name);
                continue;
            }
            var type = metadata.GetString(metadata.GetTypeDefinition(method.GetDeclaringType()).Name);
            _names.Add(type);
            if (type.EndsWith("Attribute", StringComparison.Ordinal))
                _names.Add(type[..^"Attribute".Length]);
            else
                hasConstructors = true; // attributes are not created by code
        }
    }

    private static bool IsCallerLine(MetadataReader metadata, CustomAttribute attribute) => attribute.Constructor.Kind switch
    {
        HandleKind.MemberReference => metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent is { Kind: HandleKind.TypeReference } parent
            && metadata.StringComparer.Equals(metadata.GetTypeReference((TypeReferenceHandle)parent).Name, Attribute),
        HandleKind.MethodDefinition => metadata.StringComparer.Equals(metadata.GetTypeDefinition(metadata.GetMethodDefinition((MethodDefinitionHandle)attribute.Constructor).GetDeclaringType()).Name, Attribute),
        _ => false,
    };
}
