using System.Reflection;
using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>
/// Entity Framework Core as a package that is loaded with each version: it compiles delegates over a service's entities, and keeps models, queries, change trackers' snapshots
/// and internal containers in statics.
/// </summary>
public sealed class EntityFrameworkTests
{
    private const int Reloads = 5;

    private static readonly IReadOnlyDictionary<string, byte[]> Packages = typeof(EntityFrameworkTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Where(a => a.Key == "EntityFrameworkAssembly").ToDictionary(a => Path.GetFileName(a.Value!), a => File.ReadAllBytes(a.Value!));

    [Fact(Timeout = 120_000)]
    public async Task Every_version_that_has_used_it_unloads_when_it_is_loaded_with_the_version()
    {
        await using var node = new NodeHarness();
        Assert.Null(await node.StartOn(node.Releases.Write(Release("v0"))));
        var client = await node.Connect();
        for (var reload = 1; ; reload++)
        {
            Assert.Equal($"v{reload - 1} 2 of 3", await client.Ask("store"));
            Assert.Equal("ok", await client.Ask("add"));
            if (reload > Reloads) break;
            Assert.Equal(ReloadVerdict.Committed, (await node.Reload(node.Releases.Write(Release($"v{reload}")))).Verdict);
        }

        await node.Until(status => status.OldVersions.All(version => version.State == "unloaded"));
        Assert.Equal($"v{Reloads} {Reloads + 1}", await client.Ask("count"));
    }

    /// <summary>So that the test above is known to prove something.</summary>
    [Fact(Timeout = 120_000)]
    public async Task It_holds_a_version_that_has_used_it_when_all_versions_share_it()
    {
        await using var node = new NodeHarness();
        Assert.Null(await node.StartOn(node.Releases.Write(Release("v0") with { PerVersion = [] })));
        var client = await node.Connect();
        Assert.Equal("v0 2 of 3", await client.Ask("store"));
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(node.Releases.Write(Release("v1") with { PerVersion = [] }))).Verdict);
        Assert.Equal("v1 2 of 3", await client.Ask("store"));

        await node.Until(status => status.OldVersions is [{ State: "lingering" }]);
    }

    private static ReleaseContents Release(string version) => new(Service(version).Compile()) { Packages = Packages, PerVersion = [.. Packages.Keys.Select(Path.GetFileNameWithoutExtension).OfType<string>()] };

    private static CountingService Service(string version) => new()
    {
        Version = version,
        References = [.. Packages.Select(package => new CompiledAssembly(Path.GetFileNameWithoutExtension(package.Key), package.Value, []))],
        Commands = "case \"store\": self.WriteLine(await Shop.Use()); break;",
        More = $$"""
            public sealed class Customer
            {
                public int Id { get; set; }
                public string Name { get; set; } = "";
                public List<Order> Orders { get; set; } = [];
            }
            public sealed class Order
            {
                public int Id { get; set; }
                public decimal Total { get; set; }
                public Customer Customer { get; set; } = null!;
            }
            public sealed class Shop(Microsoft.EntityFrameworkCore.DbContextOptions<Shop> options) : Microsoft.EntityFrameworkCore.DbContext(options)
            {
                public Microsoft.EntityFrameworkCore.DbSet<Customer> Customers => Set<Customer>();

                /// <summary>Makes a model, tracks, saves, and asks with joins and a closure.</summary>
                public static async Task<string> Use()
                {
                    var builder = new Microsoft.EntityFrameworkCore.DbContextOptionsBuilder<Shop>();
                    Microsoft.EntityFrameworkCore.InMemoryDbContextOptionsExtensions.UseInMemoryDatabase(builder, Guid.NewGuid().ToString());
                    await using var shop = new Shop(builder.Options);
                    shop.Customers.Add(new Customer { Name = "ann", Orders = [new() { Total = 5 }, new() { Total = 7 }] });
                    shop.Customers.Add(new Customer { Name = "bob", Orders = [new() { Total = 1 }] });
                    await shop.SaveChangesAsync();
                    shop.ChangeTracker.Clear();
                    var least = 5m;
                    var rich = shop.Customers.Where(c => c.Orders.Any(o => o.Total >= least)).SelectMany(c => c.Orders).Select(o => new { o.Total, o.Customer.Name }).ToList();
                    var all = shop.Set<Order>().ToList();
                    return $"{{version}} {rich.Count} of {all.Count}";
                }
            }
            """,
    };
}
