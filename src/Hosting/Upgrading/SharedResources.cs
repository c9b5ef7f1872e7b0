using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using WatchReload.Hosting.Upgrading.Declaring;

namespace WatchReload.Hosting.Upgrading;

/// <summary>
/// Resources that outlive versions, by package set and key. Made when a version first asks; disposed of with the node, as a late
/// actor may use one for as long as it likes.
/// </summary>
internal sealed class SharedResources : IAsyncDisposable
{
    private readonly Dictionary<(string? Packages, string Key), object> _resources = [];

    /// <summary>Hands the resources to a version's container as instances: those it does not dispose of.</summary>
    public void Register(IServiceCollection services, IEnumerable<SharedDeclaration> declared, string? packages, IConfiguration configuration)
    {
        foreach (var (key, type, factory) in declared)
        {
            var resource = Get(packages, key, factory, configuration);
            if (!type.IsInstanceOfType(resource)) throw new InvalidOperationException($"The shared resource '{key}' is a {resource.GetType()} already; give the {type} another key.");
            services.AddSingleton(type, resource);
        }
    }

    public async ValueTask DisposeAsync()
    {
        object[] all;
        lock (_resources)
        {
            all = [.. _resources.Values];
            _resources.Clear();
        }

        foreach (var resource in all)
        {
            if (resource is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync();
            else (resource as IDisposable)?.Dispose();
        }
    }

    private object Get(string? packages, string key, Func<IConfiguration, object> factory, IConfiguration configuration)
    {
        lock (_resources)
        {
            if (_resources.TryGetValue((packages, key), out var resource)) return resource;
            resource = factory(configuration);
            _resources.Add((packages, key), resource);
            return resource;
        }
    }
}
