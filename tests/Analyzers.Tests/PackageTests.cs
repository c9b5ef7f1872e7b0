using System.Diagnostics;
using System.IO.Compression;

namespace WatchReload.Analyzers.Tests;

public sealed class PackageTests
{
    [Fact(Timeout = 120_000)]
    public async Task Package_of_Actors_has_the_analyzers_and_what_they_link_to()
    {
        var files = await Packed("Actors");
        Assert.Contains("analyzers/dotnet/cs/WatchReload.Analyzers.dll", files);
        Assert.Contains("docs/analyzers.md", files);
        Assert.Equal(2, files.Count(file => file.EndsWith(".dll", StringComparison.Ordinal)));
    }

    [Fact(Timeout = 120_000)]
    public async Task Package_of_Hosting_has_the_settings_of_processes_that_use_it() =>
        Assert.Contains("buildTransitive/WatchReload.Hosting.targets", await Packed("Hosting")); // the file's name is the package's, else it is not imported

    private static async Task<IReadOnlyList<string>> Packed(string project)
    {
        var directory = Directory.CreateTempSubdirectory("watchreload-pack-");
        try
        {
            var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
            foreach (var argument in (string[])["pack", Path.Combine(Repository.Root, "src", project), "--no-build", "--configuration", Repository.Configuration, "--output", directory.FullName, "-nodeReuse:false"])
                start.ArgumentList.Add(argument);
            using var pack = Process.Start(start)!;
            var output = await pack.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await pack.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(pack.ExitCode == 0, output);

            using var package = ZipFile.OpenRead(Assert.Single(directory.EnumerateFiles($"WatchReload.{project}.*.nupkg")).FullName);
            return [.. package.Entries.Select(entry => entry.FullName)];
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
