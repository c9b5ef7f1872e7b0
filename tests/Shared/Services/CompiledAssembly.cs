using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace WatchReload.Tests;

/// <summary>An assembly made from source at test time, with symbols; nothing of it is on disk.</summary>
internal sealed record CompiledAssembly(string Name, byte[] Image, byte[] Symbols)
{
    private const string Usings = "global using System; global using System.Collections.Generic; global using System.Linq; global using System.Threading; global using System.Threading.Tasks; ";

    private static readonly CSharpParseOptions s_parsing = new(LanguageVersion.Latest);

    private static readonly IReadOnlyList<MetadataReference> Frameworks =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !path.StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private static readonly MetadataReference ActorsReference = MetadataReference.CreateFromFile(typeof(Actors.IService).Assembly.Location);

    /// <summary>What it was emitted from.</summary>
    public CSharpCompilation Compilation { get => field ?? throw new InvalidOperationException($"{Name} was not compiled here."); init; }

    /// <summary>The file that the source pretends to come from: what a stack trace names.</summary>
    public string SourceFile => SourceFileOf(Name);

    public static CompiledAssembly From(string name, string source, params CompiledAssembly[] references) =>
        Emit(name, Usings + "global using WatchReload.Actors;", source, [ActorsReference, .. References(references)], Platform.AnyCpu, []);

    /// <summary>What it would be emitted from if its source were another, with more files.</summary>
    public CSharpCompilation With(string source, params IEnumerable<string> files) =>
        Compilation.ReplaceSyntaxTree(Compilation.SyntaxTrees.Last(tree => tree.FilePath == SourceFile), Parse(source, SourceFile)).AddSyntaxTrees(files.Select((file, i) => Parse(file, $"{SourceFile}.{i}.cs")));

    /// <summary>What becomes of another source, with the same references: they are not read again, which is most of the work for a short one.</summary>
    public CompiledAssembly Again(string source) => Emit(Name, With(source), []);

    /// <summary>Without a reference to WatchReload.Actors.</summary>
    public static CompiledAssembly Bare(string name, string source, params CompiledAssembly[] references) =>
        Emit(name, Usings, source, References(references), Platform.AnyCpu, []);

    /// <summary>Of several files, and of what generators make of them.</summary>
    public static CompiledAssembly Generated(string name, IReadOnlyList<string> sources, IReadOnlyList<ISourceGenerator> generators, params CompiledAssembly[] references) =>
        Emit(name, Usings + "global using System.IO; global using System.Net.Http; global using WatchReload.Actors;", sources, [ActorsReference, .. References(references)], Platform.AnyCpu, [], generators);

    public static CompiledAssembly ForPlatform(string name, string source, Platform platform) =>
        Emit(name, Usings + "global using WatchReload.Actors;", source, [ActorsReference], platform, []);

    /// <summary>A resource assembly: <paramref name="culture"/>'s file for <paramref name="parent"/>, with one text resource.</summary>
    public static CompiledAssembly Satellite(string parent, string culture, string resource, string text) =>
        Emit(
            parent + ".resources",
            "",
            $"[assembly: System.Reflection.AssemblyCulture(\"{culture}\")]",
            [],
            Platform.AnyCpu,
            [new ResourceDescription(resource, () => new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), isPublic: true)]);

    private static string SourceFileOf(string name) => $"/source/{name}.cs";

    private static IReadOnlyList<MetadataReference> References(CompiledAssembly[] assemblies) =>
        [.. assemblies.Select(assembly => MetadataReference.CreateFromImage(assembly.Image))];

    private static CompiledAssembly Emit(string name, string usings, string source, IReadOnlyList<MetadataReference> references, Platform platform, ResourceDescription[] resources) =>
        Emit(name, usings, [source], references, platform, resources, []);

    private static CompiledAssembly Emit(
        string name, string usings, IReadOnlyList<string> sources, IReadOnlyList<MetadataReference> references, Platform platform, ResourceDescription[] resources, IReadOnlyList<ISourceGenerator> generators)
    {
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, platform: platform, deterministic: true, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable);
        var compilation = CSharpCompilation.Create(
            name,
            [Parse(usings, "usings.cs"), .. sources.Select(source => Parse(source, SourceFileOf(name)))],
            [.. Frameworks, .. references],
            options);
        if (generators.Count > 0)
        {
            CSharpGeneratorDriver.Create(generators, parseOptions: s_parsing).RunGeneratorsAndUpdateCompilation(compilation, out var generated, out var problems);
            Assert.Empty(problems);
            compilation = (CSharpCompilation)generated;
        }

        return Emit(name, compilation, resources);
    }

    private static CompiledAssembly Emit(string name, CSharpCompilation compilation, ResourceDescription[] resources)
    {
        using var image = new MemoryStream();
        using var symbols = new MemoryStream();
        var result = compilation.Emit(image, symbols, manifestResources: resources, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb));
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return new(name, image.ToArray(), symbols.ToArray()) { Compilation = compilation };
    }

    private static SyntaxTree Parse(string source, string path) =>
        CSharpSyntaxTree.ParseText(SourceText.From(source, System.Text.Encoding.UTF8), s_parsing, path);
}
