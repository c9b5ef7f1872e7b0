using WatchReload.Actors;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Tcp;

/// <summary>A listener as a version declares it.</summary>
internal sealed record ListenerDeclaration(string Name, string Endpoint)
{
    public const int DefaultOutboundLimit = 1 << 20;

    /// <summary>Built in, or taken from the version's container.</summary>
    public Func<IServiceProvider, IFraming>? Framing { get; set; }

    public int OutboundLimit { get; set; } = DefaultOutboundLimit;

    public Type? Behavior { get; set; }

    public Func<AcceptedConnection, object>? First { get; set; }

    public FailureOptions Failure { get; set; } = FailureOptions.OfOthers;
}

/// <summary>What a connection asks of the version that it is on.</summary>
internal interface IListenerSource
{
    /// <summary>Framing and limit of a listener; null when the version does not declare it.</summary>
    (IFraming Framing, int OutboundLimit)? Listener(string name);
}
