using System.Diagnostics;
using System.IO.Compression;

namespace WatchReload.Analyzers.Tests;

public sealed class PackageTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("watchreload-pack-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact(Timeout = 120_000)]
    public async Task Package_of_Actors_has_the_analyzers_and_what_they_link_to()
    {
        var files = Files(await Pack("Actors"));
        Assert.Contains("analyzers/dotnet/cs/WatchReload.Analyzers.dll", files);
        Assert.Contains("docs/analyzers.md", files);
        Assert.Equal(2, files.Count(file => file.EndsWith(".dll", StringComparison.Ordinal)));
    }

    [Fact(Timeout = 120_000)]
    public async Task Package_of_Hosting_has_the_settings_of_processes_that_use_it() =>
        Assert.Contains("buildTransitive/WatchReload.Hosting.targets", Files(await Pack("Hosting"))); // the file's name is the package's, else it is not imported

    [Fact(Timeout = 240_000)]
    public async Task A_project_that_references_the_package_of_Actors_is_warned_in_its_build()
    {
        var package = await Pack("Actors");
        var version = Path.GetFileNameWithoutExtension(package.Name)["WatchReload.Actors.".Length..];
        var project = Path.Combine(_directory.FullName, "Chat.csproj");
        await File.WriteAllTextAsync(project, $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <RestoreSources>{_directory.FullName}</RestoreSources>
                <RestorePackagesPath>{Path.Combine(_directory.FullName, "packages")}</RestorePackagesPath>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="WatchReload.Actors" Version="{version}" />
              </ItemGroup>
            </Project>
            """, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_directory.FullName, "Chat.cs"), """
            public sealed record State(WatchReload.Actors.ActorId Who);

            public static class Counters
            {
                public static int Messages;
            }
            """, TestContext.Current.CancellationToken);

        var output = await Dotnet("build", project, "-nodeReuse:false", "-p:UseSharedCompilation=false");

        Assert.Contains("Chat.cs(5,23): warning WR0001: ", output, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Files(FileInfo package)
    {
        using var content = ZipFile.OpenRead(package.FullName);
        return [.. content.Entries.Select(entry => entry.FullName)];
    }

    private async Task<FileInfo> Pack(string project)
    {
        await Dotnet("pack", Path.Combine(Repository.Root, "src", project), "--no-build", "--configuration", Repository.Configuration, "--output", _directory.FullName, "-nodeReuse:false");
        return Assert.Single(_directory.EnumerateFiles($"WatchReload.{project}.*.nupkg"));
    }

    private static async Task<string> Dotnet(params string[] arguments)
    {
        using var dotnet = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        var output = await dotnet.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await dotnet.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(dotnet.ExitCode == 0, output);
        return output;
    }
}
