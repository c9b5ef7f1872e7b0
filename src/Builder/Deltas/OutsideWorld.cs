using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WatchReload.Builder.Deltas;

/// <summary>What answers otherwise from one time to the next: files, the environment, clocks, chance, other machines. A load asks it anew, a delta keeps the answer of before.</summary>
internal static class OutsideWorld
{
    private static readonly string[] Namespaces = ["System.IO", "System.Diagnostics", "System.Net.Http", "System.Net.Sockets", "System.Net.NetworkInformation", "Microsoft.Extensions.Configuration", "Microsoft.Extensions.FileProviders", "Microsoft.Win32"];

    private static readonly HashSet<string> Types = new(StringComparer.Ordinal)
    {
        "System.Environment", "System.AppContext", "System.Random", "System.Console", "System.GC", "System.Net.Dns", "System.Threading.Thread",
    };

    private static readonly HashSet<string> Members = new(StringComparer.Ordinal)
    {
        "System.DateTime.Now", "System.DateTime.UtcNow", "System.DateTime.Today", "System.DateTimeOffset.Now", "System.DateTimeOffset.UtcNow", "System.Guid.NewGuid", "System.Guid.CreateVersion7", "System.Linq.Enumerable.Shuffle", "System.TimeZoneInfo.Local",
        "System.TimeProvider.GetUtcNow", "System.TimeProvider.GetLocalNow", "System.TimeProvider.GetTimestamp", "System.TimeProvider.LocalTimeZone",
        "System.Globalization.CultureInfo.CurrentCulture", "System.Globalization.CultureInfo.CurrentUICulture", "System.Globalization.NumberFormatInfo.CurrentInfo",
    };

    private const string Cryptography = "System.Security.Cryptography";

    /// <summary>Of cryptography, what makes no keys, salts or vectors of its own, and reads none.</summary>
    private static readonly string[] Digests = ["SHA", "MD5", "HMAC", "HKDF", "HashAlgorithm", "IncrementalHash", "Shake", "Oid", "CryptographicOperations"];

    /// <summary>These come to the same wherever they are called.</summary>
    private static readonly HashSet<string> Within = new(StringComparer.Ordinal)
    {
        "System.Environment.NewLine", "System.IO.Path.Combine", "System.IO.Path.Join", "System.IO.Path.GetFileName", "System.IO.Path.GetFileNameWithoutExtension", "System.IO.Path.GetExtension", "System.IO.Path.GetDirectoryName",
        "System.IO.Path.ChangeExtension", "System.IO.Path.DirectorySeparatorChar", "System.IO.Path.AltDirectorySeparatorChar", "System.IO.Path.PathSeparator",
    };

    public static bool Is(ISymbol symbol)
    {
        if (symbol is INamespaceOrTypeSymbol or IFieldSymbol { IsConst: true } || symbol.ContainingType is not { } type)
            return false;
        var name = $"{type.ToDisplayString()}.{symbol.Name}";
        var (space, owner) = (type.ContainingNamespace.ToDisplayString(), type.ToDisplayString());
        if (space == Cryptography || space.StartsWith(Cryptography + ".", StringComparison.Ordinal))
            return symbol.Name != "Pbkdf2" && (!Digests.Any(digest => type.Name.StartsWith(digest, StringComparison.Ordinal)) || symbol is IMethodSymbol { MethodKind: MethodKind.Constructor, Parameters.Length: 0 });
        return !Within.Contains(name) && (Members.Contains(name) || Types.Contains(owner) || Namespaces.Any(one => space == one || space.StartsWith(one + ".", StringComparison.Ordinal)));
    }

    /// <summary>Whether the code stands in a function that the initializer only keeps: it runs later, with the answer of then.</summary>
    public static bool IsAskedLater(SyntaxNode code, SyntaxNode initializer) => code.AncestorsAndSelf().TakeWhile(outer => outer != initializer).OfType<AnonymousFunctionExpressionSyntax>().Any(function => IsKept(function, initializer));

    private static bool IsKept(SyntaxNode function, SyntaxNode initializer) => function.Ancestors().TakeWhile(outer => outer != initializer).All(outer => outer is ParenthesizedExpressionSyntax { Parent: not InvocationExpressionSyntax } or CastExpressionSyntax or CollectionExpressionSyntax
        or ExpressionElementSyntax or ArrayCreationExpressionSyntax or ImplicitArrayCreationExpressionSyntax or BaseObjectCreationExpressionSyntax or InitializerExpressionSyntax
        or AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax, RawKind: (int)SyntaxKind.SimpleAssignmentExpression });
}
