using System.Xml;
using System.Xml.Linq;

namespace WatchReload.Daemon.Configuration;

/// <summary>
/// Finds the projects that may be the service: those that reference WatchReload.Actors and that no other of them references. Read as
/// XML, not evaluated: a guess that the user sees and can correct.
/// </summary>
internal static class ServiceProjects
{
    private const string Actors = "WatchReload.Actors";
    private const int Deepest = 8;
    private static readonly string[] _skipped = ["bin", "obj", "node_modules", "artifacts"];

    /// <param name="ReferencesActors">Whether the candidates do; if none does, all projects but tests are candidates.</param>
    public sealed record Found(IReadOnlyList<string> Candidates, bool ReferencesActors);

    /// <summary>Absolute paths, in order.</summary>
    public static Found In(string directory)
    {
        Project[] projects = [.. ProjectFiles(directory, Deepest).Order(StringComparer.Ordinal).Select(Read).OfType<Project>().Where(project => !project.IsTest)];
        Project[] services = [.. projects.Where(project => project.ReferencesActors)];
        var referenced = services.SelectMany(project => project.References).ToHashSet();
        return services.Length > 0
            ? new Found([.. services.Where(project => !referenced.Contains(project.Path)).Select(project => project.Path)], true)
            : new Found([.. projects.Select(project => project.Path)], false);
    }

    private sealed record Project(string Path, IReadOnlyList<string> References, bool ReferencesActors, bool IsTest);

    private static Project? Read(string path)
    {
        XDocument document;
        try
        {
            document = XDocument.Load(path);
        }
        catch (Exception e) when (e is XmlException or IOException or UnauthorizedAccessException)
        {
            return null; // not a project that could be built either
        }

        var packages = Includes(document, "PackageReference");
        var directory = System.IO.Path.GetDirectoryName(path)!;
        string[] references = [.. Includes(document, "ProjectReference").Select(include => System.IO.Path.GetFullPath(include.Replace('\\', '/'), directory))];
        return new Project(
            path,
            references,
            packages.Contains(Actors, StringComparer.OrdinalIgnoreCase) || references.Any(reference => System.IO.Path.GetFileNameWithoutExtension(reference) == Actors),
            path.EndsWith(".Tests.csproj", StringComparison.OrdinalIgnoreCase) || packages.Contains("Microsoft.NET.Test.Sdk", StringComparer.OrdinalIgnoreCase));
    }

    private static string[] Includes(XDocument document, string item) =>
        [.. document.Descendants().Where(element => element.Name.LocalName == item).Select(element => element.Attribute("Include")?.Value).OfType<string>()];

    private static IEnumerable<string> ProjectFiles(string directory, int depth)
    {
        var here = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (var file in Directory.EnumerateFiles(directory, "*.csproj", here))
            yield return file;
        if (depth == 0)
            yield break;
        foreach (var child in Directory.EnumerateDirectories(directory, "*", here))
        {
            var name = System.IO.Path.GetFileName(child);
            if (name.StartsWith('.') || _skipped.Contains(name, StringComparer.OrdinalIgnoreCase))
                continue;
            foreach (var file in ProjectFiles(child, depth - 1))
                yield return file;
        }
    }
}
