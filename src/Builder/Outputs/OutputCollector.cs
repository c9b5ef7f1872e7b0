using Microsoft.Build.Execution;
using Microsoft.Build.Framework;
using WatchReload.Builder.Diagnostics;
using WatchReload.Builder.Evaluation;
using WatchReload.Control;

namespace WatchReload.Builder.Outputs;

/// <summary>Reads the items that the build gave back.</summary>
internal sealed class OutputCollector(SharedFrameworks frameworks)
{
    public IReadOnlyList<BuildOutput> Collect(EvaluatedTree tree, IReadOnlyList<ITaskItem> published, DiagnosticBag diagnostics)
    {
        var assemblies = tree.Graph.ProjectNodes.Select(node => node.ProjectInstance.GetPropertyValue("TargetFileName")).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var items = published.Select(item => Read(item, assemblies, tree.Service.Directory)).ToList();
        return OutputClassifier.Classify(items, item => IsShared(tree.Service, item, diagnostics));
    }

    /// <summary>The version of the WatchReload.Actors that the service was compiled against; null when it was not.</summary>
    public static string? ActorsVersion(IReadOnlyList<ITaskItem> references)
    {
        var actors = references.FirstOrDefault(item => item.GetMetadata("Filename") == OutputClassifier.ActorsAssembly);
        return actors is null ? null : ManagedAssembly.VersionOf(actors.GetMetadata("FullPath"))?.ToString(3);
    }

    /// <summary>Which assemblies are the projects' is for the projects to say: of an indirect reference the item does not tell. Paths may be relative to the project, as that of App.config is.</summary>
    private static PublishItem Read(ITaskItem item, HashSet<string> assemblies, string directory)
    {
        var path = item.GetMetadata("RelativePath").Replace('\\', '/');
        var package = item.GetMetadata("NuGetPackageId");
        var isHot = assemblies.Contains(path);
        return new PublishItem(Path.GetFullPath(item.ItemSpec, directory), path, isHot || package.Length == 0 ? null : package, isHot);
    }

    /// <summary>The node's own one is used then; an error when that is older than what the service needs.</summary>
    private bool IsShared(ProjectInstance service, PublishItem item, DiagnosticBag diagnostics)
    {
        var name = Path.GetFileNameWithoutExtension(item.Path);
        if (frameworks.VersionOf(name) is not { } has || ManagedAssembly.VersionOf(item.Source) is not { } wanted)
            return false;
        if (wanted > has)
            diagnostics.Add(Problems.NewerThanFramework(service.FullPath, name, wanted, has, item.PackageId));
        return true;
    }
}
