using System.Xml.Linq;

namespace WatchReload.Architecture.Tests;

/// <summary>The one direction of references; docs/architecture.md says why.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Actors"] = [],
        ["Analyzers"] = [],
        ["Control"] = [],
        ["Service"] = ["Actors"],
        ["Hosting"] = ["Actors", "Control"],
        ["Node"] = ["Hosting"],
        ["Testing"] = ["Hosting"],
        ["Builder"] = ["Control"],
        ["Daemon"] = ["Control"],
    };

    public static TheoryData<string> Parts => [.. Allowed.Keys];

    [Fact(Timeout = 60_000)]
    public Task Every_part_has_its_place_in_the_direction()
    {
        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), Repository.Parts);
        return Task.CompletedTask;
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Parts))]
    public Task Project_references_only_what_the_direction_allows(string part)
    {
        var referenced = XDocument.Load(Repository.ProjectOf(part)).Descendants("ProjectReference")
            .Where(reference => reference.Attribute("ReferenceOutputAssembly")?.Value != "false")
            .Select(reference => reference.Attribute("Include")!.Value.Replace('\\', '/').Split('/')[^2])
            .Order(StringComparer.Ordinal);
        Assert.Equal(Allowed[part].Order(StringComparer.Ordinal), referenced);
        return Task.CompletedTask;
    }

    /// <summary>Programs with a node in their process: its package sets their pool, which a reference to its project does not (docs/adr/0029).</summary>
    [Fact(Timeout = 60_000)]
    public Task Program_that_hosts_a_node_has_the_settings_of_its_package()
    {
        const string Settings = "buildTransitive/WatchReload.Hosting.targets";
        var forTests = File.ReadAllText(Path.Combine(Repository.Root, "tests", "Directory.Build.props"));
        Assert.Contains(Settings, forTests);
        var hosts = ((string[])["src", "bench"]).SelectMany(part => Directory.EnumerateFiles(Path.Combine(Repository.Root, part), "*.csproj", SearchOption.AllDirectories))
            .Where(project => File.ReadAllText(project) is var text && text.Contains("<OutputType>Exe</OutputType>") && (text.Contains("WatchReload.Hosting.csproj") || text.Contains("WatchReload.Testing.csproj")))
            .ToList();
        Assert.NotEmpty(hosts);
        Assert.All(hosts, project => Assert.Contains(Settings, File.ReadAllText(project)));
        return Task.CompletedTask;
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Parts))]
    public Task Assembly_references_only_what_the_direction_allows(string part)
    {
        var referenced = Repository.Metadata(part, metadata => metadata.AssemblyReferences
            .Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))
            .Where(name => name.StartsWith("WatchReload.", StringComparison.OrdinalIgnoreCase) || name == "watchreload")
            .ToArray());
        Assert.Empty(referenced.Except(Reachable(part).Select(name => $"WatchReload.{name}")));
        return Task.CompletedTask;
    }

    /// <summary>A project sees what its references reference.</summary>
    private static IEnumerable<string> Reachable(string part) => Allowed[part].SelectMany(Reachable).Concat(Allowed[part]).Distinct();
}
