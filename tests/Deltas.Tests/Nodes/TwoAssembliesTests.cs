using WatchReload.Control;

namespace WatchReload.Deltas.Tests.Nodes;

/// <summary>Edits of a service and of a library that it uses: both are applied, or none.</summary>
public sealed class TwoAssembliesTests
{
    private static readonly CompiledAssembly Greets = CompiledAssembly.From("Greets", Library("one"));
    private static readonly CountingService V1 = Saying(1);

    [Fact(Timeout = 120_000)]
    public async Task Both_are_others_in_one_version_when_the_deltas_of_two_assemblies_are_applied()
    {
        await using var node = await DeltaNode.Start(V1);
        var client = await node.Harness.Connect();
        Assert.Equal("one 1", await client.Ask("say"));

        var report = await node.Send(OfLibrary("two"), node.Make(Saying(2)));

        Assert.Equal((ReloadVerdict.Committed, 2), (report.Verdict, report.Version));
        Assert.Equal("two 2", await client.Ask("say"));
        Assert.Equal([("Counting", 1), ("Greets", 1)], Generations(node));
    }

    [Fact(Timeout = 120_000)]
    public async Task Nothing_changes_when_one_of_the_deltas_is_not_for_what_is_loaded()
    {
        await using var node = await DeltaNode.Start(V1);
        var client = await node.Harness.Connect();
        var (library, service) = (OfLibrary("two"), node.Make(Saying(2)));

        Assert.Equal(ReloadVerdict.Refused, (await node.Send(library, service with { Generation = 2 })).Verdict);
        Assert.Equal(ReloadVerdict.Refused, (await node.Send(library, library)).Verdict);

        Assert.Equal("one 1", await client.Ask("say"));
        Assert.Equal([("Counting", 0), ("Greets", 0)], Generations(node));
        Assert.Equal(ReloadVerdict.Committed, (await node.Send(library, service)).Verdict);
        Assert.Equal("two 2", await client.Ask("say"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Delta_is_refused_and_the_old_code_serves_when_the_runtime_does_not_take_it()
    {
        await using var node = await DeltaNode.Start(V1);
        var client = await node.Harness.Connect();

        var report = await node.Send(node.Untakeable(V1 with { More = V1.More.Replace("int A;", "int A; public int B;", StringComparison.Ordinal) }, "Counting.Pair", "B"));

        Assert.Equal((ReloadVerdict.Refused, 1), (report.Verdict, report.Version));
        Assert.Contains("The runtime does not take the delta", Assert.Single(report.Problems), StringComparison.Ordinal);
        Assert.Equal("one 1", await client.Ask("say"));
        Assert.Equal([("Counting", 0), ("Greets", 0)], Generations(node));
    }

    /// <summary>Part of the code is new then, and does not fit the rest.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Node_goes_back_at_once_and_says_so_when_the_runtime_takes_the_first_delta_and_not_the_second()
    {
        await using var node = await DeltaNode.Start(V1);
        var client = await node.Harness.Connect();
        Assert.Equal("ok", await client.Ask("add"));

        var report = await node.Send(OfLibrary("two"), node.Untakeable(V1 with { More = V1.More.Replace("int A;", "int A; public int B;", StringComparison.Ordinal) }, "Counting.Pair", "B"));

        Assert.Equal((ReloadVerdict.TakenBack, 2), (report.Verdict, report.Version));
        Assert.Contains("The runtime does not take the delta", string.Join(' ', report.Problems), StringComparison.Ordinal);
        Assert.Equal("one 1", await client.Ask("say"));
        Assert.Equal("v1 1", await client.Ask("count"));
        Assert.Equal([("Counting", 0), ("Greets", 0)], Generations(node));
    }

    /// <summary>Nothing that runs is another: there is nothing to go back from.</summary>
    [Fact(Timeout = 120_000)]
    public async Task What_serves_goes_on_when_of_deltas_that_make_types_anew_the_second_is_not_taken_and_a_load_comes_next()
    {
        await using var node = await DeltaNode.Start(V1);
        var client = await node.Harness.Connect();
        var library = new Difference(Greets).To(Library("two").Replace("{ public", "{ private static int More => 1; public", StringComparison.Ordinal)).Delta!;
        Assert.True(library.Apart);
        var untakeable = node.Untakeable(V1 with { More = V1.More.Replace("int A;", "int A; public int B;", StringComparison.Ordinal) }, "Counting.Pair", "B") with { Apart = true };

        var report = await node.Send(library, untakeable);

        Assert.Equal((ReloadVerdict.Refused, 1), (report.Verdict, node.Harness.Status.Version));
        Assert.Contains("The runtime does not take the delta", Assert.Single(report.Problems), StringComparison.Ordinal);
        Assert.Equal("one 1", await client.Ask("say"));

        Assert.Contains("is not known", Assert.Single((await node.Send(OfLibrary("three"))).Problems), StringComparison.Ordinal);
        var loaded = await node.Harness.Reload(node.Harness.Releases.Write(Saying(4).Compile(), Greets));
        Assert.Equal((ReloadVerdict.Committed, 2), (loaded.Verdict, node.Harness.Status.Version));
        Assert.Equal("one 4", await client.Ask("say"));
        Assert.Equal([("Counting", 0), ("Greets", 0)], Generations(node));
    }

    private static AssemblyDelta OfLibrary(string says) => new Difference(Greets).To(Library(says)).Delta!;

    private static string Library(string says) => $"namespace Greets; public static class Greeting {{ public static string Says() {{ return \"{says}\"; }} }}";

    private static CountingService Saying(int number) => new()
    {
        References = [Greets],
        Commands = $"case \"say\": self.WriteLine(Greets.Greeting.Says() + \" {number}\"); break;",
        More = "public struct Pair { public int A; }",
    };

    private static IEnumerable<(string, int)> Generations(DeltaNode node) => node.Harness.Status.Loaded!.OrderBy(loaded => loaded.Name, StringComparer.Ordinal).Select(loaded => (loaded.Name, loaded.Generation));
}
