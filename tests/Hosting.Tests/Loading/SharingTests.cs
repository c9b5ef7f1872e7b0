using WatchReload.Control;
using WatchReload.Hosting.Loading;

namespace WatchReload.Hosting.Tests.Loading;

public sealed class SharingTests : IDisposable
{
    private readonly LoadingBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact(Timeout = 60_000)]
    public Task Unchanged_assembly_stays_as_it_is_when_its_dependent_changes()
    {
        var contracts = Sources.Contracts();
        var first = _bench.Load(new ReleaseContents(Sources.Lobby("1", contracts), contracts));
        var second = _bench.Load(new ReleaseContents(Sources.Lobby("2", contracts), contracts), first);

        var greeting = first.FindType("Contracts.Greeting", "Contracts")!;
        Assert.Same(greeting, second.FindType("Contracts.Greeting", "Contracts"));
        Assert.NotSame(first.ServiceType, second.ServiceType);
        Assert.True(second.IsReloadedComparedTo(first, second.Entry));
        Assert.True(second.IsReloadedComparedTo(first, first.Entry));
        Assert.False(second.IsReloadedComparedTo(first, greeting.Assembly));
        Assert.False(second.IsReloadedComparedTo(first, typeof(object).Assembly));
        Assert.Same(greeting, Call(second).GetType());
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Dependents_are_loaded_anew_when_what_they_reference_changes()
    {
        var (oldContracts, newContracts) = (Sources.Contracts(), Sources.Contracts("public sealed class Added;"));
        var rules = CompiledAssembly.From("Rules", "public static class Rules { public static string Text => new Contracts.Greeting(\"rules\").Text; }", oldContracts);
        var alone = CompiledAssembly.From("Alone", "public static class Alone;");
        var first = _bench.Load(new ReleaseContents(Sources.Lobby("1", oldContracts), oldContracts, rules, alone));
        var second = _bench.Load(new ReleaseContents(Sources.Lobby("1", oldContracts), newContracts, rules, alone), first);

        Assert.NotSame(first.FindHot("Contracts")!.Assembly, second.FindHot("Contracts")!.Assembly);
        Assert.NotSame(first.FindHot("Rules")!.Assembly, second.FindHot("Rules")!.Assembly);
        Assert.NotSame(first.Entry, second.Entry);
        Assert.Same(first.FindHot("Alone")!.Assembly, second.FindHot("Alone")!.Assembly);
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Entry_is_loaded_anew_when_an_assembly_that_it_does_not_reference_changes()
    {
        static CompiledAssembly Plugin(string text) => CompiledAssembly.From("Plugin", $"public static class Plugin {{ public static string Text() => \"{text}\"; }}");
        var lobby = CompiledAssembly.From("Lobby", Sources.Saying("System.Reflection.Assembly.Load(\"Plugin\").GetType(\"Plugin\")!.GetMethod(\"Text\")!.Invoke(null, null)!"));
        var first = _bench.Load(new ReleaseContents(lobby, Plugin("one")));
        var second = _bench.Load(new ReleaseContents(lobby, Plugin("two")), first);

        Assert.Equal("one", Call(first));
        Assert.Equal("two", Call(second));
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Each_version_answers_with_its_own_code_while_three_are_in_use()
    {
        var contracts = Sources.Contracts();
        var first = _bench.Load(new ReleaseContents(Sources.Lobby("1", contracts), contracts));
        var second = _bench.Load(new ReleaseContents(Sources.Lobby("2", contracts), contracts), first);
        var third = _bench.Load(new ReleaseContents(Sources.Lobby("3", contracts), contracts), second);

        Assert.Equal(["Greeting { Text = 1 }", "Greeting { Text = 2 }", "Greeting { Text = 3 }"], new[] { first, second, third }.Select(release => Call(release).ToString()));
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Everything_stays_when_the_same_content_is_loaded_again()
    {
        var contracts = Sources.Contracts();
        var first = _bench.Load(new ReleaseContents(Sources.Lobby("1", contracts), contracts));
        var second = _bench.Load(new ReleaseContents(Sources.Lobby("1", contracts), contracts), first);

        Assert.Same(first.ServiceType, second.ServiceType);
        Assert.Empty(second.Warnings);
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Shared_assembly_stays_usable_when_the_release_that_loaded_it_retires()
    {
        var contracts = Sources.Contracts();
        var first = _bench.Load(new ReleaseContents(Sources.Lobby("1", contracts), contracts));
        var second = _bench.Load(new ReleaseContents(Sources.Lobby("2", contracts), contracts), first);

        Assert.Equal(["Lobby"], first.Retire().Assemblies);
        Assert.Equal("Greeting { Text = 2 }", Call(second).ToString());
        Assert.Equal(["Contracts", "Lobby"], second.Retire().Assemblies.Order(StringComparer.Ordinal));
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Shared_assembly_keeps_the_release_with_its_native_files_from_being_pruned()
    {
        var contracts = Sources.Contracts();
        ReleaseContents Release(string version) => new(Sources.Lobby(version, contracts), contracts)
        {
            Content = new Dictionary<string, byte[]> { ["native.dll"] = [1], ["native.so"] = [1], ["native.dylib"] = [1] },
        };
        var first = _bench.Load(Release("1"));
        var second = _bench.Load(Release("2"), first);
        first.Retire();

        Assert.Null(FileLock.TryAcquire(_bench.State.ReleaseLock(first.Manifest.Id)));
        second.Retire();
        FileLock.TryAcquire(_bench.State.ReleaseLock(first.Manifest.Id))!.Dispose();
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Nothing_is_shared_with_a_release_that_has_retired()
    {
        var contracts = Sources.Contracts();
        var first = _bench.Load(new ReleaseContents(Sources.Lobby("1", contracts), contracts));
        first.Retire();
        var second = _bench.Load(new ReleaseContents(Sources.Lobby("2", contracts), contracts), first);

        Assert.Equal("Greeting { Text = 2 }", Call(second).ToString());
        Assert.Throws<ObjectDisposedException>(() => first.ServiceType);
        return Task.CompletedTask;
    }

    private static object Call(LoadedRelease release) => release.FindType("Probe")!.GetMethod("Say")!.Invoke(null, null)!;
}
