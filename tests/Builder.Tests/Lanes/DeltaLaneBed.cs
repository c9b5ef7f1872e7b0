using WatchReload.Builder.Tests.Support;
using WatchReload.Control;
using WatchReload.Daemon.Building;

namespace WatchReload.Builder.Tests.Lanes;

/// <summary>A program and a library that it uses, built, and what a node that took all deltas has loaded of them.</summary>
public abstract class DeltaLaneBed : IAsyncLifetime
{
    protected const string App = "App/App.csproj";
    protected const string Program = "App/Program.cs";
    protected const string Rates = "Lib/Rates.cs";
    private readonly Building _building = new();

    /// <summary>Of the program's project.</summary>
    private protected virtual string Items => "";

    /// <summary>Another file of the program.</summary>
    private protected virtual string Extra => "internal static class Extra;";

    /// <summary>Packages that are loaded with each version.</summary>
    private protected virtual IReadOnlyList<string> PerVersion => [];

    /// <summary>The program's tree.</summary>
    private protected Tree Tree => _building.Tree;

    /// <summary>Its builder.</summary>
    private protected BuilderHost Host => _building.Host;

    /// <summary>Of the newest release.</summary>
    private protected Guid? BuildId { get; private set; }

    public async ValueTask InitializeAsync()
    {
        _building.Tree
            .Write("global.json", "{}")
            .Write("Directory.Build.props", "<Project />")
            .Write("Lib/Lib.csproj", Projects.Library())
            .Write(Rates, """
                namespace Lib;

                public sealed class Rates
                {
                    public int Of(int years) { return years * 2; }
                    // more of Rates
                }
                """)
            .Write("Lib/Entries.cs", """
                using System.Collections;

                namespace Lib;

                public sealed class Entries : IEnumerable
                {
                    private int _count = 3;
                    public override string ToString() { return $"{_count}"; }
                    IEnumerator IEnumerable.GetEnumerator() { yield return _count; }
                }

                public static class Extending
                {
                    public static string Shown(this Entries entries) { return "extension"; }
                    public static string Named() { return nameof(Shown); }
                }
                """)
            // As in the repository that ships with a service: what nodes have for all versions is a project beside it, and no code of the service.
            .Write("Actors/WatchReload.Actors.csproj", Projects.Library())
            .Write("Actors/ActorName.cs", "namespace WatchReload.Actors; public sealed class ActorName(string name) { public override string ToString() => name + Loudly(); private static string Loudly() => \"!\"; }")
            .Write("App/Names.cs", "namespace App; internal static class Names { internal static readonly WatchReload.Actors.ActorName Index = new(\"index\"); }")
            .Write(App, "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><Nullable>enable</Nullable><ImplicitUsings>enable</ImplicitUsings></PropertyGroup><ItemGroup><ProjectReference Include=\"../Lib/Lib.csproj\" /><ProjectReference Include=\"../Actors/WatchReload.Actors.csproj\" />" + Items + "</ItemGroup></Project>")
            .Write("App/Extra.cs", Extra)
            .Write(Program, """
                using Lib;

                namespace App;

                internal static class Program
                {
                    private static void Main() { Console.WriteLine(Said()); }
                    internal static string Said() { return $"{new Rates().Of(1)}"; }
                    // more of Program
                }

                internal sealed class Word
                {
                    private int _letters = 4;
                    public override string ToString() { return $"{_letters}"; }
                    // more of Word
                }
                """);
        var built = await Build(null);
        Assert.True(built.Succeeded, string.Join('\n', built.Diagnostics));
        Inputs = built.Inputs;
        await _building.Host.WarmUp(Request(null), TestContext.Current.CancellationToken);
        Loaded = LoadedImages.From(built);
    }

    public async ValueTask DisposeAsync()
    {
        await _building.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Of the tree as it was built first.</summary>
    private protected BuildInputs Inputs { get; private set; } = new();

    /// <summary>What a node that took all deltas has.</summary>
    private protected List<LoadedAssembly> Loaded { get; set; } = [];

    /// <summary>What a node takes.</summary>
    private protected async Task<BuildOutcome> Delta()
    {
        var outcome = await Build(Loaded);
        Assert.True(outcome.LaneReason is null, outcome.LaneReason);
        Assert.Equal((true, BuildLane.Delta), (outcome.Succeeded, outcome.Lane));
        Taken(outcome);
        return outcome;
    }

    /// <summary>The node has taken the deltas.</summary>
    private protected void Taken(BuildOutcome outcome) =>
        Loaded = [.. Loaded.Select(loaded => outcome.Deltas.FirstOrDefault(delta => delta.Assembly == loaded.Name) is { } delta ? loaded with { Generation = delta.Generation, Delta = delta.Id } : loaded)];

    private protected static bool Has(BuildOutcome outcome, string text) => outcome.Deltas.Any(delta => delta.Metadata.AsSpan().IndexOf(System.Text.Encoding.Unicode.GetBytes(text)) >= 0);

    private protected static bool Built(BuildOutcome outcome, string text) => File.ReadAllBytes(outcome.Outputs.Single(output => output.Path == "App.dll").Source).AsSpan().IndexOf(System.Text.Encoding.Unicode.GetBytes(text)) >= 0;

    private protected async Task<IEnumerable<string>> Deltas()
    {
        var outcome = await Delta();
        return outcome.Deltas.Select(delta => $"{delta.Assembly} {delta.Generation}").Order(StringComparer.Ordinal);
    }

    private protected void Edit(string file, string was, string becomes)
    {
        var text = File.ReadAllText(_building.Tree[file]);
        Assert.Contains(was, text, StringComparison.Ordinal);
        File.WriteAllText(_building.Tree[file], text.Replace(was, becomes, StringComparison.Ordinal));
    }

    private protected BuildRequest Request(IReadOnlyList<LoadedAssembly>? loaded) => _building.Request(App, "Debug") with { Root = Tree.Root, Deltas = true, Loaded = loaded, BuildId = BuildId, PerVersion = PerVersion };

    /// <summary>Each outcome with outputs is a release.</summary>
    private protected async Task<BuildOutcome> Build(IReadOnlyList<LoadedAssembly>? loaded)
    {
        var outcome = await _building.Host.Build(Request(loaded), TestContext.Current.CancellationToken);
        if (outcome.Outputs.Count > 0)
            BuildId = outcome.BuildId;
        return outcome;
    }
}
