using WatchReload.Control;

namespace WatchReload.Builder.Evaluation;

/// <summary>The global properties of a build. The same go to restore, so that both mean the same projects and folders.</summary>
internal static class GlobalProperties
{
    private static readonly string Imports = Path.Combine(AppContext.BaseDirectory, "Imports");

    /// <summary>Folders of the builder's own imports: no inputs of the build.</summary>
    public static string ImportsDirectory => Imports;

    public static Dictionary<string, string> ForRestore(BuildRequest request)
    {
        var properties = new Dictionary<string, string>(ResponseFiles.Of(request.Project).Properties, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in request.Properties)
            properties[name] = value;
        properties["Configuration"] = request.Configuration;
        // Apart from what the IDE builds, and outside the project's folder.
        properties["UseArtifactsOutput"] = "true";
        properties["ArtifactsPath"] = request.ArtifactsPath;
        properties["CustomBeforeDirectoryBuildProps"] = Path.Combine(Imports, "Release.props");
        return properties;
    }

    /// <param name="request">What to build.</param>
    /// <param name="compilerServer">Name of the compiler server to use; null for none.</param>
    public static Dictionary<string, string> ForBuild(BuildRequest request, string? compilerServer)
    {
        var properties = ForRestore(request);
        properties["CustomAfterMicrosoftCommonTargets"] = Path.Combine(Imports, "Release.targets");
        properties["GeneratePackageOnBuild"] = "false"; // a release is not a package
        properties["ProvideCommandLineArgs"] = "true"; // what the compiler is called with
        if (compilerServer is not null)
            properties["SharedCompilationId"] = compilerServer;
        else
            properties["UseSharedCompilation"] = "false";
        return properties;
    }
}
