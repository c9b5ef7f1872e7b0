using Microsoft.CodeAnalysis;

namespace WatchReload.Analyzers;

/// <summary>Something in a state or message that is not data.</summary>
internal sealed class StateProblem(ITypeSymbol type, string text, ISymbol? written)
{
    public ITypeSymbol Type { get; } = type;

    /// <summary>Path, cause and remedy, in the node's words.</summary>
    public string Text { get; } = text;

    /// <summary>The last member on the path that the compilation has the source of.</summary>
    public ISymbol? Written { get; } = written;
}

/// <summary>
/// Whether a type of state or messages is plain data, as the node decides it when it loads a version (Hosting, Upgrading/Mapping/StatePlainDataCheck.cs). Of
/// types from packages only what their metadata shows is looked at: what is missing here the node finds.
/// </summary>
internal sealed class StatePlainDataCheck
{
    private readonly AssemblyTypes _types;
    private readonly List<StateProblem> _problems = [];
    private readonly HashSet<ITypeSymbol> _met = new(SymbolEqualityComparer.Default);
    private readonly Queue<(ITypeSymbol Type, string Path, ISymbol? Written)> _work = new();

    private StatePlainDataCheck(AssemblyTypes types) => _types = types;

    /// <summary>What an object of <paramref name="type"/> can hold that is not data: <c>ConnectionState.Log.Writer: System.IO.StreamWriter is not state</c>.</summary>
    public static IReadOnlyList<StateProblem> Problems(ITypeSymbol type, AssemblyTypes types)
    {
        var check = new StatePlainDataCheck(types);
        check._work.Enqueue((type, TypeNames.Short(type), null));
        while (check._work.Count > 0)
        {
            var (next, path, written) = check._work.Dequeue();
            check.Check(next, path, written);
        }

        return check._problems;
    }

    private void Check(ITypeSymbol type, string path, ISymbol? written)
    {
        var kind = DataKinds.Of(type);
        if (kind == DataKind.None)
        {
            _problems.Add(new(type, $"{path}: {TypeNames.Full(type)} is not state{Remedy(type)}", written));
            return;
        }

        if (TypeNesting.IsEndless(type))
        {
            _problems.Add(new(type, $"{path}: {TypeNesting.Problem}", written));
            return;
        }

        if (kind is DataKind.Value or DataKind.Clone || !_met.Add(type)) return;
        foreach (var part in DataParts.Of(type, kind, _types)) _work.Enqueue((part.Type, path + part.Step, part.Written ?? written));
    }

    private static string Remedy(ITypeSymbol type)
    {
        if (type.TypeKind == TypeKind.Delegate || Is(type, "System.Delegate")) return ": it holds code; keep what it should do as data, and do it in the behavior";
        if (Is(type, "System.Exception")) return ": it holds code; keep its message, or a Failure";
        if (Is(type, "System.Threading.Tasks.Task")) return ": it holds running code; use Pipe, and keep what comes of it";
        if (type.TypeKind is TypeKind.Pointer or TypeKind.FunctionPointer || type.SpecialType is SpecialType.System_IntPtr or SpecialType.System_UIntPtr) return ": what it points to belongs to somebody else; share the owner by ConfigureShared";
        if (Is(type, "System.Reflection.MemberInfo") || Is(type, "System.Reflection.Assembly")) return ": it holds the version that it is of; keep its name";
        return ": state is records, collections and values; take what does work from the container, or share it by ConfigureShared";
    }

    private static bool Is(ITypeSymbol type, string name) => Frameworks.IsCalled(type, name) || type.DerivesFrom(b => Frameworks.IsCalled(b, name));
}
