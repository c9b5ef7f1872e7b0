using System.Runtime.CompilerServices;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>Through <c>Upgrade</c>: by shape to what it takes, then through its steps, one a version.</summary>
internal sealed class UpgradeMapping(Pair parameter, Slot slot, Steps steps) : ObjectMapping
{
    public override Making Making => parameter.Mapping?.Making is Making.AtOnce or Making.Shared ? Making.AtOnce : Making.Late;

    public override bool RunsService => true;

    public override string NeedsItself => $"{steps.Name} would need its own result: a member leads back to the object itself; keep such references out of its parameter";

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override object Make(object old, MappingRun? run) => steps.Take(run!.Ref(old, slot)!);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(object old, object? fresh, MappingRun run) => run.Ref(old, slot);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override object? Finish(object old, object? fresh, MappingRun run)
    {
        var argument = run.Ref(old, slot);
        return argument is null || run.IsMissing || run.WaitsFor(old, slot) ? null : steps.Take(argument);
    }

    public override void Compile() => steps.Compile();
}

/// <summary>Through <c>Downgrade</c> of the version that is left, then by shape to the type of the version that takes over.</summary>
internal sealed class DowngradeMapping(Slot slot, Steps steps) : ObjectMapping
{
    public override Making Making => Making.Late;

    public override bool RunsService => true;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(object old, object? fresh, MappingRun run)
    {
        var result = steps.Take(old);
        run.Kept = result;
        run.Ref(result, slot);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override object? Finish(object old, object? fresh, MappingRun run) => run.Ref(run.Kept, slot);

    public override void Compile() => steps.Compile();
}
