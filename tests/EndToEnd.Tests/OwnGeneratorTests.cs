using WatchReload.EndToEnd.Tests.Support;

namespace WatchReload.EndToEnd.Tests;

/// <summary>A source generator that lies in the same tree as the service: edited, it generates otherwise; broken, it is named, and those who are connected notice nothing.</summary>
public sealed class OwnGeneratorTests
{
    private const string Generator = "src/Versions/VersionGenerator.cs";
    private const string Connection = Checkout.Service + "Connection.cs";

    [Fact(Timeout = 600_000)]
    public async Task Generator_of_the_tree_is_edited_and_breaks_beside_open_connections()
    {
        await using var checkout = await Checkout.Create();
        checkout.Save("src/Versions/Versions.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <ItemGroup>
                <Reference Include="Microsoft.CodeAnalysis" HintPath="$(RoslynTargetsPath)/bincore/Microsoft.CodeAnalysis.dll" Private="false" />
              </ItemGroup>
            </Project>
            """);
        checkout.Save(Generator, Text("generated 1"));
        File.Delete(checkout[Checkout.Service + "ServiceVersion.cs"]);
        checkout.Edit(Checkout.Service + "Service.csproj", ("<ItemGroup>", "<ItemGroup>\n    <ProjectReference Include=\"../Versions/Versions.csproj\" OutputItemType=\"Analyzer\" ReferenceOutputAssembly=\"false\" />"));
        var watch = await checkout.Watch();
        await using var traffic = await Traffic.Start(checkout);
        Assert.Equal("version generated 1", await traffic.Agree("/version"));

        // An edit of the service goes as it does without one.
        await checkout.BuilderIsReady();
        checkout.Edit(Connection, ("$\"version {", "$\"Version {"));
        Assert.Equal("delta", (await watch.Committed()).Text("lane"));
        Assert.Equal("Version generated 1", await traffic.Agree("/version"));

        // What it generates is another.
        checkout.Save(Generator, Text("generated 2"));
        await watch.Committed();
        Assert.Equal("Version generated 2", await traffic.Agree("/version"));

        // It ends the builder; and again, as the builder is a new one.
        var good = checkout.Read(Connection);
        foreach (var time in (string[])["first", "second"])
        {
            checkout.Save(Connection, $"// overflow, the {time} time\n{good}");
            var failed = await watch.Verdict("build.failed");
            Assert.Contains(failed.Items("diagnostics"), d => d.GetProperty("message").GetString()!.Contains("Versions.VersionGenerator", StringComparison.Ordinal));
            Assert.Equal("Version generated 2", await traffic.Agree("/version"));
        }

        // The next good state builds, and the generator of the tree goes on.
        checkout.Edit(Checkout.Service + "Service.csproj", ("<AssemblyName>", "<Version>2.0.0</Version>\n    <AssemblyName>"));
        checkout.Save(Connection, good);
        await watch.Committed();
        checkout.Save(Generator, Text("generated 3"));
        await watch.Committed();
        Assert.Equal("Version generated 3", await traffic.Agree("/version"));
        Assert.All(await traffic.Stop(), pings => Assert.True(pings > 0));
    }

    private static string Text(string version) => $$"""
        using System.Linq;
        using System.Runtime.CompilerServices;
        using Microsoft.CodeAnalysis;

        namespace Versions;

        [Generator]
        public sealed class VersionGenerator : IIncrementalGenerator
        {
            public void Initialize(IncrementalGeneratorInitializationContext context) => context.RegisterSourceOutput(context.CompilationProvider, (output, compilation) =>
            {
                if (compilation.SyntaxTrees.Any(tree => tree.ToString().StartsWith("// overflow")))
                    Overflow(1);
                output.AddSource("ServiceVersion.cs", "namespace WatchReload.Service; public static class ServiceVersion { public const string Text = \"{{version}}\"; }");
            });

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static int Overflow(int depth) => Overflow(depth + 1) + depth;
        }
        """;
}
