using System.Reflection;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>
/// Whether a type of state or messages is plain data. It goes by declared types; where a base type or interface of the service is declared, by
/// all of its assembly's types that can stand there.
/// </summary>
internal sealed class StatePlainDataCheck
{
    private readonly List<string> _problems = [];
    private readonly HashSet<Type> _met = [];
    private readonly Queue<(Type Type, string Path)> _work = new();
    private readonly Dictionary<Assembly, IReadOnlyList<Type>> _concrete = [];

    private readonly Func<Type, bool> _isMeant;

    private StatePlainDataCheck(Func<Type, bool> isMeant) => _isMeant = isMeant;

    /// <summary>What an object of <paramref name="type"/> can hold that is not data: <c>ConnectionState.Log.Writer: System.IO.StreamWriter is not state</c>.</summary>
    /// <param name="type">Of a state or a message.</param>
    /// <param name="isMeant">Whether the version means a type, and not another that is called the same; null: all.</param>
    public static IReadOnlyList<string> Problems(Type type, Func<Type, bool>? isMeant = null)
    {
        var check = new StatePlainDataCheck(isMeant ?? (_ => true));
        check._work.Enqueue((type, TypeNames.Short(type)));
        while (check._work.TryDequeue(out var next)) check.Check(next.Type, next.Path);
        return check._problems;
    }

    private void Check(Type type, string path)
    {
        var kind = DataKinds.Of(type);
        if (kind == DataKind.None)
        {
            _problems.Add($"{path}: {TypeNames.Full(type)} is not state{Remedy(type)}");
            return;
        }

        if (TypeNesting.IsEndless(type))
        {
            _problems.Add($"{path}: {TypeNesting.Problem}");
            return;
        }

        if (kind is DataKind.Value or DataKind.Clone || !_met.Add(type)) return;
        if (type.IsArray)
        {
            _work.Enqueue((type.GetElementType()!, path + "[]"));
        }
        else if (kind == DataKind.Container)
        {
            foreach (var element in (ContainerTypes.Named(type) ?? type).GetGenericArguments()) _work.Enqueue((element, path + "[]"));
        }
        else if (Nullable.GetUnderlyingType(type) is { } value)
        {
            _work.Enqueue((value, path));
        }
        else
        {
            if (kind == DataKind.Members) foreach (var member in DataMember.Of(type)) _work.Enqueue((member.Type, $"{path}.{member.Name}"));
            if (!type.IsSealed) foreach (var derived in Derived(type)) _work.Enqueue((derived, $"{path}({TypeNames.Short(derived)})"));
        }
    }

    private IEnumerable<Type> Derived(Type type)
    {
        if (Frameworks.Has(type)) return [];
        if (!_concrete.TryGetValue(type.Assembly, out var concrete)) _concrete[type.Assembly] = concrete = OldTypes.Concrete(OldTypes.All(type.Assembly).Where(_isMeant));
        return OldTypes.Under(type, concrete);
    }

    private static string Remedy(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type)) return ": it holds code; keep what it should do as data, and do it in the behavior";
        if (typeof(Exception).IsAssignableFrom(type)) return ": it holds code; keep its message, or a Failure";
        if (typeof(Task).IsAssignableFrom(type)) return ": it holds running code; use Pipe, and keep what comes of it";
        if (type.IsPointer || type == typeof(nint) || type == typeof(nuint)) return ": what it points to belongs to somebody else; share the owner by ConfigureShared";
        if (typeof(Type).IsAssignableFrom(type) || typeof(MemberInfo).IsAssignableFrom(type) || typeof(Assembly).IsAssignableFrom(type)) return ": it holds the version that it is of; keep its name";
        return ": state is records, collections and values; take what does work from the container, or share it by ConfigureShared";
    }
}
