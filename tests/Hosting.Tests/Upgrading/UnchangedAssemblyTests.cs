using System.Runtime.CompilerServices;
using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>A service of two projects: what its actors' states are made of is in the second one.</summary>
public sealed class UnchangedAssemblyTests : IDisposable
{
    private const string State = "namespace Counting; public sealed record ConnState(int Count, List<string> Seen);";
    private readonly HeldObject _before = new();
    private readonly HeldObject _after = new();

    [Fact(Timeout = 60_000)]
    public async Task A_state_is_the_same_object_when_its_assembly_is_unchanged()
    {
        await using var node = await Start(Made("v1", State));
        var client = await node.Connect();
        Assert.Equal(("ok", "ok", "ok"), (await client.Ask("add"), await client.Ask("see"), await client.Ask("before")));
        Assert.Equal("Counting of r000001, Types of r000001", await client.Ask("where"));

        await Commit(node, Made("v2", State));

        Assert.Equal(("ok", "v2 1 see"), (await client.Ask("after"), await client.Ask("count")));
        Assert.True(IsSame());
        Assert.Equal("Counting of r000002, Types of r000001", await client.Ask("where"));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_unchanged_assembly_outlives_the_versions_that_used_it()
    {
        await using var node = await Start(Made("v1", State));
        var client = await node.Connect();
        Assert.Equal(("ok", "ok"), (await client.Ask("see"), await client.Ask("before")));

        for (var version = 2; version <= 4; version++) await Commit(node, Made($"v{version}", State));

        await node.Until(status => status.OldVersions.Count == 3 && status.OldVersions.All(version => version.State == "unloaded"));
        Assert.Equal(("ok", "v4 0 see"), (await client.Ask("after"), await client.Ask("count")));
        Assert.True(IsSame());
        Assert.Equal("Counting of r000004, Types of r000001", await client.Ask("where"));
    }

    /// <summary>Its own code and all that refers to it is loaded anew, and nothing keeps the old one.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_state_is_another_object_when_its_assembly_changes()
    {
        await using var node = await Start(Made("v1", State));
        var client = await node.Connect();
        Assert.Equal(("ok", "ok", "ok"), (await client.Ask("add"), await client.Ask("see"), await client.Ask("before")));

        await Commit(node, Made("v2", "namespace Counting; public sealed record ConnState(long Count, List<string> Seen, int Added = 7);", shown: "s.Count + \" \" + s.Seen[0] + s.Added"));

        Assert.Equal(("ok", "v2 1 see7"), (await client.Ask("after"), await client.Ask("count")));
        Assert.False(IsSame());
        Assert.Equal("Counting of r000002, Types of r000002", await client.Ask("where"));
        _before.Drop();
        await node.Until(status => status.OldVersions.All(version => version.State == "unloaded"));
    }

    /// <summary>What is declared in the code that changes is made anew, of the same parts.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_part_of_a_state_is_the_same_object_when_its_assembly_is_unchanged_and_that_of_the_rest_changes()
    {
        var v1 = Made("v1", "namespace Counting; public sealed class ConnPart { public List<string> Seen { get; } = []; }", "s.Part.Seen[0] + ReferenceEquals(s.Part, s.Parts[0])", "s.Part");
        v1 = v1 with { State = OfParts(""), First = "Service.Begin()", ServiceMembers = "public static ConnState Begin() { var part = new ConnPart(); return new(0, part, [part]); }" };
        await using var node = await Start(v1);
        var client = await node.Connect();
        Assert.Equal(("ok", "ok", "ok"), (await client.Ask("add"), await client.Ask("see"), await client.Ask("before")));

        await Commit(node, v1 with { Version = "v2", State = OfParts(", int Added = 7"), Shown = "s.Count + s.Added + s.Part.Seen[0] + ReferenceEquals(s.Part, s.Parts[0])" });

        Assert.Equal(("ok", "v2 8seeTrue"), (await client.Ask("after"), await client.Ask("count")));
        Assert.True(IsSame());
        Assert.Equal("Counting of r000002, Counting of r000002", await client.Ask("where"));
        await node.Until(status => status.OldVersions.All(version => version.State == "unloaded"));

        static string OfParts(string added) => $"public sealed record ConnState(int Count, ConnPart Part, List<ConnPart> Parts{added});";
    }

    public void Dispose()
    {
        _before.Dispose();
        _after.Dispose();
    }

    private static async Task<NodeHarness> Start(CountingService service)
    {
        var node = new NodeHarness();
        Assert.Null(await node.StartOn(Write(node, service)));
        return node;
    }

    private static async Task Commit(NodeHarness node, CountingService service)
    {
        var report = await node.Reload(Write(node, service));
        Assert.True(report.Verdict == ReloadVerdict.Committed, string.Join('\n', report.Problems));
    }

    private static WrittenRelease Write(NodeHarness node, CountingService service) => node.Releases.Write(service.Compile(), [.. service.References]);

    private CountingService Made(string version, string types, string shown = "s.Count + \" \" + string.Join(',', s.Seen)", string part = "s") => new()
    {
        Version = version,
        References = [CompiledAssembly.From("Types", types)],
        State = "",
        First = "new ConnState(0, [])",
        Shown = shown,
        Commands = $$"""
            case "see": {{part}}.Seen.Add(line); self.WriteLine("ok"); break;
            case "before": {{_before.Set(part)}} self.WriteLine("ok"); break;
            case "after": {{_after.Set(part)}} self.WriteLine("ok"); break;
            case "where": self.WriteLine($"{Loaded.Where(typeof(Conn))}, {Loaded.Where(typeof(ConnState))}"); break;
            """,
        More = "public static class Loaded { public static string Where(Type type) => System.Runtime.Loader.AssemblyLoadContext.GetLoadContext(type.Assembly)!.Name!; }",
    };

    /// <summary>In a method of its own: a local of the caller's would hold a version.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsSame() => ReferenceEquals(_before.Value, _after.Value);
}
