using System.IO.Enumeration;

namespace WatchReload.Control;

/// <summary>Which assemblies of a build belong to packages that are loaded with each version.</summary>
public static class VersionAssemblies
{
    /// <summary>Their simple names, each once.</summary>
    /// <param name="outputs">Of the build.</param>
    /// <param name="packages">Ids of such packages; <c>*</c> is any text.</param>
    public static IEnumerable<string> Of(IEnumerable<BuildOutput> outputs, IReadOnlyList<string> packages) => Assemblies(outputs)
        .Where(output => output.PackageId is { } id && packages.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, id)))
        .Select(output => Path.GetFileNameWithoutExtension(output.Path));

    /// <summary>What packages bring of code, without texts in other languages.</summary>
    public static IEnumerable<BuildOutput> Assemblies(IEnumerable<BuildOutput> outputs) => outputs.Where(output => output.Kind == ReleaseFileKind.Package
        && Path.GetExtension(output.Path).Equals(".dll", StringComparison.OrdinalIgnoreCase) && !output.Path.Contains('/', StringComparison.Ordinal));
}
