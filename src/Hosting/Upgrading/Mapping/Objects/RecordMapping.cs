using System.Runtime.CompilerServices;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>Records and classes, member by member.</summary>
internal class RecordMapping(MemberMapping members) : ObjectMapping
{
    private readonly Lazy<Action<object, object, MappingRun?>> _fill = new(() => CompileFill(members));

    public override Making Making { get; } = members.IsFlat ? Making.AtOnce : Making.Shell;

    public override bool IsFlat => members.IsFlat;

    public override bool RunsService => members.RunsService;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override object Make(object old, MappingRun? run)
    {
        var fresh = RuntimeHelpers.GetUninitializedObject(members.New);
        if (members.IsFlat) _fill.Value(old, fresh, null);
        return fresh;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(object old, object? fresh, MappingRun run) => _fill.Value(old, fresh!, run);

    public override void Compile()
    {
        _ = _fill.Value;
        foreach (var member in members.Moved) member.Conversion.Compile(inline: true);
    }

    private static Action<object, object, MappingRun?> CompileFill(MemberMapping members)
    {
        var emitter = new MappingEmitter($"Map {members.Old.Name}", typeof(void));
        members.Emit(emitter, () => members.LoadOld(emitter), emitter.LoadNew, null);
        return emitter.Compile<Action<object, object, MappingRun?>>();
    }
}

/// <summary>Objects of a type that stays, copied only if they hold one of a type that does not.</summary>
internal sealed class SharedMapping(MemberMapping members) : RecordMapping(members);

/// <summary>A struct where the slot holds any object. It is made late, as a box cannot be filled in place.</summary>
internal sealed class BoxMapping(Conversion conversion, Slot slot) : ObjectMapping
{
    public override Making Making => conversion.IsFlat ? Making.AtOnce : Making.Late;

    public override bool IsFlat => conversion.IsFlat;

    public override bool RunsService => conversion.RunsService;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override object Make(object old, MappingRun? run) => conversion.Apply(old, run, slot)!;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(object old, object? fresh, MappingRun run) => conversion.Apply(old, run, slot);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override object? Finish(object old, object? fresh, MappingRun run) => conversion.Apply(old, run, slot);

    public override void Compile() => conversion.Compile(inline: false);
}
