using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using WatchReload.Bench.Services;

namespace WatchReload.Bench.Tests.Services;

/// <summary>What is generated compiles, before and after every edit, and every edit can be seen from outside.</summary>
public sealed class GeneratedServiceTests : IDisposable
{
    private const string Usings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    private readonly string _root = Directory.CreateTempSubdirectory("watchreload-bench-tests-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory(Timeout = 240_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Service_compiles_before_and_after_every_edit(bool forNode)
    {
        await Task.Yield();
        var tree = forNode ? ServiceTree.ForNode(Path.Combine(_root, "tree"), 3) : ServiceTree.ForProcess(Path.Combine(_root, "tree"), 3);
        Compiles(tree.Service, forNode);
        foreach (var kind in Enum.GetValues<EditKind>().Where(tree.Knows))
        {
            for (var i = 0; i < 2; i++)
            {
                var (before, announced) = (tree.Answer, tree.NextAnswer(kind));
                Assert.Equal(announced, tree.Edit(kind));
                Assert.NotEqual(before, announced);
            }

            Compiles(tree.Service, forNode);
        }
    }

    [Fact(Timeout = 240_000)]
    public async Task Bulk_has_twelve_methods_a_file_and_is_always_the_same()
    {
        await Task.Yield();
        var files = Bulk.Files("X", 5).ToArray();

        Assert.Equal(files, Bulk.Files("X", 5));
        Assert.All(files, f => Assert.Equal(Bulk.MethodsInFile, f.Text.Split("public static").Length - 1));
        Assert.Equal(files.Length, files.Select(f => f.Text).Distinct().Count());
    }

    [Fact(Timeout = 240_000)]
    public async Task Libraries_make_a_solution_of_forty_projects_and_the_leaf_is_seen()
    {
        await Task.Yield();
        var tree = ServiceTree.ForNode(Path.Combine(_root, "tree"), 10, libraries: true);

        Assert.Equal(40, Directory.GetFiles(tree.Root, "*.csproj", SearchOption.AllDirectories).Length);
        Assert.InRange(Directory.GetFiles(tree.Root, "*.cs", SearchOption.AllDirectories).Length, 1_450, 1_550);
        var before = tree.Answer;
        Assert.NotEqual(before, tree.Edit(EditKind.Leaf));
        Compiles(tree.Root, library: true); // as one assembly: the references between the projects are MSBuild's to check
    }

    [Fact(Timeout = 240_000)]
    public async Task Crowd_compiles_in_every_release()
    {
        await Task.Yield();
        var tree = CrowdTree.Write(Path.Combine(_root, "crowd"));
        foreach (var release in Enum.GetValues<CrowdRelease>())
        {
            tree.Edit(release);
            Compiles(Path.Combine(tree.Root, "service"), library: true);
        }
    }

    private static void Compiles(string directory, bool library)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(p => MetadataReference.CreateFromFile(p));
        var trees = Directory.EnumerateFiles(directory, "*.cs", SearchOption.AllDirectories).Select(f => CSharpSyntaxTree.ParseText(File.ReadAllText(f), path: f));
        // LoggerMessage methods have their bodies from a generator, which does not run here.
        var errors = CSharpCompilation.Create("Generated", [CSharpSyntaxTree.ParseText(Usings), .. trees], references, new(library ? OutputKind.DynamicallyLinkedLibrary : OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable))
            .GetDiagnostics(TestContext.Current.CancellationToken).Where(d => d.Severity == DiagnosticSeverity.Error && d.Id != "CS8795");
        Assert.Empty(errors);
    }
}
