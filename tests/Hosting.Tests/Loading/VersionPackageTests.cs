using System.Runtime.CompilerServices;
using WatchReload.Hosting.Loading;

namespace WatchReload.Hosting.Tests.Loading;

/// <summary>Packages that cache what they know of a service's types, loaded with each version.</summary>
public sealed class VersionPackageTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    private readonly LoadingBench _bench = new();

    private static readonly CompiledAssembly Cache = CompiledAssembly.From("Cache", "public static class Cache { static readonly List<object> seen = []; public static string See(object one) { seen.Add(one); return $\"seen {seen.Count}\"; } }");
    private static readonly CompiledAssembly Mapper = CompiledAssembly.From("Mapper", "public static class Mapper { public static string Map(object one) => \"mapped, \" + Cache.See(one); }", Cache);
    private static readonly CompiledAssembly Plain = CompiledAssembly.From("Plain", "public static class Plain { static int calls; public static int Calls => ++calls; }");
    private static readonly CompiledAssembly Rules = CompiledAssembly.From("Rules", "public sealed record Rule(string Name); public static class Rules { public static int Calls => Plain.Calls; }", Plain);

    public void Dispose() => _bench.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task A_version_unloads_with_the_package_that_has_cached_its_types_when_the_package_is_loaded_with_it()
    {
        var first = Retired("1");
        Assert.True(await first.Unloaded(Long, TimeProvider.System, TestContext.Current.CancellationToken), string.Join(", ", first.Alive));
    }

    [Fact(Timeout = 60_000)]
    public Task Only_such_packages_what_refers_to_them_and_the_assemblies_that_use_them_are_loaded_anew()
    {
        var first = _bench.Load(Release("1"));
        var second = _bench.Load(Release("2"), first);

        // The statics of Cache, and of Mapper that refers to it, start afresh; those of Plain go on.
        Assert.Equal(("1 mapped, seen 1, 1", "2 mapped, seen 1, 2"), (Call(first), Call(second)));
        Assert.Equal(("1 mapped, seen 2, 3", "2 mapped, seen 2, 4"), (Call(first), Call(second)));
        Assert.Same(first.FindHot("Rules")!.Assembly, second.FindHot("Rules")!.Assembly);
        first.Retire();
        Assert.Equal("2 mapped, seen 3, 5", Call(second));
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Lingering_version_may_use_such_a_package_for_the_first_time_after_its_retirement()
    {
        var first = _bench.Load(Release("1"));
        var say = first.FindType("Probe")!.GetMethod("Say")!;
        first.Retire();

        Assert.Equal("1 mapped, seen 1, 1", say.Invoke(null, null));
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Names_that_no_package_has_change_nothing()
    {
        var release = _bench.Load(Release("1") with { PerVersion = ["Nothing", "System.Text.Json"] });
        Assert.Equal("1 mapped, seen 1, 1", Call(release));
        return Task.CompletedTask;
    }

    private static ReleaseContents Release(string version) => new(
        CompiledAssembly.From("Lobby", Sources.Saying($"$\"{version} {{Mapper.Map(new Known())}}, {{Rules.Calls}}\"") + " public sealed class Known;", Cache, Mapper, Rules), Rules)
    {
        Packages = new[] { Cache, Mapper, Plain }.ToDictionary(package => package.Name + ".dll", package => package.Image),
        PerVersion = ["Cache"],
    };

    [MethodImpl(MethodImplOptions.NoInlining)]
    private UnloadTicket Retired(string version)
    {
        var release = _bench.Load(Release(version));
        Assert.Equal($"{version} mapped, seen 1, 1", Call(release));
        return release.Retire();
    }

    private static object Call(LoadedRelease release) => release.FindType("Probe")!.GetMethod("Say")!.Invoke(null, null)!;
}
