namespace WatchReload.Bench.Services;

/// <summary>What a generated checkout has beside its sources.</summary>
internal static class ServiceProject
{
    /// <summary>As <c>watchreload init</c> would write it.</summary>
    public const string Configuration = """{ "project": "service/Service.csproj" }""";

    /// <summary>With it <c>watch</c> differs from production in nothing but that its versions are loaded for good: the build, the node's pool, whose threads <c>watch</c> else sends to sleep at once (70 rounds, the runtime's own on x64, which reads the number as a hexadecimal one), and how its methods are compiled are the same.</summary>
    public const string ProductionConfiguration =
        """{ "project": "service/Service.csproj", "configuration": "Release", "nodes": [ { "name": "main", "environment": { "DOTNET_ThreadPool_UnfairSemaphoreSpinLimit": "46", "DOTNET_TC_QuickJit": "1" } } ] }""";

    /// <summary>Files that keep MSBuild from looking further up.</summary>
    public static IReadOnlyList<(string Name, string Text)> NothingInherited { get; } =
        [("Directory.Build.props", "<Project />"), ("Directory.Build.targets", "<Project />"), ("Directory.Packages.props", "<Project />")];

    public static string ActorsReference => $"""<Reference Include="{Repository.Actors}" />""";

    public static string Text(string properties, string references, string items) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            {properties}
          </PropertyGroup>
          <ItemGroup>
            <FrameworkReference Include="Microsoft.AspNetCore.App" />
            {references}
            {items}
          </ItemGroup>
        </Project>

        """;
}
