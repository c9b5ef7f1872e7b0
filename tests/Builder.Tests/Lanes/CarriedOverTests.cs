using System.Globalization;
using System.Text.RegularExpressions;
using WatchReload.Builder.Tests.Support;
using WatchReload.Control;
using WatchReload.Tests;

namespace WatchReload.Builder.Tests.Lanes;

/// <summary>What is proved stays so when MSBuild has built again, as far as MSBuild has made the same of it; what is replayed from there is what MSBuild makes.</summary>
[Collection(nameof(ThreeProjects))]
public sealed partial class CarriedOverTests(ThreeProjects projects)
{
    private const string More = "<!-- more -->";

    [Theory(Timeout = 300_000)]
    [InlineData(ThreeProjects.App, More, "<ItemGroup><AssemblyMetadata Include=\"Build\" Value=\"3\" /></ItemGroup>", 0)] // in a generated source
    [InlineData(ThreeProjects.App, More, "<PropertyGroup><DefineConstants>$(DefineConstants);MORE</DefineConstants></PropertyGroup>", 1)] // in the compiler's call
    [InlineData("App/appsettings.json", "1", "2", 0)]
    [InlineData("Middle/Texts.resx", "Hello", "Goodbye", 1)] // in an image, by a file that is read anew: its compilation is not told, and fails the comparison
    [InlineData(ThreeProjects.Words, "one", "two", 1)] // held by the compilation
    [InlineData(".editorconfig", "# more", "dotnet_diagnostic.CS0219.severity = none", 3)]
    public async Task Only_projects_of_which_more_than_texts_and_references_changed_are_opened_anew(string file, string was, string becomes, int anew)
    {
        await projects.Ready();
        using var edit = projects.Edit(file, was, becomes);
        var then = Now();
        await projects.Ready();
        Assert.Equal($"{anew} of 3", await ProofSince(then));
        await EditsAreWhatMSBuildMakes();
    }

    [Fact(Timeout = 300_000)]
    public async Task What_was_replayed_since_is_carried_over_and_what_was_saved_as_MSBuild_was_needed_is_taken()
    {
        await projects.Ready();
        using var replayed = projects.Edit(ThreeProjects.Number, "public int Value() => 42;", "public int Value() => 42; public int More() => 1;");
        Assert.Equal(BuildLane.Replay, (await projects.Build()).Lane);
        using var saved = projects.Edit(ThreeProjects.Greeter, "new Number().Value()", "new Number().More()");
        using var settings = projects.Edit("App/appsettings.json", "1", "2");
        var then = Now();
        await projects.Ready();
        Assert.Equal("0 of 3", await ProofSince(then));
        await EditsAreWhatMSBuildMakes();
    }

    [Theory(Timeout = 300_000)]
    [InlineData("Release", false)]
    [InlineData("Debug", true)]
    public async Task A_proof_that_an_edit_breaks_off_is_not_lost(string configuration, bool deltas)
    {
        await projects.Ready(deltas, configuration);
        var then = Now();
        using (projects.Edit("App/appsettings.json", "1", "2"))
            Assert.NotEqual(BuildLane.Replay, (await projects.Build(BuildLane.Auto, deltas, configuration)).Lane);
        Assert.NotEqual(BuildLane.Replay, (await projects.Build(BuildLane.Auto, deltas, configuration)).Lane);
        await projects.Ready(deltas, configuration);
        Assert.Equal("0 of 3", await ProofSince(then));
        await EditsAreWhatMSBuildMakes(deltas, configuration);
    }

    [Fact(Timeout = 300_000)]
    public async Task A_build_that_fails_loses_nothing()
    {
        await projects.Ready();
        using (projects.Edit(ThreeProjects.App, More, "<PropertyGroup><LangVersion>1</LangVersion></PropertyGroup>"))
            Assert.False((await projects.Build()).Succeeded);
        var then = Now();
        await projects.Ready();
        Assert.Equal("0 of 3", await ProofSince(then));
        await EditsAreWhatMSBuildMakes();
    }

    /// <summary>As packages of one version that are made anew are.</summary>
    [Fact(Timeout = 300_000)]
    public async Task A_generator_that_is_replaced_where_it_lies_is_not_what_is_loaded()
    {
        var generator = ReadingGenerator.Image(projects.Tree);
        var written = File.GetLastWriteTimeUtc(generator);
        await projects.Ready();
        try
        {
            File.SetLastWriteTimeUtc(generator, written.AddHours(1));
            using var edit = projects.Edit("App/appsettings.json", "1", "2");
            await projects.Ready();
            using var source = projects.Edit(ThreeProjects.Program, "hello", "good day");
            var outcome = await projects.Build();
            Assert.Equal((true, BuildLane.Build, $"{generator}, a generator or analyzer, was replaced since it was loaded"), (outcome.Succeeded, outcome.Lane, outcome.LaneReason));
        }
        finally
        {
            File.SetLastWriteTimeUtc(generator, written);
        }
    }

    private async Task EditsAreWhatMSBuildMakes(bool deltas = false, string configuration = "Release")
    {
        using var bottom = projects.Edit(ThreeProjects.Number, "=> 42;", "=> 44; public string Carried() => \"over\";");
        using var program = projects.Edit(ThreeProjects.Program, "hello", "good night");
        var replayed = await projects.Build(BuildLane.Auto, deltas, configuration);
        Assert.Equal((true, BuildLane.Replay, null), (replayed.Succeeded, replayed.Lane, replayed.LaneReason));
        var images = ThreeProjects.Images(replayed);
        Assert.Equal(ThreeProjects.Images(await projects.Build(BuildLane.Build, deltas, configuration)), images);
    }

    /// <summary>Of the first proof after a time: how many projects were opened anew, of how many. The builder's log is written as its words arrive.</summary>
    private async Task<string> ProofSince(TimeOnly then)
    {
        var log = Path.Combine(projects.Tree.State, "logs", "builder.log");
        Match? found = null;
        await FileNews.Until(log, () => (found = OpenedAnew().Matches(FileNews.Read(log)).FirstOrDefault(IsLater)) is not null, TestContext.Current.CancellationToken);
        return found!.Groups["count"].Value;

        bool IsLater(Match proof) => TimeOnly.Parse(proof.Groups["time"].Value, CultureInfo.InvariantCulture) - then is var later && later > TimeSpan.Zero && later < TimeSpan.FromHours(12);
    }

    /// <summary>In milliseconds, as the log has it: a build takes many of them.</summary>
    private static TimeOnly Now() => TimeOnly.ParseExact(DateTime.Now.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture), "HH:mm:ss.fff", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<time>\d\d:\d\d:\d\d\.\d\d\d) .*opened anew: (?<count>\d+ of \d+) projects", RegexOptions.Multiline)]
    private static partial Regex OpenedAnew();
}
