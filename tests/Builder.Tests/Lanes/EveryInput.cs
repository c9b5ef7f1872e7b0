using System.Security.Cryptography;
using WatchReload.Builder.Tests.Support;

namespace WatchReload.Builder.Tests.Lanes;

/// <summary>A program and libraries that have one input of each kind. All of it can be replayed, so that a lane that is chosen wrongly shows.</summary>
internal static class EveryInput
{
    public const string App = "App/App.csproj";

    public static void Write(Tree tree)
    {
        tree
            .Write("global.json", "{}")
            .Write("nuget.config", "<configuration>\n</configuration>")
            .Write(".editorconfig", "root = true\n[*.cs]\ndotnet_diagnostic.CS0219.severity = none\n")
            .Write(".globalconfig", "is_global = true\ndotnet_diagnostic.CS0168.severity = none\n")
            .Write("Directory.Build.props", "<Project><PropertyGroup><RunAnalyzers>false</RunAnalyzers><Company>One</Company><ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally></PropertyGroup></Project>")
            .Write("Directory.Build.targets", "<Project><PropertyGroup><Product Condition=\"'$(MSBuildProjectName)' == 'Base'\">One</Product></PropertyGroup></Project>")
            .Write("Directory.Packages.props", "<Project><ItemGroup><PackageVersion Include=\"Serilog\" Version=\"2.10.0\" /></ItemGroup></Project>")
            .Write("Base/Base.csproj", Projects.Library(items: "<Reference Include=\"Outer\"><HintPath>../libraries/Outer.dll</HintPath></Reference>"))
            .Write("Base/Base.cs", "namespace Base; public class Values : Outer.IValue { public const int Number = 1; public int Outer => global::Outer.IValue.Number; }")
            .Write("User/User.csproj", Projects.Library(items: "<ProjectReference Include=\"../Base/Base.csproj\" /><PackageReference Include=\"Serilog\" /><AssemblyMetadata Include=\"Kind\" Value=\"one\" />"))
            .Write("User/User.cs", "namespace User; public class User { public int Number => Base.Values.Number; public Serilog.ILogger? Log; }")
            .Write("Texts/Texts.csproj", Projects.Library(items: "<EmbeddedResource Include=\"plain.txt;Lines.restext\" />"))
            .Write("Texts/Texts.cs", "namespace Texts; public class Texts { }")
            .Write("Texts/plain.txt", "one")
            .Write("Texts/Lines.restext", "Line=one\n")
            .Write("Texts/Texts.resx", Resx("<data name=\"Greeting\" xml:space=\"preserve\"><value>one</value></data>"))
            .Write("Texts/Linked.resx", Resx("<data name=\"File\" type=\"System.Resources.ResXFileRef, System.Windows.Forms\"><value>parts\\linked.txt;System.String, mscorlib, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089;utf-8</value></data>"))
            .Write("Texts/parts/linked.txt", "one")
            .Write("Signed/Signed.csproj", Projects.Library("<SignAssembly>true</SignAssembly><AssemblyOriginatorKeyFile>../keys/key.snk</AssemblyOriginatorKeyFile>"))
            .Write("Signed/Signed.cs", "namespace Signed; public class Signed { public void One() { var assigned = 1; } public void Two() { int declared; } }")
            .Write("Keyed/Keyed.csproj", Projects.Library("<SourceLink>$(MSBuildThisFileDirectory)../links.json</SourceLink>"))
            .Write("links.json", "{ \"documents\": { \"*\": \"https://example.org/one/*\" } }")
            .Write("Keyed/Keyed.cs", "[assembly: System.Reflection.AssemblyKeyFile(\"../keys/attribute.snk\")]\nnamespace Keyed; public class Keyed { }")
            .Write("Pages/Pages.csproj", Projects.Library(items: $"<FrameworkReference Include=\"Microsoft.AspNetCore.App\" /><AssemblyMetadata Include=\"Outside\" Value=\"$(Outside)\" />").Replace("<PropertyGroup>", $"<Import Project=\"{OutsideOf(tree)}\" /><PropertyGroup>", StringComparison.Ordinal).Replace("Microsoft.NET.Sdk", "Microsoft.NET.Sdk.Razor", StringComparison.Ordinal))
            .Write("Pages/Page.razor", "<p>one</p>")
            .Write(App, """
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <OutputType>Exe</OutputType>
                    <TargetFramework>net10.0</TargetFramework>
                    <ApplicationManifest>app.manifest</ApplicationManifest>
                    <ApplicationIcon>app.ico</ApplicationIcon>
                  </PropertyGroup>
                  <ItemGroup>
                    <ProjectReference Include="../User/User.csproj;../Texts/Texts.csproj;../Signed/Signed.csproj;../Pages/Pages.csproj;../Keyed/Keyed.csproj" />
                    <Content Include="appsettings.json" CopyToOutputDirectory="PreserveNewest" />
                    <None Update="names.txt" CopyToOutputDirectory="PreserveNewest" />
                  </ItemGroup>
                </Project>
                """)
            .Write("App/Program.cs", "System.Console.WriteLine(1);")
            .Write("App/appsettings.json", "{ \"one\": 1 }")
            .Write("App/names.txt", "one")
            .Write("App/App.config", "<configuration><!-- one --></configuration>")
            .Write("App/app.manifest", "<assembly xmlns=\"urn:schemas-microsoft-com:asm.v1\" manifestVersion=\"1.0\"><!-- one --></assembly>");
        Outside(tree, "one");
        Key(tree);
        Key(tree, "keys/attribute.snk");
        Icon(tree, 1);
        Outer(tree, 1);
        Beside(tree, 1);
    }

    public static void Key(Tree tree) => Key(tree, "keys/key.snk");

    public static void Key(Tree tree, string file)
    {
        using var key = new RSACryptoServiceProvider(2048);
        Directory.CreateDirectory(tree["keys"]);
        File.WriteAllBytes(tree[file], key.ExportCspBlob(includePrivateParameters: true));
    }

    /// <summary>Of one image, which is nothing but its first byte.</summary>
    public static void Icon(Tree tree, byte first) => File.WriteAllBytes(tree["App/app.ico"],
        [0, 0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 0, 32, 0, 4, 0, 0, 0, 22, 0, 0, 0, first, 0, 0, 0]);

    /// <summary>An assembly that is referenced.</summary>
    public static void Outer(Tree tree, int number) => LooseAssembly.Write(tree["libraries/Outer.dll"], number, LooseAssembly.Write(Path.Combine(tree.State, "libraries/Beside.dll"), 0));

    /// <summary>One that only comes with it.</summary>
    public static void Beside(Tree tree, int number) => LooseAssembly.Write(tree["libraries/Beside.dll"], number);

    /// <summary>A file of MSBuild's that is not in the tree.</summary>
    public static void Outside(Tree tree, string value) => File.WriteAllText(OutsideOf(tree), $"<Project><PropertyGroup><Outside>{value}</Outside></PropertyGroup></Project>");

    private static string OutsideOf(Tree tree) => Path.Combine(tree.State, "outside.props");

    public static void Replace(Tree tree, string file, string was, string becomes)
    {
        var text = File.ReadAllText(tree[file]);
        Assert.Contains(was, text, StringComparison.Ordinal);
        tree.Write(file, text.Replace(was, becomes, StringComparison.Ordinal));
    }

    public static string Resx(string data) => $"""
        <root>
          <resheader name="resmimetype"><value>text/microsoft-resx</value></resheader>
          <resheader name="version"><value>2.0</value></resheader>
          <resheader name="reader"><value>System.Resources.ResXResourceReader, System.Windows.Forms</value></resheader>
          <resheader name="writer"><value>System.Resources.ResXResourceWriter, System.Windows.Forms</value></resheader>
          {data}
        </root>
        """;
}
