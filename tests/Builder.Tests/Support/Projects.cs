namespace WatchReload.Builder.Tests.Support;

/// <summary>Texts of project files.</summary>
internal static class Projects
{
    /// <summary>The sources' own WatchReload.Actors, by path.</summary>
    public static string Actors { get; } = Path.Combine(Repository(), "src", "Actors", "WatchReload.Actors.csproj");

    public static string Library(string properties = "", string items = "") => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            {properties}
          </PropertyGroup>
          <ItemGroup>
            {items}
          </ItemGroup>
        </Project>
        """;

    private static string Repository()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "WatchReload.sln")))
            at = at.Parent!;
        return at.FullName;
    }
}
