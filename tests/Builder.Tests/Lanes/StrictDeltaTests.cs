using WatchReload.Builder.Tests.Support;
using WatchReload.Control;

namespace WatchReload.Builder.Tests.Lanes;

/// <summary>A project whose warnings fail the build: what the compiler says of comments, and of what may be null, it says of the whole project, and not of a difference.</summary>
public sealed class StrictDeltaTests : IAsyncLifetime
{
    private const string App = "App/App.csproj";
    private const string Program = "App/Program.cs";
    private const string Said = "App/Said.cs";
    private const string Here = "// here";
    private readonly Building _building = new();
    private IReadOnlyList<LoadedAssembly> _loaded = [];
    private Guid? _buildId;

    public async ValueTask InitializeAsync()
    {
        _building.Tree
            .Write("global.json", "{}")
            .Write("Directory.Build.props", "<Project />")
            .Write(App, "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><Nullable>enable</Nullable><ImplicitUsings>enable</ImplicitUsings><GenerateDocumentationFile>true</GenerateDocumentationFile><TreatWarningsAsErrors>true</TreatWarningsAsErrors></PropertyGroup></Project>")
            .Write(Program, $$"""
                namespace App;

                internal static class Program
                {
                    private static void Main() { Console.WriteLine(new Word(4)); }
                }

                /// <summary>A word.</summary>
                /// <param name="Letters">Of it.</param>
                public sealed record Word(int Letters)
                {
                    {{Here}}
                }
                """);
        _building.Tree
            .Write(Said, "namespace App;\n\n/// <summary>Said.</summary>\n/// <param name=\"Number\">Of it.</param>\n/// <param name=\"Times\">Said.</param>\npublic sealed record Said(int Number, string Times);\n")
            .Write("App/Uses.cs", "namespace App;\n\ninternal static class Uses { public static string? Of(Said said) => said.Times.ToString(); }\n");
        var built = await Build();
        Assert.True(built.Succeeded, string.Join('\n', built.Diagnostics));
        _buildId = built.BuildId;
        await _building.Host.WarmUp(_building.Request(App, "Debug") with { Deltas = true }, TestContext.Current.CancellationToken);
        _loaded = LoadedImages.From(built);
    }

    public async ValueTask DisposeAsync() => await _building.DisposeAsync();

    /// <summary>Each by itself, from what the node has.</summary>
    [Fact(Timeout = 300_000)]
    public async Task Edit_is_a_delta_when_nothing_of_it_would_fail_the_build()
    {
        await Is(BuildLane.Delta, true, Program, Here, "/// <summary>More.</summary>\n    public int More() => Letters;"); // a method that is added
        await Is(BuildLane.Replay, false, Program, Here, "public int More() => Letters;");
        await Is(BuildLane.Delta, true, Program, Here, "private int More() => Letters;");
        await Is(BuildLane.Replay, true, Program, Here, "/// <summary>More, as in <see cref=\"Letters\"/>.</summary>\n    public int More { get; init; } = 7;"); // Main mentions it, and runs when the assembly is loaded
        await Is(BuildLane.Delta, true, Program, Here, "private int More(string? text) => text?.Length ?? Letters;");
        await Is(BuildLane.Replay, false, Program, Here, "private int More(string? text) => text.Length;");
        await Is(BuildLane.Replay, false, Program, Here, "/// <summary>More, as in <see cref=\"Missing\"/>.</summary>\n    private int More() => Letters;");

        // Made anew, with what uses it in another file.
        await Is(BuildLane.Delta, true, Said, "int Number", "long Number");
        await Is(BuildLane.Replay, false, Said, "/// <param name=\"Number\">Of it.</param>", "");
        await Is(BuildLane.Replay, false, Said, "string Times", "string? Times");
        await Is(BuildLane.Delta, true, Said, "string Times", "object Times");
    }

    private async Task Is(BuildLane lane, bool succeeds, string file, string was, string becomes)
    {
        var text = await File.ReadAllTextAsync(_building.Tree[file], TestContext.Current.CancellationToken);
        Assert.Contains(was, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(_building.Tree[file], text.Replace(was, becomes, StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var outcome = await Build();

        Assert.True((succeeds, lane) == (outcome.Succeeded, outcome.Lane), $"{becomes}: {outcome.Lane}: {outcome.LaneReason} {string.Join('\n', outcome.Diagnostics)}");
        await File.WriteAllTextAsync(_building.Tree[file], text, TestContext.Current.CancellationToken);
    }

    private Task<BuildOutcome> Build() => _building.Host.Build(_building.Request(App, "Debug") with { Deltas = true, Loaded = _loaded.Count == 0 ? null : _loaded, BuildId = _buildId }, TestContext.Current.CancellationToken);
}
