using Microsoft.CodeAnalysis;
using WatchReload.Hosting.Loading;

namespace WatchReload.Hosting.Tests.Loading;

/// <summary>Releases that are as they were made, of assemblies that cannot serve.</summary>
public sealed class BadAssemblyTests : IDisposable
{
    private readonly LoadingBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact(Timeout = 60_000)]
    public Task Truncated_and_corrupt_assemblies_are_all_named()
    {
        var good = Sources.Contracts();
        var truncated = good with { Name = "Truncated", Image = good.Image[..(good.Image.Length - 512)] };
        var garbage = good with { Name = "Garbage", Image = [.. Enumerable.Repeat((byte)7, 3000)] };
        var empty = good with { Name = "Empty", Image = [] };
        var problems = _bench.Refused(new ReleaseContents(Sources.Lobby("1", good), good, truncated, garbage, empty));

        Assert.Equal(3, problems.Count);
        Assert.Contains(problems, problem => problem.Cause == "Truncated.dll cannot be loaded: it is truncated.");
        Assert.Contains(problems, problem => problem.Cause.StartsWith("Garbage.dll cannot be loaded: ", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Cause.StartsWith("Empty.dll cannot be loaded: ", StringComparison.Ordinal));
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Damaged_metadata_is_never_more_than_a_refusal()
    {
        var image = Sources.Contracts().Image;
        var random = new Random(4242);
        for (var round = 0; round < 2000; round++)
        {
            var damaged = (byte[])image.Clone();
            for (var count = 0; count < 4; count++)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            try
            {
                AssemblyImage.Parse(damaged, hot: true);
            }
            catch (BadImageFormatException)
            {
                // The one way to say so.
            }
        }

        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Assembly_of_another_architecture_is_refused()
    {
        var other = System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? Platform.X64 : Platform.Arm64;
        var cause = Assert.Single(_bench.Refused(new ReleaseContents(CompiledAssembly.ForPlatform("Lobby", Sources.Saying("1"), other)))).Cause;

        Assert.StartsWith("Lobby.dll cannot be loaded: it is built for", cause, StringComparison.Ordinal);
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Assembly_of_this_architecture_is_loaded()
    {
        var own = Enum.Parse<Platform>(System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString(), ignoreCase: true);
        Assert.Equal("Service", _bench.Load(new ReleaseContents(CompiledAssembly.ForPlatform("Lobby", Sources.Saying("1"), own))).ServiceType.Name);
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Missing_dependencies_are_all_named()
    {
        var (contracts, rules) = (Sources.Contracts(), CompiledAssembly.From("Rules", "public static class Rules { public static int One => 1; }"));
        var lobby = CompiledAssembly.From("Lobby", Sources.Saying("new Contracts.Greeting(\"\" + Rules.One)"), contracts, rules);
        var problems = _bench.Refused(new ReleaseContents(lobby));

        Assert.Equal(["Lobby references Contracts 0.0.0.0", "Lobby references Rules 0.0.0.0"], problems.Select(problem => problem.Cause.Split(',')[0]).Order(StringComparer.Ordinal));
        Assert.All(problems, problem => Assert.Contains("PrivateAssets", problem.Remedy, StringComparison.Ordinal));
        return Task.CompletedTask;
    }

    [Theory(Timeout = 60_000)]
    [InlineData("public sealed class Nothing;", "Lobby has no class that implements IService.")]
    [InlineData("public abstract class Base : IService { public void Configure(IServiceBuilder s) { } }", "Lobby has no class that implements IService.")]
    [InlineData("sealed class Hidden : IService { public void Configure(IServiceBuilder s) { } }", "Lobby has no usable IService: Hidden must be public and not generic.")]
    [InlineData("public class Open<T> : IService { public void Configure(IServiceBuilder s) { } }", "Lobby has no usable IService: Open`1 must be public and not generic.")]
    [InlineData("class Outer { public class Inner : IService { public void Configure(IServiceBuilder s) { } } }", "Lobby has no usable IService: Outer+Inner must be public and not generic.")]
    [InlineData("public class B : IService { public void Configure(IServiceBuilder s) { } } public class A : B;", "Lobby has 2 classes that implement IService: A, B.")]
    [InlineData("public class S(int port) : IService { public int Port => port; public void Configure(IServiceBuilder s) { } }", "S has no public parameterless constructor.")]
    [InlineData("public class S : IService { internal S() { } static S() { } public void Configure(IServiceBuilder s) { } }", "S has no public parameterless constructor.")]
    public Task Entry_without_exactly_one_usable_service_is_refused(string source, string cause)
    {
        Assert.Equal(cause, Assert.Single(_bench.Refused(new ReleaseContents(CompiledAssembly.From("Lobby", source)))).Cause);
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Service_is_found_through_a_generic_base_class_and_an_interface_of_other_assemblies()
    {
        var contracts = CompiledAssembly.From("Contracts", "namespace Deep; public interface ICustom : IService;");
        var rules = CompiledAssembly.From("Rules", "public abstract class Base<T> : Deep.ICustom { public void Configure(IServiceBuilder s) { } }", contracts);
        var lobby = CompiledAssembly.From("Lobby", "public static class Outer { public sealed class Real : Base<int>; }", contracts, rules);

        Assert.Equal("Outer+Real", _bench.Load(new ReleaseContents(lobby, contracts, rules)).ServiceType.FullName);
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Release_for_newer_WatchReload_and_runtime_is_refused_with_what_to_restart()
    {
        var problems = _bench.Refused(new ReleaseContents(CompiledAssembly.From("Lobby", Sources.Saying("1")))
        {
            Edit = manifest => manifest with { ActorsVersion = "99.1.0-preview.2", Runtime = "99.0" },
        });

        Assert.Equal(2, problems.Count);
        Assert.Contains(problems, problem => problem.Cause.Contains("built against WatchReload.Actors 99.1.0", StringComparison.Ordinal) && problem.Remedy.StartsWith("Restart the node with WatchReload 99.1.0", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Cause.Contains("needs .NET 99.0", StringComparison.Ordinal) && problem.Remedy.StartsWith("Restart the node with .NET 99.0", StringComparison.Ordinal));
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task References_to_newer_WatchReload_and_frameworks_are_refused()
    {
        static CompiledAssembly Newer(string name, string version, string type) =>
            CompiledAssembly.Bare(name, $"[assembly: System.Reflection.AssemblyVersion(\"{version}\")] public static class {type} {{ public static int One => 1; }}");
        var rules = CompiledAssembly.Bare("Rules", "public static class Rules { public static int One => NewActors.One; }", Newer("WatchReload.Actors", "99.0.0.0", "NewActors"));
        var lobby = CompiledAssembly.From("Lobby", Sources.Saying("NewFramework.One"), Newer("System.Text.Json", "99.0.0.0", "NewFramework"));
        var problems = _bench.Refused(new ReleaseContents(lobby, rules));

        Assert.Contains(problems, problem => problem.Cause.StartsWith("Rules is built against WatchReload.Actors 99.0.0; this node has", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Cause.StartsWith("Lobby is built against newer frameworks than this node's: System.Text.Json 99.0.0.0", StringComparison.Ordinal));
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task References_to_what_another_build_of_the_same_WatchReload_has_are_refused_by_name()
    {
        var other = CompiledAssembly.Bare(
            "WatchReload.Actors",
            $$"""
            [assembly: System.Reflection.AssemblyVersion("{{typeof(Actors.IService).Assembly.GetName().Version}}")]
            namespace WatchReload.Actors { public static class Fresh { public static int One => 1; } public struct ActorId { public static int Newest => 1; public long Value => 2; } }
            """);
        var rules = CompiledAssembly.Bare("Rules", "using WatchReload.Actors; public static class Rules { public static long One => Fresh.One + ActorId.Newest + new ActorId().Value; }", other);
        var problem = Assert.Single(_bench.Refused(new ReleaseContents(CompiledAssembly.From("Lobby", Sources.Saying("1")), rules)));

        Assert.StartsWith("Rules is built against another build of WatchReload.Actors ", problem.Cause, StringComparison.Ordinal);
        Assert.Contains("it uses WatchReload.Actors.ActorId.get_Newest, WatchReload.Actors.Fresh, which", problem.Cause, StringComparison.Ordinal);
        Assert.StartsWith("Restart the node", problem.Remedy, StringComparison.Ordinal);
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Assembly_that_the_node_gives_to_all_versions_cannot_be_replaced()
    {
        var impostor = CompiledAssembly.From("System.Text.Json", "public static class Impostor;");
        var problem = Assert.Single(_bench.Refused(new ReleaseContents(CompiledAssembly.From("Lobby", Sources.Saying("1")), impostor)));

        Assert.Contains("System.Text.Json, which the node gives to all versions", problem.Cause, StringComparison.Ordinal);
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Entry_assembly_that_is_not_in_the_release_is_refused()
    {
        var problem = Assert.Single(_bench.Refused(new ReleaseContents(CompiledAssembly.From("Lobby", Sources.Saying("1")))
        {
            Edit = manifest => manifest with { EntryAssembly = "Chat" },
        }));

        Assert.Contains("names the entry assembly Chat, which is not among", problem.Cause, StringComparison.Ordinal);
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Problems_of_all_kinds_are_told_together_and_the_previous_serves_on()
    {
        var contracts = Sources.Contracts();
        var previous = _bench.Load(new ReleaseContents(Sources.Lobby("1", contracts), contracts));
        var rules = CompiledAssembly.From("Rules", "public static class Rules { public static int One => 1; }");
        var lobby = CompiledAssembly.From("Lobby", "public static class Probe { public static int Say() => Rules.One; }", rules);
        var problems = _bench.Refused(
            new ReleaseContents(lobby, contracts with { Image = contracts.Image[..1000] }) { Edit = manifest => manifest with { ActorsVersion = "99.0.0" } }, previous);

        Assert.Equal(4, problems.Count);
        Assert.Equal("Greeting { Text = 1 }", previous.FindType("Probe")!.GetMethod("Say")!.Invoke(null, null)!.ToString());
        return Task.CompletedTask;
    }
}
