using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Upgrading.Declaring;

/// <summary>A named actor as a version declares it.</summary>
internal sealed record NamedActorDeclaration(string Name, Type Behavior, Func<object> First)
{
    public FailureOptions Failure { get; set; } = FailureOptions.OfNamed;
}
