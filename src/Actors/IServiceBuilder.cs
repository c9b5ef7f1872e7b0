using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace WatchReload.Actors;

/// <summary>Collects what a version declares.</summary>
public interface IServiceBuilder
{
    /// <summary>The version's own container; disposed of after the last turn of the version.</summary>
    IServiceCollection Services { get; }

    /// <summary>appsettings.json of the release, then the environment (<c>Chat__Endpoint</c> is <c>Chat:Endpoint</c>), then the node's arguments.</summary>
    IConfiguration Configuration { get; }

    /// <summary>
    /// Declares a named actor. It is started when it does not run yet, with the state that <paramref name="first"/> returns;
    /// one that runs keeps its state. What is no longer declared is stopped when the version's probation has ended.
    /// </summary>
    IActorOptions Actor<TBehavior, TState, TMessage>(ActorName<TMessage> name, Func<TState> first)
        where TBehavior : Behavior<TState, TMessage>
        where TState : notnull
        where TMessage : notnull;

    /// <summary>
    /// Declares a listener. <paramref name="endpoint"/> is <c>address:port</c> (<c>127.0.0.1:7000</c>, <c>[::1]:7000</c>,
    /// <c>localhost:7000</c>, <c>*:7000</c>; port 0 takes a free one) or <c>unix:/path</c>.
    /// </summary>
    IListenerBuilder Listen(string name, string endpoint);

    /// <summary>
    /// Declares resources of package or framework types that outlive the versions of one package set, such as a connection pool.
    /// </summary>
    void ConfigureShared(Action<ISharedBuilder> configure);
}

/// <summary>Collects resources that outlive versions.</summary>
public interface ISharedBuilder
{
    /// <summary>
    /// Makes the resource <paramref name="key"/> on first use and keeps it over reloads while the package set stays the same.
    /// The version's container hands it out as <typeparamref name="T"/>. <typeparamref name="T"/> must not be a type of the service.
    /// </summary>
    void Singleton<T>(string key, Func<IConfiguration, T> factory) where T : class;
}

/// <summary>Options of an actor, or of the actors of a listener.</summary>
public interface IActorOptions
{
    /// <summary>
    /// What happens when more than <paramref name="max"/> turns fail within <paramref name="within"/>. Up to that a failed turn
    /// leaves the state as it was and its message becomes a dead letter. Without this call: 5 within a minute, then
    /// <see cref="FailurePolicy.Restart"/> for named actors and <see cref="FailurePolicy.Stop"/> for all others.
    /// </summary>
    IActorOptions OnFailure(FailurePolicy policy, int max, TimeSpan within);
}

/// <summary>What happens to an actor that has failed too often. While a version is on trial every policy parks; what was parked by that alone goes on when the version has passed.</summary>
public enum FailurePolicy
{
    /// <summary>Keep state and mailbox, run no turn until the next reload.</summary>
    Park,

    /// <summary>Start again with the declared first state; the mailbox is kept. Named actors only.</summary>
    Restart,

    /// <summary>Stop the actor; a connection's socket is closed.</summary>
    Stop,

    /// <summary>End the node process in order, for the supervisor to start it again.</summary>
    ExitNode,
}
