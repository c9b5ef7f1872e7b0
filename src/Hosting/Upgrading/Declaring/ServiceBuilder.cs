using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using WatchReload.Actors;
using WatchReload.Hosting.Kernel;
using WatchReload.Hosting.Tcp;

namespace WatchReload.Hosting.Upgrading.Declaring;

/// <summary>Collects what <see cref="IService.Configure"/> declares.</summary>
internal sealed class ServiceBuilder(IServiceCollection services, IConfiguration configuration) : IServiceBuilder, ISharedBuilder
{
    public Declaration Declaration { get; } = new();

    public IServiceCollection Services => services;

    public IConfiguration Configuration => configuration;

    public IActorOptions Actor<TBehavior, TState, TMessage>(ActorName<TMessage> name, Func<TState> first)
        where TBehavior : Behavior<TState, TMessage>
        where TState : notnull
        where TMessage : notnull
    {
        ArgumentException.ThrowIfNullOrEmpty(name.Value, nameof(name));
        ArgumentNullException.ThrowIfNull(first);
        var declared = new NamedActorDeclaration(name.Value, typeof(TBehavior), () => first());
        if (!Declaration.Actors.TryAdd(name.Value, declared)) throw new InvalidOperationException($"The actor '{name.Value}' is declared twice.");
        return new ActorOptions(options => declared.Failure = options);
    }

    public IListenerBuilder Listen(string name, string endpoint)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(endpoint);
        var declared = new ListenerDeclaration(name, endpoint);
        if (!Declaration.Listeners.TryAdd(name, declared)) throw new InvalidOperationException($"The listener '{name}' is declared twice.");
        return new ListenerBuilder(declared, services);
    }

    public void ConfigureShared(Action<ISharedBuilder> configure) => configure(this);

    public void Singleton<T>(string key, Func<IConfiguration, T> factory) where T : class =>
        Declaration.Shared.Add(new SharedDeclaration(key, typeof(T), factory));

    private sealed class ActorOptions(Action<FailureOptions> set) : IActorOptions
    {
        public IActorOptions OnFailure(FailurePolicy policy, int max, TimeSpan within)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(max);
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(within, TimeSpan.Zero);
            set(new FailureOptions(policy, max, within));
            return this;
        }
    }

    private sealed class ListenerBuilder(ListenerDeclaration declared, IServiceCollection services) : IListenerBuilder, IFramedListener
    {
        public IFramedListener Lines(int maxLength) => With(new LineFraming(Positive(maxLength)));

        public IFramedListener LengthPrefixed(LengthPrefix prefix, int maxLength) => With(new LengthPrefixedFraming(prefix, Positive(maxLength)));

        public IFramedListener Raw(int maxLength) => With(new RawFraming(Positive(maxLength)));

        public IFramedListener Framing<TFraming>() where TFraming : class, IFraming
        {
            Microsoft.Extensions.DependencyInjection.Extensions.ServiceCollectionDescriptorExtensions.TryAddSingleton<TFraming>(services);
            declared.Framing = provider => provider.GetRequiredService<TFraming>();
            return this;
        }

        public IFramedListener OutboundLimit(int bytes)
        {
            declared.OutboundLimit = Positive(bytes);
            return this;
        }

        public IActorOptions Accept<TBehavior, TState, TMessage>(Func<AcceptedConnection, TState> first)
            where TBehavior : ConnectionBehavior<TState, TMessage>
            where TState : notnull
            where TMessage : notnull
        {
            ArgumentNullException.ThrowIfNull(first);
            declared.Behavior = typeof(TBehavior);
            declared.First = accepted => first(accepted);
            return new ActorOptions(options => declared.Failure = options);
        }

        private ListenerBuilder With(IFraming framing)
        {
            declared.Framing = _ => framing;
            return this;
        }

        private static int Positive(int value)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            return value;
        }
    }
}
