using System.Globalization;
using WatchReload.EndToEnd.Tests.Support;

namespace WatchReload.EndToEnd.Tests;

/// <summary>Whatever is edited, in whichever project, and by whichever way it goes: what serves answers as what is started afresh from the same tree.</summary>
public sealed class RandomEditTests
{
    private const string Ping = "self.WriteLine($\"pong {text} {s.Pings}\");";
    private const int Cases = 3;
    private const int Edits = 6;

    private static int Seed { get; } = int.TryParse(Environment.GetEnvironmentVariable("WATCHRELOAD_TEST_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : 20261129;

    /// <summary>The same in each project: what a load makes anew, and a delta does not.</summary>
    private static readonly Func<int, string>[] More =
    [
        k => $"public const int Constant = {k}; public object More0(int n) => n + Constant;",
        k => $"public object More1(int n, int more = {k}) => n + more;",
        k => $"private readonly int _seed = {k}; public object More2(int n) => n + _seed;",
        k => $"public object More3(int n) => Of<string>(n); private static int Of<T>(int n) => n + {k};",
    ];

    /// <summary>In the service's own project alone: a project that nothing of is edited keeps its statics.</summary>
    private static string Statics(int k) => k % 2 == 0 ? $"public object More4(int n) => n + {k};" : $"private static int _asked = {k}; public object More4(int n) => n + _asked++;";

    [Fact(Timeout = 1200_000)]
    public async Task What_serves_answers_as_a_cold_start_from_the_same_tree_does_after_random_edits()
    {
        var random = new Random(Seed);
        var words = new EditedClass("Words", random, More);
        var service = new EditedClass("WatchReload.Service.Edits", random, [.. More, Statics]);
        await using var checkout = await Checkout.Create();
        await Prepare(checkout, words, service);
        var watch = await checkout.Watch();
        using var client = await checkout.Connect("ann");
        await client.Ask("/ping a");
        await checkout.BuilderIsReady();
        var (lanes, done) = (new List<string?>(), new List<string>());
        for (var one = 0; one < Cases; one++)
        {
            var answer = "";
            for (var edit = 0; edit < Edits; edit++)
            {
                var isOfWords = random.Next(3) == 0;
                done.Add((isOfWords ? words : service).Edit());
                checkout.Save(isOfWords ? "src/Words/Edited.cs" : Checkout.Service + "Edited.cs", (isOfWords ? words : service).Text);
                lanes.Add((await watch.Committed()).Text("lane"));
                answer = await client.Ask("/ping a");
            }

            await using var cold = await Checkout.Create();
            await Prepare(cold, words, service);
            await cold.Watch();
            using var stranger = await cold.Connect("bob");
            var expected = await stranger.Ask("/ping a");
            Assert.True(expected == answer, $"Seed {Seed}: a cold start says\n{expected}, and what was edited says\n{answer}\nafter\n{string.Join('\n', done.Zip(lanes, (what, lane) => $"{lane}: {what}"))}");
        }

        Assert.Contains("delta", lanes);
        Assert.Contains("replay", lanes);
    }

    /// <summary>The tree as it is by now.</summary>
    private static async Task Prepare(Checkout checkout, EditedClass words, EditedClass service)
    {
        checkout.Edit("Directory.Build.props", ("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>", ""));
        checkout.Save("src/Words/Words.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\" />");
        checkout.Save("src/Words/Edited.cs", words.Text);
        checkout.Save("src/Words/Answers.cs", words.Answers);
        checkout.Save(Checkout.Service + "Edited.cs", service.Text);
        checkout.Save(Checkout.Service + "Answers.cs", service.Answers);
        checkout.Edit(Checkout.Service + "Service.csproj", ("<FrameworkReference", "<ProjectReference Include=\"../Words/Words.csproj\" /><FrameworkReference"));
        checkout.Edit(Checkout.Service + "Connection.cs", (Ping, "self.WriteLine($\"{text}: {WatchReload.Service.Edits.Answers.All}; {Words.Answers.All}\");"));
        await checkout.Commit("edited");
    }
}
