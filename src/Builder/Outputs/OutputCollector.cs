using Microsoft.Build.Execution;
using Microsoft.Build.Framework;
using WatchReload.Builder.Diagnostics;
using WatchReload.Control;

namespace WatchReload.Builder.Outputs;

/// <summary>Reads the items that the build gave back.</summary>
internal sealed class OutputCollector(SharedFrameworks frameworks)
{
    public IReadOnlyList<BuildOutput> Collect(ProjectInstance service, IReadOnlyList<ITaskItem> published, DiagnosticBag diagnostics)
    {
        var main = service.GetPropertyValue("TargetFileName");
        var items = published.Select(item => Read(item, main)).ToList();
        return OutputClassifier.Classify(items, item => IsShared(service, item, diagnostics));
    }

    /// <summary>The version of the WatchReload.Actors that the service was compiled against; null when it was not.</summary>
    public static string? ActorsVersion(IReadOnlyList<ITaskItem> references)
    {
        var actors = references.FirstOrDefault(item => item.GetMetadata("Filename") == OutputClassifier.ActorsAssembly);
        return actors is null ? null : ManagedAssembly.VersionOf(actors.GetMetadata("FullPath"))?.ToString(3);
    }

    private static PublishItem Read(ITaskItem item, string main)
    {
        var path = item.GetMetadata("RelativePath").Replace('\\', '/');
        var package = item.GetMetadata("NuGetPackageId");
        var isHot = path == main || item.GetMetadata("ReferenceSourceTarget") == "ProjectReference" && path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);
        return new PublishItem(item.GetMetadata("FullPath"), path, package.Length == 0 ? null : package, isHot);
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
