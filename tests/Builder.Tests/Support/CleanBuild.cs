using System.Diagnostics;
using WatchReload.Builder.Evaluation;
using WatchReload.Control;

namespace WatchReload.Builder.Tests.Support;

/// <summary>
/// What <c>dotnet build</c> makes of a tree that nothing has been made of before, with the properties of a request. What the builder has made lies aside meanwhile, so
/// that both are made in the same place: paths are written into symbols, and so into assemblies.
/// </summary>
internal sealed record CleanBuild(int ExitCode, string Output, IReadOnlyDictionary<string, byte[]> Files)
{
    private static readonly string[] OfAnotherCommand = ["MSBUILD_EXE_PATH", "MSBuildSDKsPath", "MSBuildExtensionsPath", "DOTNET_HOST_PATH", "MSBuildLoadMicrosoftTargetsReadOnly"];

    /// <summary>Of the SDK itself, in a process of its own, as where nobody has turned it off; a compiler that starts cold for each project takes half of a test's time.</summary>
    private static readonly Lazy<CleanServer> Server = new(() => new CleanServer());

    /// <param name="request">Whose properties it has.</param>
    /// <param name="isAlone">Each compilation in a process of its own: a server takes a generator of the tree for one that it knows from another tree, which is gone.</param>
    public static async Task<CleanBuild> Run(BuildRequest request, bool isAlone = false)
    {
        var aside = request.ArtifactsPath + ".aside";
        Directory.Move(request.ArtifactsPath, aside);
        try
        {
            var start = new ProcessStartInfo("dotnet", ["build", request.Project, "-nologo", "-tl:off", "-v:minimal", "-clp:NoSummary", "-nodeReuse:false"])
            {
                WorkingDirectory = Path.GetDirectoryName(request.Project),
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            foreach (var (name, value) in GlobalProperties.ForBuild(request, isAlone ? null : Server.Value.Running()))
                start.ArgumentList.Add($"-p:{name}={value}");
            if (!isAlone)
                start.ArgumentList.Add("-p:UseSharedCompilation=true");
            start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
            foreach (var name in OfAnotherCommand)
                start.Environment.Remove(name);
            using var process = Process.Start(start)!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return new CleanBuild(process.ExitCode, await output + await error, Read(Path.Combine(request.ArtifactsPath, "bin", Path.GetFileNameWithoutExtension(request.Project), request.Configuration.ToLowerInvariant())));
        }
        finally
        {
            if (Directory.Exists(request.ArtifactsPath))
                Directory.Delete(request.ArtifactsPath, recursive: true);
            Directory.Move(aside, request.ArtifactsPath);
        }
    }

    /// <summary>By path below the output directory.</summary>
    private static Dictionary<string, byte[]> Read(string directory) => !Directory.Exists(directory) ? [] : Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetRelativePath(directory, path).Replace('\\', '/'), File.ReadAllBytes);
}
