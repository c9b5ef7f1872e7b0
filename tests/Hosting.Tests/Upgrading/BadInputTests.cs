using Microsoft.CodeAnalysis;
using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>Releases that cannot serve: refused with cause and remedy, and what serves notices nothing.</summary>
public sealed class BadInputTests
{
    private static readonly CountingService V1 = new();
    private static readonly CompiledAssembly V2 = new CountingService { Version = "v2" }.Compile();
    private static readonly CompiledAssembly Part = CompiledAssembly.From("Part", "public static class Part { public static int One => 1; }");
    private static readonly CompiledAssembly UsesPart = CompiledAssembly.From("UsesPart", "public static class UsesPart { public static int One => Part.One; }", Part);

    [Fact(Timeout = 60_000)]
    public async Task A_configuration_file_that_cannot_be_read_is_named_with_the_place_of_what_is_wrong()
    {
        await using var node = await NodeHarness.Start(V1);
        var broken = new ReleaseContents(V2) { Content = new Dictionary<string, byte[]> { ["appsettings.json"] = "{\n  \"Chat\": { \"Endpoint\" 7000 }\n}"u8.ToArray() } };

        var problem = Assert.Single(await Refused(node, broken));

        Assert.Contains("appsettings.json", problem, StringComparison.Ordinal);
        Assert.Contains("LineNumber: 1", problem, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_missing_for_several_services_is_told_once()
    {
        await using var node = await NodeHarness.Start(V1);
        var report = await node.Reload(V1 with
        {
            Version = "v2",
            More = "public interface IClock; public sealed class Greeter(IClock clock) { public IClock Clock => clock; }",
            Configure = "Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<Greeter>(service.Services);",
            Members = "private readonly Greeter greeter; public Conn(Greeter greeter) => this.greeter = greeter;",
        });

        Assert.Equal(ReloadVerdict.Refused, report.Verdict);
        Assert.Equal("Service cannot be configured: InvalidOperationException: Unable to resolve service for type 'Counting.IClock' while attempting to activate 'Counting.Greeter'.", Assert.Single(report.Problems));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("corrupt", "Part.dll cannot be loaded", "clean the build's outputs")]
    [InlineData("truncated", "Part.dll cannot be loaded: it is truncated", "clean the build's outputs")]
    [InlineData("another architecture", "Foreign.dll cannot be loaded: it is built for", "Build it for AnyCPU")]
    [InlineData("a missing dependency", "UsesPart references Part 0.0.0.0", "PrivateAssets")]
    [InlineData("no service", "Nothing has no class that implements IService", "Declare one public class")]
    [InlineData("two services", "Two has 2 classes that implement IService: A, B", "Leave one of them public")]
    [InlineData("newer Actors", "Counting is built against WatchReload.Actors 99.0.0", "Restart the node with WatchReload 99.0.0")]
    public async Task A_release_is_refused_with_cause_and_remedy_and_the_version_that_serves_is_untouched(string what, string cause, string remedy)
    {
        await using var node = await NodeHarness.Start(V1);
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("add"));

        var problem = Assert.Single(await Refused(node, Release(what)));

        Assert.Contains(cause, problem, StringComparison.Ordinal);
        Assert.Contains(remedy, problem, StringComparison.Ordinal);
        Assert.Equal("v1 1", await client.Ask("count"));
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(node.Releases.Write(V2))).Verdict);
        Assert.Equal("v2 1", await client.Ask("count"));
    }

    [Fact(Timeout = 60_000)]
    public async Task All_causes_are_told_together()
    {
        await using var node = await NodeHarness.Start(V1);
        var client = await node.Connect();
        var contents = Release("two services");

        var problems = await Refused(node, contents with
        {
            Others = [Corrupt(CompiledAssembly.From("Damaged", "public class Damaged;")), Foreign(), UsesPart],
            Edit = Release("newer Actors").Edit,
        });

        Assert.Equal(5, problems.Count);
        foreach (var word in new[] { "Damaged.dll", "Foreign.dll", "references Part", "2 classes that implement IService", "WatchReload.Actors 99.0.0" })
            Assert.Single(problems, problem => problem.Contains(word, StringComparison.Ordinal));
        Assert.Equal("v1 0", await client.Ask("count"));
    }

    /// <summary>All types load, and yet a method cannot be compiled: the release was put together of two builds.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Code_that_was_built_against_another_build_is_refused_before_an_actor_comes_across_it()
    {
        await using var node = await NodeHarness.Start(V1);
        var mixed = V1 with { Version = "v2", References = [Part], Commands = "case \"part\": self.WriteLine(Part.One.ToString()); break;" };

        var problem = Assert.Single(await Refused(node, new ReleaseContents(mixed.Compile(), CompiledAssembly.From("Part", "public static class Part;"))));

        Assert.Contains("cannot be compiled: ", problem, StringComparison.Ordinal);
        Assert.Contains("get_One", problem, StringComparison.Ordinal);
        Assert.Contains("Build all projects of the service against the same versions", problem, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string>> Refused(NodeHarness node, ReleaseContents contents)
    {
        var report = await node.Reload(node.Releases.Write(contents));
        Assert.Equal(ReloadVerdict.Refused, report.Verdict);
        Assert.Equal((1, 1), (node.Status.Version, node.Status.Reloads.Refused));
        return report.Problems;
    }

    private static ReleaseContents Release(string what) => what switch
    {
        "corrupt" => new(V2, Corrupt(Part)),
        "truncated" => new(V2, Part with { Image = Part.Image[..^512] }),
        "another architecture" => new(V2, Foreign()),
        "a missing dependency" => new(V2, UsesPart),
        "no service" => new(CompiledAssembly.From("Nothing", "public sealed class Nothing;")),
        "two services" => new(CompiledAssembly.From("Two", "public class B : IService { public void Configure(IServiceBuilder s) { } } public class A : B;")),
        _ => new(V2) { Edit = manifest => manifest with { ActorsVersion = "99.0.0" } },
    };

    private static CompiledAssembly Foreign() => CompiledAssembly.ForPlatform(
        "Foreign",
        "public static class Foreign;",
        System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? Platform.X64 : Platform.Arm64);

    private static CompiledAssembly Corrupt(CompiledAssembly assembly)
    {
        var image = (byte[])assembly.Image.Clone();
        Array.Fill(image, (byte)0xEE, 0x80, 64);
        return assembly with { Image = image };
    }
}
