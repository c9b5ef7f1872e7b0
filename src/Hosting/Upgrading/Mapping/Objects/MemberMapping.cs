using System.Reflection;
using System.Reflection.Emit;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>An old field that goes to a new one.</summary>
internal sealed record MovedMember(FieldInfo From, FieldInfo To, Conversion Conversion, Slot Slot);

/// <summary>An added member that gets a constant: its constructor parameter's default.</summary>
internal sealed record AddedConstant(FieldInfo To, object? Value);

/// <summary>Added members that get what the constructor of the new type gives them: an initializer's value.</summary>
/// <param name="Arguments">The member that each parameter takes its value from, or a constant.</param>
internal sealed record AddedByConstructor(ConstructorInfo Constructor, IReadOnlyList<(FieldInfo? Member, object? Value)> Arguments, IReadOnlyList<FieldInfo> Added);

/// <summary>How the members of one old type become those of one new type.</summary>
internal sealed record MemberMapping(
    Type Old,
    Type New,
    IReadOnlyList<MovedMember> Moved,
    IReadOnlyList<AddedConstant> Constants,
    AddedByConstructor? ByConstructor)
{
    public bool IsFlat { get; } = Moved.All(m => m.Conversion.IsFlat);

    /// <inheritdoc cref="Conversion.RunsService"/>
    public bool RunsService { get; } = ByConstructor is not null || Moved.Any(m => m.Conversion.RunsService);

    public void LoadOld(MappingEmitter emitter)
    {
        emitter.LoadOld();
        if (Old.IsValueType) emitter.IL.Emit(OpCodes.Unbox, Old);
    }

    /// <param name="emitter">The method under way.</param>
    /// <param name="loadOld">Pushes the old object, or a struct's address.</param>
    /// <param name="loadNew">Pushes the new object, or a struct's address.</param>
    /// <param name="owner">The slot that a struct is in, for paths.</param>
    public void Emit(MappingEmitter emitter, Action loadOld, Action loadNew, Slot? owner)
    {
        var il = emitter.IL;
        foreach (var member in Moved)
        {
            var slot = owner is null ? member.Slot : member.Slot with { Label = owner.Label + member.Slot.Label };
            loadNew();
            loadOld();
            il.Emit(OpCodes.Ldfld, member.From);
            member.Conversion.Emit(emitter, slot);
            il.Emit(OpCodes.Stfld, member.To);
        }

        foreach (var (to, value) in Constants)
        {
            loadNew();
            emitter.LoadValue(value, to.FieldType);
            il.Emit(OpCodes.Stfld, to);
        }

        if (ByConstructor is not null) EmitConstructor(emitter, loadNew, ByConstructor);
    }

    // A second object is constructed from the mapped members; only what was added is taken from it.
    private void EmitConstructor(MappingEmitter emitter, Action loadNew, AddedByConstructor added)
    {
        var il = emitter.IL;
        var (donor, end) = (il.DeclareLocal(New), il.DefineLabel());
        if (!IsFlat) emitter.BranchUnlessReady(end);
        foreach (var ((member, value), parameter) in added.Arguments.Zip(added.Constructor.GetParameters()))
        {
            if (member is null)
            {
                emitter.LoadValue(value, parameter.ParameterType);
            }
            else
            {
                loadNew();
                il.Emit(OpCodes.Ldfld, member);
            }
        }

        il.Emit(OpCodes.Newobj, added.Constructor);
        il.Emit(OpCodes.Stloc, donor);
        foreach (var field in added.Added)
        {
            loadNew();
            il.Emit(New.IsValueType ? OpCodes.Ldloca : OpCodes.Ldloc, donor);
            il.Emit(OpCodes.Ldfld, field);
            il.Emit(OpCodes.Stfld, field);
        }

        il.MarkLabel(end);
    }
}
