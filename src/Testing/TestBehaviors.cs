using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using WatchReload.Hosting.Kernel;
using WatchReload.Hosting.Loading;

namespace WatchReload.Testing;

/// <summary>Makes behaviors by name, for every version of a test node. A behavior may spawn others that the test has never named.</summary>
internal sealed class TestBehaviors
{
    private readonly ConcurrentDictionary<string, Func<IServiceProvider, object>> _known = new();

    /// <summary>Of named actors, for <see cref="Actors.FailurePolicy.Restart"/>.</summary>
    public ConcurrentDictionary<string, object> FirstStates { get; } = new(StringComparer.Ordinal);

    public string Add(Type behavior)
    {
        var name = BehaviorBinding.NameOf(behavior);
        _known.TryAdd(name, services => Instance(services, behavior));
        return name;
    }

    public object? Create(string name, IServiceProvider services)
    {
        if (_known.TryGetValue(name, out var create)) return create(services);
        var found = StayingAssemblies.OfProcess.All.Select(assembly => assembly.GetType(name)).FirstOrDefault(type => type is not null);
        return found is not null && BehaviorBinding.IsBehavior(found) ? Instance(services, found) : null;
    }

    private static object Instance(IServiceProvider services, Type behavior)
        => services.GetService(behavior) ?? ActivatorUtilities.CreateInstance(services, behavior);
}
