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

    /// <summary>Relative to the service.</summary>
    /// <param name="leaf">What is in the deepest of them.</param>
    public static IEnumerable<SourceFile> All(LeafText leaf) =>
        [.. Enumerable.Range(1, Count - 1).Select(number => Project(number)), leaf.Project, leaf.Source, .. Enumerable.Range(1, Count).SelectMany(Sources)];

    /// <param name="number">Which.</param>
    /// <param name="items">That it has beside its references.</param>
    public static SourceFile Project(int number, string items = "") =>
        new($"{Directory(number)}/{Name(number)}.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup>
            {string.Concat(((int[])[2 * number, (2 * number) + 1]).Where(n => n <= Count).Select(n => $"    <ProjectReference Include=\"../{Name(n)}/{Name(n)}.csproj\" />\n"))}    {items}
              </ItemGroup>
            </Project>

            """);

    private static IEnumerable<SourceFile> Sources(int number) => Bulk.Files(Namespace(number), FilesInEach).Select(f => f with { Path = $"{Directory(number)}/{f.Path}" });

    public static string Namespace(int number) => $"Libraries.{Name(number)}";

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"P{number:00}");

    public static string Directory(int number) => $"../libraries/{Name(number)}";
}
