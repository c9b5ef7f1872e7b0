using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using WatchReload.Hosting.Upgrading.Declaring;

namespace WatchReload.Hosting.Upgrading;

/// <summary>What one version has of the node's <see cref="SharedResources"/>.</summary>
internal sealed class SharedClaim(SharedResources resources, string? packages)
{
    private readonly List<(string Key, object Resource)> _made = [];

    public string? Packages => packages;

    /// <summary>Hands the resources to the version's container as instances: those it does not dispose of.</summary>
    public void Register(IServiceCollection services, IEnumerable<SharedDeclaration> declared, IConfiguration configuration)
    {
        foreach (var (key, type, factory) in declared)
        {
            var resource = resources.Find(this, key) ?? Make(key, factory(configuration));
            if (!type.IsInstanceOfType(resource)) throw new InvalidOperationException($"The shared resource '{key}' is a {resource.GetType()} already; give the {type} another key.");
            services.AddSingleton(type, resource);
        }
    }

    /// <summary>The version serves.</summary>
    public void Keep()
    {
        resources.Keep(this, _made);
        _made.Clear();
    }

    /// <summary>The version never serves: disposes of what was made for it.</summary>
    public async Task LetGo()
    {
        resources.Remove(this);
        await resources.DisposeOf([.. _made.Select(one => one.Resource)]);
        _made.Clear();
    }

    private object Make(string key, object resource)
    {
        _made.Add((key, resource));
        resources.Add(this, key, resource);
        return resource;
    }
}
