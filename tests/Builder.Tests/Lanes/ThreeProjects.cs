using System.Security.Cryptography;
using WatchReload.Builder.Tests.Support;
using WatchReload.Control;

namespace WatchReload.Builder.Tests.Lanes;

/// <summary>
/// A program over a library over a library, with what compilations are made of: generators, one of which reads additional files, resources, implicit usings, friends, unsafe code,
/// documentation, symbols inside and beside, and where their sources are. Built once; each test leaves the tree as it was.
/// </summary>
public sealed class ThreeProjects : IAsyncLifetime
{
    internal const string App = "App/App.csproj";
    internal const string Program = "App/Program.cs";
    internal const string Greeter = "Middle/Greeter.cs";
    internal const string Words = "Middle/Words.txt";
    internal const string Number = "Bottom/Number.cs";

    private const string Release = "Release";

    private readonly Building _building = new();

    internal Tree Tree => _building.Tree;

    public async ValueTask InitializeAsync()
    {
        await ReadingGenerator.Write(Tree);
        Tree
            .Write("global.json", "{}")
            .Write(".editorconfig", "root = true\n[*.cs]\ndotnet_diagnostic.CA1304.severity = error\n# more\n")
            .Write("Directory.Build.props", $"<Project><PropertyGroup>{ReadingGenerator.Properties(Tree)}</PropertyGroup><!-- more --></Project>")
            .Write("Bottom/Bottom.csproj", Projects.Library("<Version>3.2.1</Version><SourceLink>$(MSBuildThisFileDirectory)../links.json</SourceLink>"))
            .Write("links.json", "{ \"documents\": { \"*\": \"https://example.org/one/*\" } }")
            .Write(Number, "namespace Bottom;\n\n/// <summary>A number.</summary>\npublic class Number\n{\n    /// <summary>Which it is.</summary>\n    public int Value() => 42;\n}\n")
            .Write("Middle/Middle.csproj", Projects.Library(
                "<AllowUnsafeBlocks>true</AllowUnsafeBlocks><GenerateDocumentationFile>true</GenerateDocumentationFile><NoWarn>$(NoWarn);CS1591</NoWarn><WarningsAsErrors>nullable;CS0108</WarningsAsErrors>",
                ReadingGenerator.Items(Tree) + "<AdditionalFiles Include=\"*.txt\" /><FrameworkReference Include=\"Microsoft.AspNetCore.App\" /><ProjectReference Include=\"../Bottom/Bottom.csproj\" /><InternalsVisibleTo Include=\"App\" />"))
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
            .Write(Words, "one")
            .Write("Middle/Reader.cs", "namespace Middle; public static class Reader { public static string All() => Read.Words + Read.Classes; }")
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
            .Write(Program, """
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
        var first = await _building.Build(App);
        Assert.True(first.Succeeded, string.Join('\n', first.Diagnostics));
    }

    public async ValueTask DisposeAsync() => await _building.DisposeAsync();

    /// <summary>Built, and its compilations proved.</summary>
    internal async Task Ready(bool deltas = false, string configuration = Release)
    {
        var outcome = await Build(deltas ? BuildLane.Build : BuildLane.Auto, deltas, configuration);
        Assert.True(outcome.Succeeded, string.Join('\n', outcome.Diagnostics));
        await _building.Host.WarmUp(Request(BuildLane.Auto, deltas, configuration), TestContext.Current.CancellationToken);
    }

    internal Task<BuildOutcome> Build(BuildLane lane = BuildLane.Auto, bool deltas = false, string configuration = Release) => _building.Host.Build(Request(lane, deltas, configuration), TestContext.Current.CancellationToken);

    /// <summary>Built, and what was replayed built by MSBuild too.</summary>
    internal Task<BuildOutcome> Verify() => _building.Host.Build(Request(BuildLane.Auto) with { Verify = true }, TestContext.Current.CancellationToken);

    /// <summary>Replaces a text in a file, until what is returned is disposed.</summary>
    internal IDisposable Edit(string file, string was, string becomes) => new Edited(Tree[file], was, becomes);

    /// <summary>Hashes of the projects' assemblies and symbols.</summary>
    internal static Dictionary<string, string> Images(BuildOutcome outcome) => outcome.Outputs
        .Where(output => output.Kind is ReleaseFileKind.Hot or ReleaseFileKind.Symbols)
        .ToDictionary(output => output.Path, output => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(output.Source))));

    private BuildRequest Request(BuildLane lane, bool deltas = false, string configuration = Release) => _building.Request(App, configuration) with { Lane = lane, Deltas = deltas };

    /// <summary>A file that was not there, until what is returned is disposed.</summary>
    internal IDisposable Add(string file, string text)
    {
        Tree.Write(file, text);
        return new Added(Tree[file]);
    }

    private sealed class Added(string path) : IDisposable
    {
        public void Dispose() => File.Delete(path);
    }

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
}

[CollectionDefinition(nameof(ThreeProjects))]
public sealed class ThreeProjectsCollection : ICollectionFixture<ThreeProjects>;
