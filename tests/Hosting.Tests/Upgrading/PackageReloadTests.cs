using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>Packages, native libraries and shared resources over reloads; services beside each other.</summary>
public sealed class PackageReloadTests
{
    private static readonly CountingService V1 = new();

    [Fact(Timeout = 60_000)]
    public async Task A_package_is_upgraded_between_two_versions_and_its_statics_go_on_while_it_stays()
    {
        var (old, upgraded) = (Pack("old"), Pack("new"));
        var service = V1 with { References = [old], Commands = "case \"pack\": self.WriteLine(Pack.Say()); break;" };
        await using var node = new NodeHarness();
        Assert.Null(await node.StartOn(node.Releases.Write(With(service, old))));
        var client = await node.Connect();
        Assert.Equal("old 1", await client.Ask("pack"));

        await Commit(node, With(service with { Version = "v2" }, old));
        Assert.Equal("old 2", await client.Ask("pack"));
        await Commit(node, With(service with { Version = "v3" }, upgraded));
        Assert.Equal("new 1", await client.Ask("pack"));
        await Commit(node, With(service with { Version = "v4" }, old));
        Assert.Equal("old 3", await client.Ask("pack"));
        await node.Until(status => status.OldVersions.All(version => version.State == "unloaded"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_native_library_is_there_for_every_version()
    {
        const string source = """
            public static class Native
            {
                [System.Runtime.InteropServices.DllImport("probe", EntryPoint = "CompressionNative_Crc32")] static extern unsafe uint Crc(uint seed, byte* data, int length);
                public static unsafe uint Of(byte one) => Crc(0, &one, 1);
            }
            """;
        var file = Directory.GetFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "*System.IO.Compression.Native*").Single();
        var name = (OperatingSystem.IsWindows() ? "" : "lib") + "probe" + Path.GetExtension(file);
        var service = V1 with { More = source, Commands = "case \"crc\": self.WriteLine(Native.Of(97).ToString(\"X\")); break;" };
        ReleaseContents Release(string version) => new((service with { Version = version }).Compile()) { Packages = new Dictionary<string, byte[]> { [name] = File.ReadAllBytes(file) } };
        await using var node = new NodeHarness();
        Assert.Null(await node.StartOn(node.Releases.Write(Release("v1"))));
        var client = await node.Connect();
        Assert.Equal("E8B7BE43", await client.Ask("crc"));

        await Commit(node, Release("v2"));

        Assert.Equal("E8B7BE43", await client.Ask("crc"));
        await node.Until(status => status.OldVersions is [{ State: "unloaded" }]);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_shared_resource_lasts_while_the_packages_stay_and_ends_with_the_node()
    {
        using var held = new HeldObject();
        var (old, upgraded) = (Pack("old"), Pack("new"));
        var service = V1 with
        {
            References = [old],
            Configure = $"service.ConfigureShared(shared => shared.Singleton<Pool>(\"pool\", _ => {{ var pool = new Pool(); {held.Set("new Func<string>(() => pool.Ended ? \"ended\" : \"open\")")} return pool; }}));",
            Members = "private readonly Pool pool; public Conn(Pool pool) => this.pool = pool;",
            Commands = "case \"use\": self.WriteLine($\"use {++pool.Uses}\"); break;",
        };
        await using (var node = new NodeHarness())
        {
            Assert.Null(await node.StartOn(node.Releases.Write(With(service, old))));
            var client = await node.Connect();
            Assert.Equal("use 1", await client.Ask("use"));

            await Commit(node, With(service with { Version = "v2" }, old));
            Assert.Equal("use 2", await client.Ask("use"));
            await Commit(node, With(service with { Version = "v3" }, upgraded));
            Assert.Equal("use 1", await client.Ask("use"));
            Assert.Equal("open", held.Call());
        }

        Assert.Equal("ended", held.Call());
    }

    /// <summary>A node runs one service; a process may have several nodes.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Two_services_in_one_process_are_apart_from_each_other()
    {
        var pack = Pack("pack");
        var service = V1 with { References = [pack], Commands = "case \"pack\": self.WriteLine(Pack.Say()); break;" };
        await using NodeHarness one = new(), two = new();
        foreach (var node in new[] { one, two }) Assert.Null(await node.StartOn(node.Releases.Write(With(service, pack))));
        var (first, second) = (await one.Connect(), await two.Connect());
        Assert.Equal(("ok", "pack 1", "pack 1"), (await first.Ask("add"), await first.Ask("pack"), await second.Ask("pack")));

        await Commit(one, With(service with { Version = "v2" }, pack));

        Assert.Equal(("v2 1", "v1 0"), (await first.Ask("count"), await second.Ask("count")));
        Assert.Equal((2, 1), (one.Status.Version, two.Status.Version));
        Assert.Equal("pack 2", await second.Ask("pack"));
        await one.Until(status => status.OldVersions is [{ State: "unloaded" }]);
    }

    private static CompiledAssembly Pack(string text) => CompiledAssembly.From(
        "Pack",
        $"public static class Pack {{ static int calls; public static string Say() => \"{text} \" + ++calls; }} public sealed class Pool : IDisposable {{ public int Uses; public bool Ended; public void Dispose() => Ended = true; }}");

    private static ReleaseContents With(CountingService service, CompiledAssembly pack) =>
        new(service.Compile()) { Packages = new Dictionary<string, byte[]> { ["Pack.dll"] = pack.Image } };

    private static async Task Commit(NodeHarness node, ReleaseContents contents) =>
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(node.Releases.Write(contents))).Verdict);
}
