using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>Builds of the fixture that uses what most services use. Each has its own number, and all have the same packages.</summary>
internal static class BackendReleases
{
    private static readonly ILookup<string, string> s_metadata = typeof(BackendReleases).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().ToLookup(a => a.Key, a => a.Value!);
    private static readonly string[] s_sources = [.. Directory.GetFiles(s_metadata["BackendSources"].Single(), "*.cs").Order(StringComparer.Ordinal).Select(File.ReadAllText)];
    private static readonly CompiledAssembly s_npgsql = new("Npgsql", File.ReadAllBytes(s_metadata["NpgsqlAssembly"].Single()), []);

    private static readonly ISourceGenerator[] s_generators =
    [
        .. s_metadata["Generator"].SelectMany(path => Assembly.LoadFrom(path).GetTypes()).Where(type => type.IsDefined(typeof(GeneratorAttribute)))
            .Select(type => Activator.CreateInstance(type)!).Select(made => made as ISourceGenerator ?? ((IIncrementalGenerator)made).AsSourceGenerator()),
    ];

    /// <param name="build">Its number.</param>
    /// <param name="rates">Where it asks for rates.</param>
    /// <param name="database">The port of its database. By default one where nobody listens.</param>
    public static ReleaseContents Of(int build, Uri rates, int database = 1) => new(Compile(build))
    {
        Packages = new Dictionary<string, byte[]> { ["Npgsql.dll"] = s_npgsql.Image },
        Content = new Dictionary<string, byte[]>
        {
            ["appsettings.json"] = Encoding.UTF8.GetBytes($$"""
                { "Backend": { "Endpoint": "127.0.0.1:0", "Currency": "EUR", "Rates": "{{rates}}", "Database": "Host=127.0.0.1;Port={{database}};Database={{(database == 1 ? "shop" : "postgres")}};Username=clerk" } }
                """),
        },
    };

    private static CompiledAssembly Compile(int build) => CompiledAssembly.Generated(
        "WatchReload.Fixtures.Backend", [.. s_sources.Select(source => source.Replace("const int Number = 0;", $"const int Number = {build};", StringComparison.Ordinal))], s_generators, s_npgsql);
}
