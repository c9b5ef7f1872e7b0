using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WatchReload.Actors;
using WatchReload.Hosting.Kernel;
using WatchReload.Hosting.Loading;
using WatchReload.Hosting.Upgrading.Declaring;
using WatchReload.Hosting.Upgrading.Mapping;

namespace WatchReload.Hosting.Upgrading;

/// <summary>Makes a version of a loaded release: runs its <c>Configure</c>, builds its container, binds its behaviors.</summary>
internal sealed class VersionFactory(ActorKernel kernel, ILoggerFactory loggers, SharedResources shared, IReadOnlyList<string> arguments)
{
    /// <summary>The version, or why there is none: all problems together. What was made for a refused one is disposed of.</summary>
    public async Task<(ServiceVersion? Version, IReadOnlyList<string> Problems)> Create(int number, LoadedRelease release, MappingDirection direction)
    {
        var version = new ServiceVersion(number, release, direction, shared.Claim(release.Manifest.Packages?.Hash));
        ServiceProvider? provider = null;
        // Asked for now: the release may be let go of while code hangs.
        var name = release.ServiceType.Name;
        try
        {
            var configuration = new ConfigurationBuilder()
                .SetBasePath(release.ContentRoot)
                .AddJsonFile("appsettings.json", optional: true, reloadOnChange: false)
                .AddJsonFile($"appsettings.{EnvironmentName}.json", optional: true, reloadOnChange: false)
                .AddEnvironmentVariables()
                .AddCommandLine([.. arguments])
                .Build();
            var services = new ServiceCollection();
            services.AddSingleton<IConfiguration>(configuration);
            services.AddSingleton(release.HasRemadeTypes ? new SourceNamedLoggers(loggers) : loggers);
            services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
            services.AddOptions();
            services.AddSingleton<IActors>(kernel);
            services.AddSingleton<IServiceVersion>(version);
            services.AddSingleton(kernel.Time);
            services.AddSingleton<IHostEnvironment>(new ReleaseEnvironment(release.Manifest.EntryAssembly, release.ContentRoot));

            var service = (IService)Activator.CreateInstance(release.ServiceType)!;
            var builder = new ServiceBuilder(services, configuration);
            service.Configure(builder);
            var declaration = builder.Declaration;
            var problems = declaration.Problems().ToList();
            problems.AddRange(declaration.Shared.Where(s => HotTypes.Includes(s.Type)).Select(s => $"ConfigureShared cannot keep '{s.Key}': {SourceNames.Full(s.Type)} is a type of the service and changes with it. Share a type of a package or of the framework."));
            if (problems.Count > 0) return (null, problems);

            version.Shared.Register(services, declaration.Shared, configuration);
            var behaviors = release.Types.Where(BehaviorBinding.IsBehavior).ToList();
            foreach (var behavior in behaviors) services.TryAddSingleton(behavior);
            provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true });
            var bindings = new List<BehaviorBinding>();
            foreach (var behavior in behaviors)
            {
                var binding = BehaviorBinding.Create(provider.GetRequiredService(behavior), version);
                problems.AddRange(StatePlainDataCheck.Problems(binding.StateType, release.Means));
                problems.AddRange(StatePlainDataCheck.Problems(binding.MessageType, release.Means));
                bindings.Add(binding);
            }

            var bound = bindings.Select(binding => binding.Name).ToHashSet(StringComparer.Ordinal);
            problems.AddRange(declaration.Behaviors.Where(behavior => !bound.Contains(BehaviorBinding.NameOf(behavior)))
                .Select(behavior => $"{SourceNames.Full(behavior)} is declared, and is not a class of the service's own assemblies. Derive one there from it."));
            if (problems.Count > 0) return (null, [.. problems.Distinct(), .. await LetGo(name, version, provider)]);

            version.Equip(service, declaration, provider, bindings);
            return (version, []);
        }
        catch (Exception cause)
        {
            return (null, [.. Causes(cause, name).Distinct(), .. await LetGo(name, version, provider)]);
        }
    }

    /// <summary>Work that its code has begun is told to end, then the container is disposed of, and what was to be shared. What goes wrong at that.</summary>
    private static async Task<IReadOnlyList<string>> LetGo(string name, ServiceVersion version, ServiceProvider? provider)
    {
        var problems = new List<string>();
        foreach (var step in (Func<Task>[])[version.Retire, async () => await (provider?.DisposeAsync() ?? default), version.Shared.LetGo])
        {
            try
            {
                await step();
            }
            catch (Exception cause)
            {
                problems.AddRange(Causes(cause, name));
            }
        }

        return problems;
    }

    private static string EnvironmentName => Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? "Production";

    private static IEnumerable<string> Inner(Exception? cause)
    {
        for (; cause is not null; cause = cause.InnerException) yield return cause.Message;
    }

    private static IEnumerable<string> Causes(Exception cause, string service) => cause switch
    {
        AggregateException many => many.Flatten().InnerExceptions.SelectMany(one => Causes(one, service)),
        System.Reflection.TargetInvocationException { InnerException: { } inner } => Causes(inner, service),
        // The container names each service that cannot be made, and what is missing for it: what is missing for several is one cause.
        InvalidOperationException { InnerException: InvalidOperationException inner } when cause.Message.EndsWith(inner.Message, StringComparison.Ordinal) => Causes(inner, service),
        // Of a configuration file its own message names no more than a copy of it.
        InvalidDataException { InnerException: { } inner } => [$"{service} cannot be configured: {cause.Message} {string.Join(" ", Inner(inner))}"],
        // What its initializer has thrown is not in its own message.
        TypeInitializationException { InnerException: { } inner } => [$"{service} cannot be configured: {SourceNames.Short(cause.GetType())}: {cause.Message} {SourceNames.Short(inner.GetType())}: {inner.Message}"],
        _ => [$"{service} cannot be configured: {SourceNames.Short(cause.GetType())}: {cause.Message}"],
    };

    private sealed class ReleaseEnvironment(string name, string root) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = VersionFactory.EnvironmentName;
        public string ApplicationName { get; set; } = name;
        public string ContentRootPath { get; set; } = root;
        public IFileProvider ContentRootFileProvider { get; set; } = new PhysicalFileProvider(root);
    }
}
