using System.Security.Cryptography;
using WatchReload.Builder.Tests.Support;
using WatchReload.Control;

namespace WatchReload.Builder.Tests.Lanes;

/// <summary>
/// A program over a library over a library, with what compilations are made of: generators, resources, implicit usings, friends, unsafe code,
/// documentation. What a replay gives is compared with what MSBuild then makes of the same tree in the same place, byte for byte.
/// </summary>
public sealed class ReplayLaneTests(ReplayLaneTests.Fixture fixture) : IClassFixture<ReplayLaneTests.Fixture>
{
    private const string App = "App/App.csproj";
    private const string Greeter = "Middle/Greeter.cs";
    private const string Bottom = "Bottom/Number.cs";

    private Tree Tree => fixture.Building.Tree;

    /// <summary>Each by itself: the file is put back before the next.</summary>
    private static readonly (string File, string Was, string Becomes)[] _edits =
    [
        ("App/Program.cs", "hello", "good evening"),
        ("App/Program.cs", "// of the program", "// of the whole program\n\n"),
        (Greeter, "yield return name;", "yield return name; yield return name.ToUpperInvariant();"),
        (Greeter, "internal static unsafe int First", "internal static unsafe int Second(int* p) => p[1];\n    internal static unsafe int First"),
        ("Middle/Log.cs", "Greeted {Name}", "Has greeted {Name}"),
        ("Middle/Shape.cs", "int Width", "int Width, int Depth"),
        (Bottom, "=> 42", "=> 43"),
        (Bottom, "public int Value() => 42;", "public int Value() => 42; public long Wide() => 42;"),
        (Bottom, "public int Value() => 42;", "public int Value() => 42; private int _hidden = 1; public int Hidden() => _hidden;"),
    ];

    [Fact(Timeout = 600_000)]
    public async Task Makes_what_MSBuild_makes_when_a_source_changes()
    {
        await Ready();
        var replays = new List<(BuildOutcome Outcome, Dictionary<string, string> Images)>();
        foreach (var (file, was, becomes) in _edits)
        {
            using var edit = Edit(file, was, becomes);
            var replayed = await Build();
            Assert.Equal((true, BuildLane.Replay, null), (replayed.Succeeded, replayed.Lane, replayed.LaneReason));
            replays.Add((replayed, Images(replayed)));
        }
        foreach (var ((file, was, becomes), (replayed, images)) in _edits.Zip(replays))
        {
            using var edit = Edit(file, was, becomes);
            var built = await Build(BuildLane.Build);
            Assert.Equal(BuildLane.Build, built.Lane);
            Assert.True(Images(built).OrderBy(image => image.Key).SequenceEqual(images.OrderBy(image => image.Key)), $"{file}: {was} -> {becomes}");
            Assert.Equal(built.Outputs.Select(output => output.Path), replayed.Outputs.Select(output => output.Path));
            Assert.Equal((built.EntryAssembly, built.ActorsVersion, built.Runtime, built.Sdk), (replayed.EntryAssembly, replayed.ActorsVersion, replayed.Runtime, replayed.Sdk));
        }
        Assert.Equal(_edits.Length, replays.Select(replay => replay.Images["App.dll"] + replay.Images["Middle.dll"] + replay.Images["Bottom.dll"]).Distinct().Count());
    }

    [Fact(Timeout = 300_000)]
    public async Task Makes_what_MSBuild_makes_after_edits_one_upon_the_other_and_back()
    {
        await Ready();
        using var surface = Edit(Bottom, "public int Value() => 42;", "public int Value() => 42; public string More() => Value().ToString();");
        Assert.Equal(BuildLane.Replay, (await Build()).Lane);
        using (Edit(Greeter, "new Number().Value()", "new Number().More().Length"))
            Assert.Equal(BuildLane.Replay, (await Build()).Lane);
        var replayed = await Build();
        Assert.Equal(BuildLane.Replay, replayed.Lane);
        var images = Images(replayed);
        Assert.Equal(Images(await Build(BuildLane.Build)), images);
    }

    [Fact(Timeout = 300_000)]
    public async Task Leaves_a_dependent_as_it_is_when_only_bodies_changed_below_it()
    {
        await Ready();
        using var edit = Edit(Bottom, "=> 42", "=> 44");
        var replayed = await Build();
        string Source(string name) => replayed.Outputs.Single(output => output.Path == name).Source;
        var replays = $"{Path.DirectorySeparatorChar}replay{Path.DirectorySeparatorChar}";
        Assert.Contains(replays, Source("Bottom.dll"), StringComparison.Ordinal);
        Assert.DoesNotContain(replays, Source("Middle.dll"), StringComparison.Ordinal);
        Assert.DoesNotContain(replays, Source("App.dll"), StringComparison.Ordinal);
    }

    [Fact(Timeout = 300_000)]
    public async Task Says_of_broken_sources_what_MSBuild_says_and_goes_on_when_they_are_mended()
    {
        await Ready();
        IReadOnlyList<string> replayed;
        using (Edit(Bottom, "=> 42", "=> fortytwo"))
        using (Edit("App/Program.cs", "hello", "nothing\" + nothing + \""))
        {
            var broken = await Build();
            Assert.Equal((BuildLane.Replay, false), (broken.Lane, broken.Succeeded));
            replayed = Places(broken);
        }
        var mended = await Build();
        Assert.Equal((BuildLane.Replay, true), (mended.Lane, mended.Succeeded));
        var images = Images(mended);
        Assert.Equal(Images(await Build(BuildLane.Build)), images);
        Assert.Equal([$"CS0103 {Tree[Bottom]}(7,27)"], replayed);
    }

    [Fact(Timeout = 300_000)]
    public async Task Gives_the_verdict_of_warnings_as_errors_and_of_analyzers()
    {
        await Ready();
        using var edit = Edit("Middle/Shape.cs", "// more", "public static class Text { public static bool Is(string a) { string? b = null; return a.ToLower() == b!.Trim(); } public static void Unused() { int nobody = 1; } }");
        var replayed = await Build();
        Assert.Equal(BuildLane.Replay, replayed.Lane);
        var built = await Build(BuildLane.Build);
        Assert.Equal(Places(built), Places(replayed));
        Assert.False(replayed.Succeeded);
        Assert.Contains(replayed.Diagnostics, diagnostic => diagnostic is { Severity: DiagnosticSeverity.Error, Code: "CA1304" });
        Assert.Contains(replayed.Diagnostics, diagnostic => diagnostic is { Severity: DiagnosticSeverity.Warning, Code: "CS0219" });
    }

    [Fact(Timeout = 600_000)]
    public async Task Leaves_to_MSBuild_what_is_no_source_file()
    {
        (string File, string Was, string Becomes, BuildLane Lane)[] edits =
        [
            (".editorconfig", "# more", "dotnet_diagnostic.CS0219.severity = none", BuildLane.Build),
            ("Middle/Texts.resx", "Hello", "Goodbye", BuildLane.Build),
            ("App/appsettings.json", "1", "2", BuildLane.Build),
            ("Directory.Build.props", "<!-- more -->", "<PropertyGroup><Company>Another</Company></PropertyGroup>", BuildLane.Restore),
        ];
        await Ready();
        var made = new List<Edited>();
        try
        {
            foreach (var (file, was, becomes, lane) in edits)
            {
                made.Add(Edit(file, was, becomes)); // upon those before
                var outcome = await Build();
                Assert.True(outcome.Succeeded, string.Join('\n', outcome.Diagnostics));
                Assert.Equal((lane, $"{Path.GetFileName(file)} changed"), (outcome.Lane, outcome.LaneReason));
            }
        }
        finally
        {
            made.ForEach(edit => edit.Dispose());
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Leaves_to_MSBuild_a_tree_that_may_have_other_files()
    {
        await Build();
        var outcome = await fixture.Building.Host.Build(fixture.Building.Request(App), TestContext.Current.CancellationToken);
        Assert.Equal((BuildLane.Build, "files may have come or gone"), (outcome.Lane, outcome.LaneReason));
    }

    [Fact(Timeout = 300_000)]
    public async Task Leaves_to_MSBuild_a_source_that_is_not_UTF_8()
    {
        await Ready();
        var path = Tree[Bottom];
        var before = await File.ReadAllBytesAsync(path);
        try
        {
            await File.WriteAllBytesAsync(path, [.. before, .. "// "u8, 0xE9, (byte)'\n']);
            var outcome = await Build();
            Assert.Equal((BuildLane.Build, true), (outcome.Lane, outcome.Succeeded));
            Assert.NotNull(outcome.LaneReason);
        }
        finally
        {
            await File.WriteAllBytesAsync(path, before);
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Stays_with_MSBuild_when_a_project_has_targets_of_its_own()
    {
        using var own = Edit(App, "<!-- more -->", "<Target Name=\"Stamp\" AfterTargets=\"Build\" />");
        await Build();
        using var edit = Edit("App/Program.cs", "hello", "hello hello");
        var outcome = await Build();
        Assert.Equal((BuildLane.Build, "App.csproj has a target of its own (Stamp in App.csproj)"), (outcome.Lane, outcome.LaneReason));
    }

    /// <summary>Built, and its compilations proved.</summary>
    private async Task Ready()
    {
        var outcome = await Build();
        Assert.True(outcome.Succeeded, string.Join('\n', outcome.Diagnostics));
        await fixture.Building.Host.WarmUp(Request(BuildLane.Auto), TestContext.Current.CancellationToken);
    }

    private Task<BuildOutcome> Build(BuildLane lane = BuildLane.Auto) => fixture.Building.Host.Build(Request(lane), TestContext.Current.CancellationToken);

    private BuildRequest Request(BuildLane lane) => fixture.Building.Request(App) with { SameFiles = true, Lane = lane };

    private Edited Edit(string file, string was, string becomes) => new(Tree[file], was, becomes);

    private static Dictionary<string, string> Images(BuildOutcome outcome) => outcome.Outputs
        .Where(output => output.Kind is ReleaseFileKind.Hot or ReleaseFileKind.Symbols)
        .ToDictionary(output => output.Path, output => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(output.Source))));

    private static IReadOnlyList<string> Places(BuildOutcome outcome) =>
        [.. outcome.Diagnostics.Select(diagnostic => $"{diagnostic.Code} {diagnostic.File}({diagnostic.Line},{diagnostic.Column})").Order(StringComparer.Ordinal)];

    private sealed class Edited : IDisposable
    {
        private readonly string _path;
        private readonly string _before;

        public Edited(string path, string was, string becomes)
        {
            (_path, _before) = (path, File.ReadAllText(path));
            Assert.Contains(was, _before, StringComparison.Ordinal);
            File.WriteAllText(path, _before.Replace(was, becomes, StringComparison.Ordinal));
        }

        public void Dispose() => File.WriteAllText(_path, _before);
    }

    public sealed class Fixture : IAsyncLifetime
    {
        internal Building Building { get; } = new();

        public async ValueTask InitializeAsync()
        {
            Building.Tree
                .Write("global.json", "{}")
                .Write(".editorconfig", "root = true\n[*.cs]\ndotnet_diagnostic.CA1304.severity = error\n# more\n")
                .Write("Directory.Build.props", "<Project><!-- more --></Project>")
                .Write("Bottom/Bottom.csproj", Projects.Library("<Version>3.2.1</Version>"))
                .Write(Bottom, "namespace Bottom;\n\n/// <summary>A number.</summary>\npublic class Number\n{\n    /// <summary>Which it is.</summary>\n    public int Value() => 42;\n}\n")
                .Write("Middle/Middle.csproj", Projects.Library(
                    "<AllowUnsafeBlocks>true</AllowUnsafeBlocks><GenerateDocumentationFile>true</GenerateDocumentationFile><NoWarn>$(NoWarn);CS1591</NoWarn><WarningsAsErrors>nullable</WarningsAsErrors>",
                    "<FrameworkReference Include=\"Microsoft.AspNetCore.App\" /><ProjectReference Include=\"../Bottom/Bottom.csproj\" /><InternalsVisibleTo Include=\"App\" />"))
                .Write(Greeter, """
                    using Bottom;

                    namespace Middle;

                    public class Greeter
                    {
                        public async IAsyncEnumerable<string> Greet(string name)
                        {
                            await Task.Yield();
                            Func<int, int> twice = n => n * 2;
                            yield return name;
                            yield return $"{twice(new Number().Value())}";
                        }

                        internal static unsafe int First(int* p) => p[0];
                    }
                    """)
                .Write("Middle/Log.cs", """
                    using Microsoft.Extensions.Logging;

                    namespace Middle;

                    public static partial class Log
                    {
                        [LoggerMessage(1, LogLevel.Information, "Greeted {Name}")]
                        public static partial void Greeted(ILogger log, string name);
                    }
                    """)
                .Write("Middle/Shape.cs", """
                    using System.Text.Json.Serialization;
                    using System.Text.RegularExpressions;

                    namespace Middle;

                    public sealed record Shape(int Width, int Height);

                    [JsonSerializable(typeof(Shape))]
                    public sealed partial class ShapeJson : JsonSerializerContext;

                    public static partial class Words
                    {
                        [GeneratedRegex("[a-z]+")]
                        public static partial Regex Word();
                    }
                    // more
                    """)
                .Write("Middle/Texts.resx", """
                    <root>
                      <resheader name="resmimetype"><value>text/microsoft-resx</value></resheader>
                      <resheader name="version"><value>2.0</value></resheader>
                      <resheader name="reader"><value>System.Resources.ResXResourceReader, System.Windows.Forms</value></resheader>
                      <resheader name="writer"><value>System.Resources.ResXResourceWriter, System.Windows.Forms</value></resheader>
                      <data name="Greeting" xml:space="preserve"><value>Hello</value></data>
                    </root>
                    """)
                .Write(App, """
                    <Project Sdk="Microsoft.NET.Sdk">
                      <PropertyGroup>
                        <OutputType>Exe</OutputType>
                        <TargetFramework>net10.0</TargetFramework>
                        <Nullable>enable</Nullable>
                        <ImplicitUsings>enable</ImplicitUsings>
                        <AllowUnsafeBlocks>true</AllowUnsafeBlocks>
                        <DebugType>embedded</DebugType>
                      </PropertyGroup>
                      <!-- more -->
                      <ItemGroup>
                        <FrameworkReference Include="Microsoft.AspNetCore.App" />
                        <ProjectReference Include="../Middle/Middle.csproj" />
                        <Content Include="appsettings.json" CopyToPublishDirectory="PreserveNewest" />
                      </ItemGroup>
                    </Project>
                    """)
                .Write("App/appsettings.json", "{ \"one\": 1 }")
                .Write("App/Program.cs", """
                    using Middle;

                    // of the program
                    await foreach (var greeting in new Greeter().Greet("hello"))
                        Console.WriteLine(greeting);
                    unsafe
                    {
                        var number = 1;
                        Console.WriteLine(Greeter.First(&number));
                    }
                    """);
            var first = await Building.Build(App);
            Assert.True(first.Succeeded, string.Join('\n', first.Diagnostics));
        }

        public async ValueTask DisposeAsync() => await Building.DisposeAsync();
    }
}
