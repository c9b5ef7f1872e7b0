using System.Globalization;

namespace WatchReload.Bench.Services;

/// <summary>
/// Projects that a service builds on, as a large solution has them: each references the two with twice its number, so the service reaches
/// all of them through the first, and those of the last half are leaves.
/// </summary>
internal static class Libraries
{
    public const int Count = 39;
    private const int FilesInEach = 38;

    /// <summary>The reference of the service.</summary>
    public const string Reference = """<ProjectReference Include="../libraries/P01/P01.csproj" />""";

    /// <summary>What the service calls to show what the deepest project says.</summary>
    public static string LeafCall => $"{Namespace(Count)}.Leaf.Text()";

    /// <summary>Relative to the service.</summary>
    public static IEnumerable<SourceFile> All(int leaf) =>
        [.. Enumerable.Range(1, Count).SelectMany(Project), Leaf(leaf)];

    /// <summary>The file of the deepest project that is edited.</summary>
    public static SourceFile Leaf(int number) => new($"{Directory(Count)}/Leaf.cs", $$"""
        namespace {{Namespace(Count)}};

        public static class Leaf
        {
            public static string Text() => "{{number}}";
        }

        """);

    private static IEnumerable<SourceFile> Project(int number) =>
    [
        new($"{Directory(number)}/{Name(number)}.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup>
            {string.Concat(((int[])[2 * number, (2 * number) + 1]).Where(n => n <= Count).Select(n => $"    <ProjectReference Include=\"../{Name(n)}/{Name(n)}.csproj\" />\n"))}  </ItemGroup>
            </Project>

            """),
        .. Bulk.Files(Namespace(number), FilesInEach).Select(f => f with { Path = $"{Directory(number)}/{f.Path}" }),
    ];

    private static string Namespace(int number) => $"Libraries.{Name(number)}";

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"P{number:00}");

    private static string Directory(int number) => $"../libraries/{Name(number)}";
}
