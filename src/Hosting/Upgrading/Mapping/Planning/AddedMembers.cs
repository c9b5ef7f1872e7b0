using System.Reflection;
using System.Runtime.CompilerServices;
using WatchReload.Hosting.Loading;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>
/// What members get that the old type did not have: the default of their constructor parameter; what an initializer or the
/// constructor gives them; otherwise null or zero where that is a legal value. Where none is known the plan is refused.
/// </summary>
internal sealed class AddedMembers
{
    public const string NoValue = "is new and has no default; give it one (a parameter default or an initializer), make it nullable, or write Upgrade";

    private readonly List<AddedConstant> _constants = [];
    private readonly List<FieldInfo> _byConstructor = [];
    private readonly List<DataMember> _without = [];
    private readonly ConstructorInfo? _constructor;
    private readonly IReadOnlyList<DataMember> _members;

    public AddedMembers(Type type, IReadOnlyList<DataMember> added)
    {
        if (added.Count == 0)
        {
            _members = [];
            return;
        }

        _members = DataMember.Of(type);
        _constructor = type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(c => c.GetParameters().All(p => Member(p) is not null || ParameterDefaults.Has(p)))
            .MaxBy(c => c.GetParameters().Length);
        var assigned = new Lazy<HashSet<(Type, string)>>(() => _constructor is null ? [] : AssignedFields.In(_constructor));
        foreach (var member in added) Decide(member, assigned);
    }

    public IReadOnlyList<AddedConstant> Constants => _constants;

    /// <summary>Members that no value is known for.</summary>
    public IReadOnlyList<DataMember> Without => _without;

    public AddedByConstructor? ByConstructor => _byConstructor.Count == 0
        ? null
        : new AddedByConstructor(_constructor!, [.. _constructor!.GetParameters().Select(p => ((FieldInfo?, object?))(Member(p)?.Field, Member(p) is null ? ParameterDefaults.Of(p) : null))], _byConstructor);

    private void Decide(DataMember member, Lazy<HashSet<(Type, string)>> assigned)
    {
        var parameter = _constructor?.GetParameters().FirstOrDefault(p => Member(p) == member);
        if (parameter is not null && ParameterDefaults.Has(parameter) && parameter.ParameterType == member.Type) _constants.Add(new(member.Field, ParameterDefaults.Of(parameter)));
        else if (parameter is null && assigned.Value.Contains((member.Declaring, member.Field.Name))) _byConstructor.Add(member.Field);
        else if (!IsRequired(member) && (member.Type.IsValueType || !member.IsNonNullable())) _constants.Add(new(member.Field, null));
        else _without.Add(member);
    }

    private DataMember? Member(ParameterInfo parameter)
    {
        var fitting = _members.Where(m => parameter.ParameterType.IsAssignableFrom(m.Type) && (m.Type == parameter.ParameterType || !m.Type.IsValueType));
        return fitting.FirstOrDefault(m => m.Name == parameter.Name)
            ?? fitting.FirstOrDefault(m => string.Equals(m.Name, parameter.Name, StringComparison.OrdinalIgnoreCase));
    }

    // "required" says that there is no default.
    private static bool IsRequired(DataMember member) => (member.Property as MemberInfo ?? member.Field).IsDefined(typeof(RequiredMemberAttribute), false);
}
