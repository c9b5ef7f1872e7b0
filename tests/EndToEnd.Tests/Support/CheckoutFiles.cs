namespace WatchReload.EndToEnd.Tests.Support;

/// <summary>Texts of the files that a checkout has beside the service's sources.</summary>
internal static class CheckoutFiles
{
    public const string Empty = "<Project />";

    public const string Configuration = """
        {
          "project": "src/Service/Service.csproj",
        }
        """;

    public const string BuildProperties = """
        <Project>
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
          </PropertyGroup>
        </Project>
        """;

    /// <param name="actors">Path of WatchReload.Actors.dll.</param>
    public static string Project(string actors) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <AssemblyName>WatchReload.Service</AssemblyName>
          </PropertyGroup>
          <ItemGroup>
            <FrameworkReference Include="Microsoft.AspNetCore.App" />
            <Reference Include="{actors}" />
          </ItemGroup>
        </Project>
        """;

    public static string ServiceVersion(string text) => $$"""
        namespace WatchReload.Service;

        public static class ServiceVersion
        {
            public const string Text = "{{text}}";
        }
        """;
}
