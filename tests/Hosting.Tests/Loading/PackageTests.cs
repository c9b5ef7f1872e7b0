using System.Globalization;
using WatchReload.Control;
using WatchReload.Hosting.Loading;

namespace WatchReload.Hosting.Tests.Loading;

public sealed class PackageTests : IDisposable
{
    private readonly LoadingBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact(Timeout = 60_000)]
    public Task Package_set_is_shared_by_versions_that_have_the_same()
    {
        var pack = Pack("same");
        var first = _bench.Load(WithPack("1", pack));
        var second = _bench.Load(WithPack("2", pack), first);

        Assert.Equal("1: same 1", Call(first));
        Assert.Equal("2: same 2", Call(second));
        first.Retire();
        Assert.Equal("2: same 3", Call(second));
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Upgraded_package_is_loaded_anew_beside_the_old_one()
    {
        var (oldPack, newPack) = (Pack("old"), Pack("new"));
        var contracts = Sources.Contracts();
        var first = _bench.Load(WithPack("1", oldPack) with { Others = [contracts] });

        // Lobby's bytes are the same: the package set decides. Contracts uses no package, and stays.
        var second = _bench.Load(WithPack("1", oldPack) with { Others = [contracts], Packages = Files(newPack) }, first);

        Assert.Equal("1: old 1", Call(first));
        Assert.Equal("1: new 1", Call(second));
        Assert.Same(first.FindHot("Contracts")!.Assembly, second.FindHot("Contracts")!.Assembly);
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Service_gets_its_own_copy_of_a_package_that_the_node_uses_too()
    {
        var own = typeof(Serilog.Log).Assembly;
        var release = _bench.Load(new ReleaseContents(SerilogUser()) { Packages = new Dictionary<string, byte[]> { ["Serilog.dll"] = File.ReadAllBytes(own.Location) } });

        var theirs = (Type)release.FindType("Probe")!.GetMethod("Say")!.Invoke(null, null)!;
        Assert.Equal(typeof(Serilog.Log).FullName, theirs.FullName);
        Assert.NotSame(own, theirs.Assembly);
        Assert.StartsWith(_bench.State.Packages, theirs.Assembly.Location, StringComparison.Ordinal);
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task What_only_the_node_uses_is_missing_for_a_service_that_does_not_bring_it()
    {
        var problem = Assert.Single(_bench.Refused(new ReleaseContents(SerilogUser())));
        Assert.StartsWith("Lobby references Serilog", problem.Cause, StringComparison.Ordinal);

        var byName = _bench.Load(new ReleaseContents(CompiledAssembly.From("Lobby", Sources.Saying("System.Reflection.Assembly.Load(\"WatchReload.Hosting\")"))));
        var error = Assert.ThrowsAny<Exception>(() => Call(byName)).InnerException!;
        Assert.IsType<FileNotFoundException>(error);
        Assert.Contains("Lobby asks for the assembly WatchReload.Hosting", error.ToString(), StringComparison.Ordinal);
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Frameworks_and_the_actors_are_the_nodes_even_if_a_package_has_them()
    {
        var lobby = CompiledAssembly.From("Lobby", Sources.Saying("typeof(Microsoft.Extensions.Logging.ILogger)"));
        var release = _bench.Load(new ReleaseContents(lobby)
        {
            Packages = Files(CompiledAssembly.From("Microsoft.Extensions.Logging.Abstractions", "namespace Microsoft.Extensions.Logging; public interface ILogger;")),
        });

        Assert.Same(typeof(Microsoft.Extensions.Logging.ILogger), release.FindType("Probe")!.GetMethod("Say")!.Invoke(null, null));
        Assert.True(typeof(Actors.IService).IsAssignableFrom(release.ServiceType));
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Native_library_is_found_by_the_package_and_by_the_service()
    {
        const string Source = """
            public static class Native{0}
            {{
                [System.Runtime.InteropServices.DllImport("probe", EntryPoint = "CompressionNative_Crc32")] static extern unsafe uint Crc(uint seed, byte* data, int length);
                public static unsafe uint Of(byte one) => Crc(0, &one, 1);
            }}
            """;
        var file = Directory.GetFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "*System.IO.Compression.Native*").Single();
        var name = (OperatingSystem.IsWindows() ? "" : "lib") + "probe" + Path.GetExtension(file);
        var pack = CompiledAssembly.From("Pack", string.Format(CultureInfo.InvariantCulture, Source, "Pack"));
        var lobby = CompiledAssembly.From("Lobby", Sources.Saying("(NativePack.Of(97), NativeLobby.Of(97))") + string.Format(CultureInfo.InvariantCulture, Source, "Lobby"), pack);
        var release = _bench.Load(new ReleaseContents(lobby)
        {
            Packages = new Dictionary<string, byte[]>
            {
                ["Pack.dll"] = pack.Image,
                [name] = File.ReadAllBytes(file),
            },
        });

        Assert.Equal((0xE8B7BE43u, 0xE8B7BE43u), release.FindType("Probe")!.GetMethod("Say")!.Invoke(null, null));
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Satellites_of_packages_and_of_the_service_are_found()
    {
        const string Read = "new System.IO.StreamReader({0}.Assembly.GetSatelliteAssembly(new System.Globalization.CultureInfo(\"fr\")).GetManifestResourceStream(\"greeting\")!).ReadToEnd()";
        var pack = Pack("pack");
        var lobby = CompiledAssembly.From(
            "Lobby",
            Sources.Saying($"{string.Format(CultureInfo.InvariantCulture, Read, "typeof(Pack)")} + \", \" + {string.Format(CultureInfo.InvariantCulture, Read, "typeof(Probe)")}"),
            pack);
        var release = _bench.Load(new ReleaseContents(lobby)
        {
            Packages = new Dictionary<string, byte[]>
            {
                ["Pack.dll"] = pack.Image,
                ["fr/Pack.resources.dll"] = CompiledAssembly.Satellite("Pack", "fr", "greeting", "salut").Image,
            },
            Satellites = new Dictionary<string, CompiledAssembly> { ["fr/Lobby.resources.dll"] = CompiledAssembly.Satellite("Lobby", "fr", "greeting", "bonjour") },
        });

        Assert.Equal("salut, bonjour", Call(release));
        Assert.Equal("salut, bonjour", Call(release));
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Package_that_is_damaged_or_older_than_what_the_service_is_built_against_is_refused()
    {
        var pack = Pack("x");
        var newer = CompiledAssembly.From("Pack", "[assembly: System.Reflection.AssemblyVersion(\"2.0.0.0\")] public static class Pack { public static string Say() => \"\"; }");
        var older = Assert.Single(_bench.Refused(WithPack("1", newer) with { Packages = Files(pack) }));
        Assert.Equal("Lobby is built against Pack 2.0.0.0; the release's packages have 0.0.0.0.", older.Cause);

        var written = _bench.Writer.Write(WithPack("1", newer));
        File.WriteAllBytes(Path.Combine(_bench.State.PackageSet(written.Manifest.Packages!.Hash), "Pack.dll"), pack.Image);
        Assert.Contains("Pack.dll was changed", Assert.Single(_bench.Refused(written)).Cause, StringComparison.Ordinal);
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Package_set_that_was_refused_is_checked_again_when_it_has_been_mended()
    {
        var pack = Pack("mended");
        var written = _bench.Writer.Write(WithPack("1", pack));
        var file = Path.Combine(_bench.State.PackageSet(written.Manifest.Packages!.Hash), "Pack.dll");
        File.Delete(file);
        Assert.Contains("Pack.dll is missing", Assert.Single(_bench.Refused(written)).Cause, StringComparison.Ordinal);

        File.WriteAllBytes(file, pack.Image);
        Assert.Equal("1: mended 1", Call(_bench.Load(written)));
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Same_package_set_hash_with_other_files_is_refused()
    {
        var first = _bench.Writer.Write(WithPack("1", Pack("x")));
        _bench.Load(first);
        var second = WithPack("2", Pack("x")) with
        {
            Edit = manifest => manifest with { Packages = manifest.Packages! with { Files = [.. manifest.Packages!.Files, new ReleaseFile("More.dll", 1, "00", ReleaseFileKind.Package)] } },
        };

        Assert.Contains("has other files", Assert.Single(_bench.Refused(second)).Cause, StringComparison.Ordinal);
        return Task.CompletedTask;
    }

    private static CompiledAssembly Pack(string text) =>
        CompiledAssembly.From("Pack", $"public static class Pack {{ static int calls; public static string Say() => \"{text} \" + ++calls; }}");

    private static CompiledAssembly SerilogUser() =>
        CompiledAssembly.From("Lobby", Sources.Saying("typeof(Serilog.Log)"), new CompiledAssembly("Serilog", File.ReadAllBytes(typeof(Serilog.Log).Assembly.Location), []));

    private static ReleaseContents WithPack(string version, CompiledAssembly pack) =>
        new(CompiledAssembly.From("Lobby", Sources.Saying($"\"{version}: \" + Pack.Say()"), pack)) { Packages = Files(pack) };

    private static Dictionary<string, byte[]> Files(CompiledAssembly pack) => new() { [pack.Name + ".dll"] = pack.Image };

    private static object Call(LoadedRelease release) => release.FindType("Probe")!.GetMethod("Say")!.Invoke(null, null)!;
}
