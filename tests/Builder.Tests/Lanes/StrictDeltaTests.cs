using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using WatchReload.Builder.Tests.Support;
using WatchReload.Control;

namespace WatchReload.Builder.Tests.Lanes;

/// <summary>A project whose warnings fail the build: what the compiler says of comments, and of what may be null, it says of the whole project, and not of a difference.</summary>
public sealed class StrictDeltaTests : IAsyncLifetime
{
    private const string App = "App/App.csproj";
    private const string Program = "App/Program.cs";
    private const string Here = "    // here";
    private readonly Building _building = new();
    private IReadOnlyList<LoadedAssembly> _loaded = [];

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
        var built = await Build();
        Assert.True(built.Succeeded, string.Join('\n', built.Diagnostics));
        await _building.Host.WarmUp(_building.Request(App, "Debug") with { Deltas = true }, TestContext.Current.CancellationToken);
        _loaded = [.. built.Outputs.Where(output => output.Kind == ReleaseFileKind.Hot).Select(output => new LoadedAssembly(Path.GetFileNameWithoutExtension(output.Path), Mvid(output.Source), 0))];
    }

    public async ValueTask DisposeAsync() => await _building.DisposeAsync();

    [Theory(Timeout = 300_000)]
    [InlineData("/// <summary>More.</summary>\n    public int More() => Letters;", BuildLane.Delta, true)] // a method that is added
    [InlineData("public int More() => Letters;", BuildLane.Replay, false)]
    [InlineData("private int More() => Letters;", BuildLane.Delta, true)]
    [InlineData("/// <summary>More, as in <see cref=\"Letters\"/>.</summary>\n    public int More { get; init; } = 7;", BuildLane.Replay, true)] // Main mentions it, and runs when the assembly is loaded
    [InlineData("private int More(string? text) => text?.Length ?? Letters;", BuildLane.Delta, true)]
    [InlineData("private int More(string? text) => text.Length;", BuildLane.Replay, false)]
    [InlineData("/// <summary>More, as in <see cref=\"Missing\"/>.</summary>\n    private int More() => Letters;", BuildLane.Replay, false)]
    public async Task Edit_is_a_delta_when_nothing_of_it_would_fail_the_build(string added, BuildLane lane, bool succeeds)
    {
        var text = await File.ReadAllTextAsync(_building.Tree[Program], TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_building.Tree[Program], text.Replace(Here, "    " + added, StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var outcome = await Build();

        Assert.True((succeeds, lane) == (outcome.Succeeded, outcome.Lane), $"{outcome.Lane}: {outcome.LaneReason} {string.Join('\n', outcome.Diagnostics)}");
    }

    [Theory(Timeout = 300_000)]
    [InlineData("/// <param name=\"Times\">Said.</param>", "int", true)]
    [InlineData("", "int", false)]
    [InlineData("/// <param name=\"Times\">Said.</param>", "string?", false)] // in another file something of it is used
    public async Task Type_is_made_anew_when_nothing_of_it_would_fail_the_build(string comment, string type, bool isDelta)
    {
        _building.Tree.Write("App/Said.cs", "namespace App;\n\n/// <summary>Said.</summary>\n/// <param name=\"Number\">Of it.</param>\n/// <param name=\"Times\">Said.</param>\npublic sealed record Said(int Number, string Times);\n");
        _building.Tree.Write("App/Uses.cs", "namespace App;\n\ninternal static class Uses { public static string? Of(Said said) => said.Times.ToString(); }\n");
        var built = await Build();
        Assert.True(built.Succeeded, string.Join('\n', built.Diagnostics));
        _loaded = [.. built.Outputs.Where(output => output.Kind == ReleaseFileKind.Hot).Select(output => new LoadedAssembly(Path.GetFileNameWithoutExtension(output.Path), Mvid(output.Source), 0))];
        _building.Tree.Write("App/Said.cs", $"namespace App;\n\n/// <summary>Said.</summary>\n/// <param name=\"Number\">Of it.</param>\n{comment}\npublic sealed record Said(long Number, {type} Times);\n");

        var outcome = await Build();

        Assert.True((isDelta, isDelta) == (outcome.Succeeded, outcome.Lane == BuildLane.Delta), $"{outcome.Lane}: {outcome.LaneReason} {string.Join('\n', outcome.Diagnostics)}");
    }

    private Task<BuildOutcome> Build() => _building.Host.Build(_building.Request(App, "Debug") with { Deltas = true, Loaded = _loaded.Count == 0 ? null : _loaded }, TestContext.Current.CancellationToken);

    private static Guid Mvid(string image)
    {
        using var file = new PEReader(File.OpenRead(image));
        var metadata = file.GetMetadataReader();
        return metadata.GetGuid(metadata.GetModuleDefinition().Mvid);
    }
}
