using WatchReload.Hosting.Upgrading.Mapping;

namespace WatchReload.Hosting.Tests.Upgrading.Mapping;

/// <summary>
/// A change of code: the old <c>Test.Make()</c> makes an object, the new <c>Test.Show(x)</c> shows what became of it.
/// </summary>
internal sealed class Change
{
    public Change(CodeVersion before, CodeVersion after, MappingDirection direction, params CodeVersion[] shared)
    {
        (Old, New) = (before, after);
        Set = new MappingSet(new ByFullName(after, shared), direction);
    }

    public CodeVersion Old { get; }

    public CodeVersion New { get; }

    public MappingSet Set { get; }

    public static Change Of(string before, string after) => new(CodeVersion.Of(before), CodeVersion.Of(after), MappingDirection.Forward);

    public static Change Rollback(string before, string after) => new(CodeVersion.Of(before), CodeVersion.Of(after), MappingDirection.Rollback);

    public object Make(params object?[] arguments) => Old.Call("Make", arguments)!;

    public MappingPlan Plan(string root = "State") => Set.Plan([Old.Type(root)]);

    public object Map() => Set.Map(Make());

    /// <summary>Plans, maps, and shows.</summary>
    public object? Show()
    {
        var plan = Set.Plan([Make().GetType()]);
        Assert.True(plan.Possible, string.Join('\n', plan.Problems));
        return New.Call("Show", Map());
    }

    public string Problem(string root = "State") => Assert.Single(Plan(root).Problems);

    /// <summary>The message of the exception that mapping what <c>Make</c> gives ends with.</summary>
    public string Failure(params object?[] arguments)
    {
        var old = Make(arguments);
        return Assert.Throws<MappingException>(() => Set.Map(old)).Message;
    }

    private sealed class ByFullName(CodeVersion version, CodeVersion[] shared) : ITypePairing
    {
        public IEnumerable<Type> NewTypes => version.Assembly.GetTypes();

        public Type? Counterpart(Type oldType) => IsReloaded(oldType) ? version.Assembly.GetType(oldType.FullName!) : oldType;

        public bool IsReloaded(Type type) => type.Assembly.IsCollectible && type.Assembly != version.Assembly && !shared.Any(s => s.Assembly == type.Assembly);
    }
}
