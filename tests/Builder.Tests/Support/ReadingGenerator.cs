namespace WatchReload.Builder.Tests.Support;

/// <summary>A generator that makes a constant of each additional file, one of the names of all classes, and one of a file that nobody knows to be an input. It lies where packages do, so that what uses it is held ready.</summary>
internal static class ReadingGenerator
{
    private const string Name = "Reading.Generator";

    /// <summary>Of the service and of the project that it runs on.</summary>
    public static string Properties(Tree tree) => $"<RestoreFallbackFolders>{Packages(tree)}</RestoreFallbackFolders>";

    public static string Items(Tree tree) => $"<Analyzer Include=\"{Image(tree)}\" />";

    public static string Image(Tree tree) => Path.Combine(Packages(tree), Name + ".dll");

    /// <summary>Read once by whoever holds the generator ready, and by each compiler that MSBuild starts.</summary>
    public static string Aside(Tree tree) => Path.Combine(tree.State, "aside.txt");

    /// <summary>Builds it, apart from the tree.</summary>
    public static async Task Write(Tree tree)
    {
        await using var building = new Building();
        building.Tree
            .Write($"{Name}.csproj", Projects.Library(items: "<Reference Include=\"Microsoft.CodeAnalysis\" HintPath=\"$(RoslynTargetsPath)/bincore/Microsoft.CodeAnalysis.dll\" Private=\"false\" /><Reference Include=\"Microsoft.CodeAnalysis.CSharp\" HintPath=\"$(RoslynTargetsPath)/bincore/Microsoft.CodeAnalysis.CSharp.dll\" Private=\"false\" />"))
            .Write("Reading.cs", Source.Replace("ASIDE", Aside(tree), StringComparison.Ordinal));
        var outcome = await building.Build($"{Name}.csproj");
        Assert.True(outcome.Succeeded, string.Join('\n', outcome.Diagnostics));
        Directory.CreateDirectory(Packages(tree));
        File.Copy(outcome.Outputs.Single(output => output.Path == $"{Name}.dll").Source, Image(tree));
    }

    private static string Packages(Tree tree) => Path.Combine(tree.State, "packages");

    private const string Source = """
        using Microsoft.CodeAnalysis;
        using Microsoft.CodeAnalysis.CSharp;
        using Microsoft.CodeAnalysis.CSharp.Syntax;

        namespace Reading;

        [Generator]
        public sealed class ReadingGenerator : IIncrementalGenerator
        {
            public void Initialize(IncrementalGeneratorInitializationContext context)
            {
                context.RegisterPostInitializationOutput(output => output.AddSource("Aside.cs", $"internal static partial class Read {{ public const string Aside = \"{(File.Exists("ASIDE") ? File.ReadAllText("ASIDE") : "")}\"; }}"));
                var texts = context.AdditionalTextsProvider.Select((file, cancellation) => (Path.GetFileNameWithoutExtension(file.Path), file.GetText(cancellation)?.ToString()));
                context.RegisterSourceOutput(texts, (output, text) =>
                    output.AddSource($"{text.Item1}.cs", $"internal static partial class Read {{ public const string {text.Item1} = {SymbolDisplay.FormatLiteral(text.Item2 ?? "", quote: true)}; }}"));
                var names = context.SyntaxProvider.CreateSyntaxProvider((node, _) => node is ClassDeclarationSyntax, (found, _) => ((ClassDeclarationSyntax)found.Node).Identifier.Text).Collect();
                context.RegisterSourceOutput(names, (output, all) =>
                    output.AddSource("Classes.cs", $"internal static partial class Read {{ public const string Classes = \"{string.Join(' ', all)}\"; }}"));
            }
        }
        """;
}
