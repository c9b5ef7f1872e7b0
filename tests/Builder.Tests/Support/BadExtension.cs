namespace WatchReload.Builder.Tests.Support;

/// <summary>A generator and an analyzer that do what the comments of the sources say: <c>generator: overflow</c>, <c>analyzer: hang, held ready</c> and the like; a path after that is of a FIFO that is written to before.</summary>
/// <remarks>What is said for compilations that are held ready is done in them alone, not when MSBuild has the compiler run, as a deep recursion ends on a smaller stack alone.</remarks>
public sealed class BadExtension : IAsyncLifetime
{
    /// <summary>Of its assembly.</summary>
    public const string Name = "Bad.Extension";

    private readonly Building _building = new();

    /// <summary>Items and properties of a project that it runs on. It lies where packages do, so that the project is held ready.</summary>
    public string Properties => $"<RestoreFallbackFolders>{Packages}</RestoreFallbackFolders>";

    public string Items => $"<Analyzer Include=\"{Path.Combine(Packages, Name + ".dll")}\" />";

    private string Packages => Path.Combine(_building.Tree.State, "packages");

    public async ValueTask InitializeAsync()
    {
        _building.Tree
            .Write($"{Name}.csproj", Projects.Library(items: "<Reference Include=\"Microsoft.CodeAnalysis\" HintPath=\"$(RoslynTargetsPath)/bincore/Microsoft.CodeAnalysis.dll\" Private=\"false\" />"))
            .Write("Bad.cs", Source);
        var outcome = await _building.Build($"{Name}.csproj");
        Assert.True(outcome.Succeeded, string.Join('\n', outcome.Diagnostics));
        Directory.CreateDirectory(Packages);
        File.Copy(outcome.Outputs.Single(output => output.Path == $"{Name}.dll").Source, Path.Combine(Packages, $"{Name}.dll"));
        await _building.Host.DisposeAsync(); // its memory is wanted
    }

    public async ValueTask DisposeAsync() => await _building.DisposeAsync();

    private const string Source = """
        using System.Collections.Immutable;
        using System.Runtime.CompilerServices;
        using System.Runtime.Loader;
        using Microsoft.CodeAnalysis;
        using Microsoft.CodeAnalysis.Diagnostics;

        namespace Bad;

        [Generator]
        public sealed class BadGenerator : IIncrementalGenerator
        {
            public void Initialize(IncrementalGeneratorInitializationContext context) => context.RegisterSourceOutput(context.CompilationProvider, (output, compilation) =>
            {
                Deed.Do("generator", compilation);
                output.AddSource("Generated.cs", "internal static class Generated { public static int Of(int a) => a; }");
            });
        }

        [DiagnosticAnalyzer("C#")]
        public sealed class BadAnalyzer : DiagnosticAnalyzer
        {
            private static readonly DiagnosticDescriptor Rule = new("BAD1", "Bad", "Bad", "Bad", DiagnosticSeverity.Warning, isEnabledByDefault: true);

            public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

            public override void Initialize(AnalysisContext context)
            {
                context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
                context.EnableConcurrentExecution();
                context.RegisterCompilationAction(compilation => Deed.Do("analyzer", compilation.Compilation));
            }
        }

        internal static class Deed
        {
            private static bool IsHeldReady => AssemblyLoadContext.GetLoadContext(typeof(Deed).Assembly)?.Name?.StartsWith("generators and analyzers of", StringComparison.Ordinal) == true;

            public static void Do(string who, Compilation compilation)
            {
                foreach (var tree in compilation.SyntaxTrees)
                {
                    var text = tree.ToString();
                    if (text.IndexOf($"// {who}: ", StringComparison.Ordinal) is var at && at < 0)
                        continue;
                    var asked = text[(at + who.Length + 5)..].Split('\n')[0].Trim().Split(", ");
                    if (asked.Contains("held ready") && !IsHeldReady)
                        continue;
                    if (asked.Length > 2)
                        File.WriteAllText(asked[2], "reached");
                    switch (asked[0])
                    {
                        case "throw":
                            throw new InvalidOperationException("thrown for a test");
                        case "hang":
                            Thread.Sleep(Timeout.Infinite); // and looks at no cancellation
                            break;
                        case "overflow":
                            Overflow(1);
                            break;
                    }
                }
            }

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static int Overflow(int depth) => Overflow(depth + 1) + depth;
        }
        """;
}
