using WatchReload.Control;

namespace WatchReload.Hosting.Loading;

/// <summary>
/// Walks references by metadata before anything is loaded, so that what is missing is told now and all at once, and not by the first
/// turn that comes across it. A package may lack what it references: many name what they can do without.
/// </summary>
internal sealed class ReferenceCheck(ReleaseManifest manifest, HotImages hot, PackageContext? packages, DefaultAssemblies defaults, Problems problems)
{
    private static readonly string ActorsName = ServiceTypes.Interface.Assembly;
    private readonly HashSet<string> _walkedPackages = new(StringComparer.OrdinalIgnoreCase);
    private bool _runtimeIsOlder;

    /// <summary>What the release should have. If it is damaged, that is told already, and that it is missing would be no news.</summary>
    private readonly HashSet<string> _listed = manifest.Files.Concat(manifest.Packages?.Files ?? [])
        .Select(file => Path.GetFileNameWithoutExtension(file.Path)).ToHashSet(StringComparer.OrdinalIgnoreCase);

    public void Run()
    {
        CheckManifest();
        foreach (var image in hot.All)
        {
            if (defaults.Has(image.Name))
            {
                problems.Add(
                    $"The release has an assembly of the name {image.Name}, which the node gives to all versions.",
                    "Rename the project's assembly; this one cannot be replaced by a reload.");
            }

            Check(image.Image, isPackage: false);
        }
    }

    private void CheckManifest()
    {
        if (Parse(manifest.Runtime) is { } runtime && runtime > Environment.Version)
        {
            _runtimeIsOlder = true;
            problems.Add($"The release needs .NET {manifest.Runtime}; this node runs on {Environment.Version}.", $"Restart the node with .NET {manifest.Runtime} or later.");
        }

        if (Parse(manifest.ActorsVersion) is { } actors)
        {
            CheckActors(manifest.EntryAssembly, actors);
        }
    }

    private void Check(AssemblyImage image, bool isPackage)
    {
        var newer = new List<string>();
        foreach (var reference in image.References)
        {
            if (hot.Find(reference.Name) is not null && !isPackage)
            {
                continue;
            }

            if (reference.Name == ActorsName)
            {
                CheckActors(image, reference.Version);
            }
            else if (defaults.VersionOf(reference.Name) is { } available)
            {
                if (reference.Version > available)
                {
                    newer.Add($"{reference.Name} {reference.Version} (here: {available})");
                }
            }
            else if (packages?.Files.Find(reference.Name) is { } package)
            {
                CheckPackage(image, reference, package.Image);
            }
            else if (!isPackage && !_listed.Contains(reference.Name))
            {
                problems.Add(
                    $"{image.Name} references {reference.Name} {reference.Version}, which is neither in the release nor in its packages nor in the frameworks of this node.",
                    $"Reference the package or project of {reference.Name} so that publish copies it (no PrivateAssets=\"all\", no ExcludeAssets=\"runtime\"); if a framework has it, restart the node with that framework.");
            }
        }

        if (newer.Count > 0 && !_runtimeIsOlder)
        {
            problems.Add(
                $"{image.Name} is built against newer frameworks than this node's: {string.Join(", ", newer)}.",
                "Restart the node with the .NET that the service is built for, or reference versions that this one has.");
        }
    }

    private void CheckPackage(AssemblyImage from, AssemblyReferenceName reference, AssemblyImage package)
    {
        if (reference.Version > package.Version)
        {
            problems.Add(
                $"{from.Name} is built against {reference.Name} {reference.Version}; the release's packages have {package.Version}.",
                $"Reference {reference.Name} {reference.Version} or later in the service project, so that all its projects agree on it.");
        }

        if (_walkedPackages.Add(package.Name))
        {
            Check(package, isPackage: true);
        }
    }

    private void CheckActors(AssemblyImage from, Version wanted)
    {
        if (!CheckActors(from.Name, wanted) || from.MissingOfActors.Count == 0)
        {
            return;
        }

        problems.Add(
            $"{from.Name} is built against another build of {ActorsName} {Short(wanted)}: it uses {string.Join(", ", from.MissingOfActors)}, which this node's does not have.",
            "Restart the node with the WatchReload that the service is built against, or build the service against the node's.");
    }

    /// <summary>Whether the node's is new enough by its number.</summary>
    private bool CheckActors(string from, Version wanted)
    {
        var own = typeof(Actors.IService).Assembly.GetName().Version!;
        if (Normalize(wanted) > Normalize(own))
        {
            problems.Add(
                $"{from} is built against {ActorsName} {Short(wanted)}; this node has {Short(own)}.",
                $"Restart the node with WatchReload {Short(wanted)} or later, or build the service against {Short(own)}.");
            return false;
        }

        return true;
    }

    /// <summary>The numbers of <c>10.0</c>, <c>10.0.2</c> or <c>0.2.0-preview.1+build</c>.</summary>
    private static Version? Parse(string? text) =>
        Version.TryParse((text ?? "").Split('-', '+')[0], out var version) ? version : null;

    private static Version Normalize(Version version) => new(version.Major, version.Minor, Math.Max(version.Build, 0), Math.Max(version.Revision, 0));

    private static string Short(Version version) => Normalize(version).ToString(3);
}
